package main_test

import (
	"bytes"
	"flag"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// publicURL is where the hosts of the cases are said to be.
const publicURL = "https://models.example.com/team"

// The case files say what the product does, one behaviour a file. The same files run against every host.
const caseFolder = "../connector/testdata/cases"

var update = flag.Bool("update", false, "rewrite the reply and endpoint-request sections of the case files from what happened; with -run ConformanceStandalone")

func TestConformanceStandalone(t *testing.T) {
	binary := buildHandler(t)
	for name, folder := range map[string]string{
		"callers": caseFolder,
		"open":    filepath.Join(caseFolder, "open"), // connections without callers, which no other host has
	} {
		t.Run(name, func(t *testing.T) {
			endpoint := newEndpointDouble(t)
			connections := readConnections(t, folder, endpoint)
			host := startHandler(t, binary, connections.text)
			suite{folder, endpoint, connections.secrets, host.do}.run(t)
			host.stop(t)
			host.keepsQuiet(t, slices.Concat(connections.secrets, []string{"Peru", "Lima"}))
		})
	}
	checkDefinedWaivers(t)
}

// A suite is the case files of a folder and the host they run against. do sends a request whose URL is a
// path and a query: where the host is, and what stands in front of it, only do knows.
type suite struct {
	folder   string
	endpoint *endpointDouble
	secrets  []string
	do       func(*http.Request) (*http.Response, error)
}

func (s suite) run(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(s.folder, "*.txtar"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d case files in %s (%v)", len(paths), s.folder, err)
	}
	for _, path := range paths {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { s.runCase(t, path) })
	}
}

func (s suite) runCase(t *testing.T, path string) {
	c := readCase(t, path, s.endpoint)
	for _, e := range c.exchanges {
		s.endpoint.play(e.endpointReply.message)
		reply := s.send(t, e.request.message)
		if secret := leaked(reply.String(), s.secrets); secret != "" {
			t.Errorf("the reply to %s holds the secret %s", e.request.name, secret)
		}
		checkDefined(t, e.side(), e.request.message, reply)
		checkError(t, e.request.name, reply, e.endpointReply.message)
		arrived := s.endpoint.arrived(t)
		if len(arrived) > 1 {
			t.Errorf("the endpoint was called %d times for %s", len(arrived), e.request.name)
		}
		e.endpointRequest.settle(t, first(arrived), e.request.message)
		e.reply.settle(t, reply, nil)
	}
	if *update {
		c.write(t, path)
	}
}

// send makes one call and reads the whole answer.
func (s suite) send(t *testing.T, m *message) *message {
	t.Helper()
	method, target, _ := strings.Cut(m.line, " ")
	address, err := url.ParseRequestURI(target)
	if err != nil {
		t.Fatal(err)
	}
	var body io.Reader
	if text := m.body(); len(text) > 0 {
		body = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, "/", body)
	if err != nil {
		t.Fatal(err)
	}
	r.URL, r.Header, r.Host = address, m.header.Clone(), m.header.Get("Host")
	reply, err := s.do(r)
	if err != nil {
		t.Fatalf("%s: %v", m.line, err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatalf("%s: the answer was cut after %q: %v", m.line, text, err)
	}
	for _, name := range []string{"Date", "Content-Length"} { // each host's own affair
		reply.Header.Del(name)
	}
	return newMessage(strconv.Itoa(reply.StatusCode), reply.Header, text)
}

// patience bounds every wait of these tests for something that comes at once, on a busy machine too.
const patience = 30 * time.Second

func first(list []*message) *message {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}
