package settings

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/handler/callers"
	"inferenceconnector/schema"
)

// The limit of a connection that sets none (the managed connector's own).
const (
	defaultCalls  = 100
	defaultPeriod = 60 // seconds
)

// usualFile is the connections file that needs no naming.
const usualFile = "connections.json"

// Settings are all that was set, checked and ready to use.
type Settings struct {
	Environment
	Connections []*connector.Connection
	Keys        *callers.Keys
	Endpoints   []Endpoint
	Source      string // where the connections come from, for people
}

// An Endpoint is one endpoint with its place in the configuration, for operators.
type Endpoint struct {
	Connection, Deployment string // Deployment is "" for the connection's own
	*endpoint.Endpoint
}

// Problems are all complaints about the settings.
type Problems []string

// Error implements error, one complaint a line.
func (p Problems) Error() string { return strings.Join(p, "\n") }

// Load reads and checks environment and connections file. emulator is called when nothing is configured:
// it starts the embedded endpoint and describes it. Every other error is a Problems.
func Load(actions []*schema.Action, emulator func() (Emulator, error)) (*Settings, error) {
	s := &Settings{Keys: &callers.Keys{}}
	var short shortForm
	problems := readEnvironment(prefix, &s.Environment)
	problems = append(problems, readEnvironment(shortPrefix, &short)...)
	problems = append(problems, s.Environment.check()...)
	f, more := s.readConnections(short, len(problems) == 0, emulator)
	problems = append(problems, more...)
	b := &builder{settings: s, actions: actions}
	b.readRoots()
	for _, name := range f.order {
		b.connection(name, f.Connections[name])
	}
	b.checkOpen()
	if problems = append(problems, b.problems...); len(problems) > 0 {
		return nil, s.inTermsOf(problems)
	}
	return s, nil
}

// An Emulator is where the embedded endpoint listens and what it serves.
type Emulator struct {
	URL         string
	Deployments []string
}

// readConnections finds the connections: a file, the short form, or the emulator.
func (s *Settings) readConnections(short shortForm, sound bool, emulator func() (Emulator, error)) (f file, problems []string) {
	path := cmp.Or(s.ConnectionsFile, usualFile)
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		s.Source = path
		return parseFile(text)
	case s.ConnectionsFile != "" || !errors.Is(err, fs.ErrNotExist):
		return f, []string{fmt.Sprintf("the connections file cannot be read: %v", err)}
	}
	c := connection{}
	if !s.CallerKey.IsZero() {
		c.Callers = []caller{{Name: "default", Key: keys{s.CallerKey}}}
	}
	switch {
	case short.EndpointURL != "":
		s.Source = "AZUREAI_ENDPOINT_URL"
		c.Endpoint = short.EndpointURL
		if !short.EndpointKey.IsZero() {
			c.Authentication = &authentication{Type: "Key", Value: short.EndpointKey}
		}
	case !short.EndpointKey.IsZero():
		return f, []string{"AZUREAI_ENDPOINT_KEY is set, but AZUREAI_ENDPOINT_URL is not"}
	case sound:
		s.Source = "nothing configured: the embedded emulator"
		e, err := emulator()
		if err != nil {
			return f, []string{fmt.Sprintf("the emulator did not start: %v", err)}
		}
		c.target = target{Endpoint: e.URL, Family: "serverless"}
		c.Deployments, c.order = map[string]deployment{}, e.Deployments
		for _, name := range e.Deployments {
			c.Deployments[name] = deployment{}
		}
	}
	return file{Connections: map[string]connection{"default": c}, order: []string{"default"}}, nil
}

// inTermsOf names the variables of the short form where no file was read.
func (s *Settings) inTermsOf(problems []string) Problems {
	if s.Source == s.ConnectionsFile || s.Source == usualFile {
		return problems
	}
	names := strings.NewReplacer(
		"connections.default.endpoint", "AZUREAI_ENDPOINT_URL",
		"connections.default.authentication.value", "AZUREAI_ENDPOINT_KEY",
		"connections.default.callers: the key of default", "CONNECTOR_CALLER_KEY",
		"connections.default", "the connection",
	)
	for i := range problems {
		problems[i] = names.Replace(problems[i])
	}
	return problems
}
