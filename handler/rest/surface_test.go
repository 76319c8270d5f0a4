package rest_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/emulator"
	"inferenceconnector/handler/rest"
	"inferenceconnector/schema"
)

// patience is how long a test waits for what should be there at once.
const patience = 10 * time.Second

const (
	chat = "/chat/completions?api-version=2024-05-01-preview"
	info = "/info?api-version=2024-05-01-preview"
	hi   = `{"messages":[{"role":"user","content":"hi there"}]}`
)

// A surface is a rest.Handler behind a real listener.
type surface struct {
	*httptest.Server
	handler *rest.Handler
	lines   chan string // of the log
}

// A change adjusts what serve would do.
type change func(*rest.Config)

// serve serves connections with small limits.
func serve(t testing.TB, connections []*connector.Connection, changes ...change) *surface {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	s := &surface{lines: make(chan string, 1000)}
	config := rest.Config{
		Connector: connector.New(connections, throttle.NewMemory()), Actions: actions, Callers: &callers.List{},
		Log:      slog.New(slog.NewJSONHandler(s, nil)),
		MaxCalls: 100, MaxBodyBytes: 64 << 10, BodyTimeout: patience, WriteTimeout: patience,
	}
	for _, change := range changes {
		change(&config)
	}
	s.handler = rest.New(config)
	s.Server = httptest.NewUnstartedServer(s.handler)
	s.Config.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		_ = c.(*net.TCPConn).SetWriteBuffer(16 << 10) // so that a caller who does not read is felt soon
		return ctx
	}
	s.Start()
	t.Cleanup(s.CloseClientConnections)
	t.Cleanup(s.Close)
	return s
}

// Write takes one line of the log.
func (s *surface) Write(line []byte) (int, error) {
	s.lines <- string(line)
	return len(line), nil
}

// open is a connection that everyone on this machine may use.
func open(e connector.Endpoint) *connector.Connection {
	return &connector.Connection{Name: "default", Open: true, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: e, OneModel: true}
}

// to returns an Endpoint that forwards to model, over the network.
func to(t testing.TB, model http.Handler) connector.Endpoint {
	t.Helper()
	server := httptest.NewServer(model)
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	e, err := endpoint.New(endpoint.Config{URL: server.URL, Family: "serverless", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// serveModel serves one open connection to model.
func serveModel(t testing.TB, model http.Handler, changes ...change) *surface {
	t.Helper()
	return serve(t, []*connector.Connection{open(to(t, model))}, changes...)
}

// serveEmulator serves one open connection to the emulator.
func serveEmulator(t testing.TB, changes ...change) *surface {
	t.Helper()
	return serveModel(t, emulator.Handler(emulator.Config{EventDelay: -1}), changes...)
}

// untouched is a model that must not be called.
func untouched(t testing.TB) http.Handler {
	return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the endpoint was called") })
}

// logged returns the next line of the log.
func (s *surface) logged(t testing.TB) map[string]any {
	t.Helper()
	select {
	case line := <-s.lines:
		fields := map[string]any{}
		if err := json.Unmarshal([]byte(line), &fields); err != nil || strings.Count(line, "\n") != 1 {
			t.Fatalf("not one line of JSON: %q", line)
		}
		return fields
	case <-time.After(patience):
		t.Fatal("no line was logged")
		return nil
	}
}

// A reply is an answer, read to its end.
type reply struct {
	*http.Response
	body string
}

// code is what the error in the body is called.
func (r reply) code(t testing.TB) string {
	t.Helper()
	var body struct{ Error struct{ Code string } }
	if err := json.Unmarshal([]byte(r.body), &body); err != nil {
		t.Fatalf("%v in %q", err, r.body)
	}
	return body.Error.Code
}

// send sends a request with header lines of the form "Name: value".
func (s *surface) send(t testing.TB, method, target, body string, header ...string) reply {
	t.Helper()
	lines := append([]string{method + " " + target + " HTTP/1.1"}, header...)
	lines = append(lines, "Connection: close")
	if !strings.Contains(strings.Join(header, "\n"), "Host: ") {
		lines = append(lines, "Host: localhost")
	}
	if body != "" {
		lines = append(lines, "Content-Type: application/json", "Content-Length: "+strconv.Itoa(len(body)))
	}
	return s.dial(t).exchange(t, strings.Join(lines, "\r\n")+"\r\n\r\n"+body)
}

func (s *surface) post(t testing.TB, target, body string, header ...string) reply {
	t.Helper()
	return s.send(t, http.MethodPost, target, body, header...)
}

func (s *surface) get(t testing.TB, target string, header ...string) reply {
	t.Helper()
	return s.send(t, http.MethodGet, target, "", header...)
}

// A wire is a connection on which a test writes every byte itself.
type wire struct {
	*net.TCPConn
	in *bufio.Reader
}

func (s *surface) dial(t testing.TB) wire {
	t.Helper()
	connection, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { connection.Close() })
	if err := connection.SetDeadline(time.Now().Add(2 * patience)); err != nil {
		t.Fatal(err)
	}
	return wire{connection.(*net.TCPConn), bufio.NewReader(connection)}
}

func (w wire) write(t testing.TB, text string) {
	t.Helper()
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
}

// read reads one answer.
func (w wire) read(t testing.TB, method string) reply {
	t.Helper()
	response, err := http.ReadResponse(w.in, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%v after %q", err, body)
	}
	return reply{response, string(body)}
}

func (w wire) exchange(t testing.TB, text string) reply {
	t.Helper()
	w.write(t, text)
	method, _, _ := strings.Cut(text, " ")
	return w.read(t, method)
}

// ended reports that the server closed the connection and said nothing more.
func (w wire) ended(t testing.TB) {
	t.Helper()
	if rest, err := io.ReadAll(w.in); len(rest) > 0 || isTimeout(err) {
		t.Errorf("the connection goes on: %q, %v", rest, err)
	}
}

func isTimeout(err error) bool {
	timeout, ok := err.(net.Error)
	return ok && timeout.Timeout()
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
