package settings

import (
	"cmp"
	"errors"
	"io/fs"
	"net/url"
	"os"
	"slices"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/trigger"
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
	Host          Host
	Public        *url.URL // where callers reach the app; nil where nothing tells
	TrustPlatform bool     // whom the platform in front let in may use every connection
	Connections   []*connector.Connection
	Callers       *callers.List
	CallerNames   map[string][]string // by connection, for operators
	Endpoints     []Endpoint
	Brought       []Brought
	Triggers      map[string]trigger.Trigger // by source
	Sources       []Source                   // those of Triggers, in the order of the file
	Schedules     []*schedule.Schedule       // in the order of the file
	Receivers     []*endpoint.Receiver
	Redis         *throttle.RedisConfig // nil when every process keeps its own windows
	Source        string                // where the connections come from, for people

	withoutFile bool
	embedded    bool // the endpoint is the emulator of this process
}

// An Endpoint is one endpoint with the first place in the configuration that names it, for operators.
type Endpoint struct {
	Connection, Deployment string // Deployment is "" for the connection's own
	Authentication         string // its type
	*endpoint.Endpoint
}

// A Brought is a connection whose callers bring endpoint and key, for operators.
type Brought struct {
	Connection string
	AllowHosts []string
	*endpoint.Brought
}

// A Source is a function, queue or rule whose events may run something, for operators and their function apps.
type Source struct {
	Name               string
	Queue, ResultQueue string // which a function of that name reads and writes; "" for none
	trigger.Trigger
}

// Load reads and checks environment and connections file. emulator is called when nothing is configured:
// it starts the embedded endpoint and describes it. Every other error is a Problems.
func Load(host Host, actions []*schema.Action, emulator func() (Emulator, error)) (*Settings, error) {
	s := &Settings{Callers: &callers.List{}, CallerNames: map[string][]string{}, Host: host}
	var short shortForm
	all := readEnvironment(prefix, &s.Environment)
	all = append(all, readEnvironment(shortPrefix, &short)...)
	all = append(all, s.Environment.check()...)
	all = append(all, s.checkHost()...)
	f, known := s.readConnections(short, len(all) == 0, emulator)
	s.TrustPlatform = f.Auth.TrustPlatform
	b := newBuilder(s, actions, known)
	b.build(f)
	if all = slices.Concat(all, b.all(f)); len(all) > 0 {
		return nil, all.problems(s.wordPlace)
	}
	return s, nil
}

// CheckFile checks a connections file as Load would on a host, but for what only the environment there knows:
// whatever the file takes from settings is left open. path names it in complaints.
func CheckFile(host Host, path string, text []byte, actions []*schema.Action) Problems {
	s := &Settings{Callers: &callers.List{}, CallerNames: map[string][]string{}, Host: host}
	f, known := parseFile(path, text, func(string) (string, bool) { return "", false })
	s.TrustPlatform = f.Auth.TrustPlatform
	b := newBuilder(s, actions, known)
	b.away = true
	b.build(f)
	return b.all(f).certain().problems(place.String)
}

// An Emulator is where the embedded endpoint listens and what it serves.
type Emulator struct {
	URL         string
	Deployments []string
}

// readConnections finds the connections: a file, or what stands in for one. What is known to be wrong is
// left out of f.
func (s *Settings) readConnections(short shortForm, sound bool, emulator func() (Emulator, error)) (f file, known complaints) {
	path := cmp.Or(s.ConnectionsFile, usualFile)
	text, err := os.ReadFile(path)
	switch {
	case err == nil:
		s.Source = path
		return parseFile(path, text, os.LookupEnv)
	case s.ConnectionsFile != "":
		known.add(place{"CONNECTOR_CONNECTIONS_FILE"}, "cannot be read: %v", err)
		return f, known
	case !errors.Is(err, fs.ErrNotExist):
		known.add(place{usualFile}, "cannot be read: %v", err)
		return f, known
	}
	c := connection{}
	if !s.CallerKey.IsZero() {
		c.Callers = []caller{{Name: "default", Key: several[connector.Secret]{s.CallerKey}}}
	}
	if short.EndpointURL != "" {
		s.short(&c, short)
	} else {
		known = s.emulated(&c, short, sound, emulator)
	}
	s.withoutFile = true
	return file{Connections: map[string]connection{"default": c}, order: []string{"default"}}, known
}

// short makes c the connection of the short form.
func (s *Settings) short(c *connection, short shortForm) {
	s.Source = "AZUREAI_ENDPOINT_URL"
	c.Endpoint = short.EndpointURL
	if !short.EndpointKey.IsZero() {
		c.Authentication = &authentication{Type: "Key", Value: short.EndpointKey}
	}
}

// emulated makes c a connection to the emulator, which is started only when all else is sound.
func (s *Settings) emulated(c *connection, short shortForm, sound bool, start func() (Emulator, error)) (known complaints) {
	s.Source, s.embedded = "nothing configured: the embedded emulator", true
	e := Emulator{URL: "http://127.0.0.1"} // stands in for one that is not started
	switch {
	case !short.EndpointKey.IsZero():
		known.add(place{"AZUREAI_ENDPOINT_URL"}, "is missing, though AZUREAI_ENDPOINT_KEY is set")
	case s.Host != Standalone:
		known.add(place{"AZUREAI_ENDPOINT_URL"}, "is missing; name a model endpoint, or package a connections file")
	case sound:
		started, err := start()
		if err != nil {
			known.add(place{"the emulator"}, "did not start: %v", err)
		} else {
			e = started
		}
	}
	c.target = target{Endpoint: e.URL, Family: "serverless"}
	c.Deployments, c.order = map[string]deployment{}, e.Deployments
	for _, name := range e.Deployments {
		c.Deployments[name] = deployment{}
	}
	return known
}

// wordPlace names the variable of the short form where no file was read.
func (s *Settings) wordPlace(at place) string {
	if !s.withoutFile {
		return at.String()
	}
	switch at.String() {
	case "connections.default.endpoint":
		return "AZUREAI_ENDPOINT_URL"
	case "connections.default.authentication.value":
		return "AZUREAI_ENDPOINT_KEY"
	case "connections.default.callers", "connections.default.callers[0].key":
		return "CONNECTOR_CALLER_KEY"
	}
	return at.String()
}
