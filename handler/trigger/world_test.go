package trigger_test

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

// A world is a runner with a model and a flow to deliver to, both over HTTP.
type world struct {
	*trigger.Runner
	flow *endpoint.Receiver
	log  *bytes.Buffer

	mu       sync.Mutex
	asked    []string // the paths of the model's requests
	received []string // keys and bodies of deliveries
}

const answer = `{"choices":[{"message":{"role":"assistant","content":"s3cret answer"}}]}`

// newWorld returns a world of two connections to a model, and a flow that answers with a status.
func newWorld(t testing.TB, model http.HandlerFunc, taken int) *world {
	t.Helper()
	w := &world{log: &bytes.Buffer{}}
	models := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.note(&w.asked, r.URL.Path)
		model(writer, r)
	}))
	t.Cleanup(models.Close)
	flows := httptest.NewServer(http.HandlerFunc(func(writer http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		w.note(&w.received, r.Header.Get("Idempotency-Key")+" "+string(body))
		writer.WriteHeader(taken)
	}))
	t.Cleanup(flows.Close)
	w.flow = newFlow(t, flows.URL+"/invoke?sig=s1gnature")
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	connections := []*connector.Connection{newConnection(t, "default", models.URL+"/default/models"), newConnection(t, "other", models.URL+"/other/models")}
	log := slog.New(slog.NewJSONHandler(w.log, nil))
	w.Runner = &trigger.Runner{Connector: connector.New(connections, throttle.NewMemory()), Actions: actions, Log: log, Triggers: map[string]trigger.Trigger{
		"requests":  {Connection: "default", Actions: []string{"GetChatCompletions", "ListModels"}},
		"delivered": {Connection: "default", Actions: []string{"GetChatCompletions"}, Receiver: w.flow},
	}}
	return w
}

func newConnection(t testing.TB, name, url string) *connector.Connection {
	t.Helper()
	e, err := endpoint.New(endpoint.Config{URL: url, Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return &connector.Connection{Name: name, Calls: 100, RenewalPeriod: time.Minute, Endpoint: e}
}

func newFlow(t testing.TB, url string) *endpoint.Receiver {
	t.Helper()
	r, err := endpoint.NewReceiver(endpoint.ReceiverConfig{URL: connector.NewSecret(url), Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func (w *world) note(list *[]string, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	*list = append(*list, text)
}

// lines are the entries of the log, and none of them tells what was said or where outputs go.
func (w *world) lines(t testing.TB) (lines []map[string]any) {
	t.Helper()
	for _, secret := range []string{"s3cret", "pr0mpt", "s1gnature", "invoke?"} {
		if strings.Contains(w.log.String(), secret) {
			t.Errorf("got %s in %s", secret, w.log.String())
		}
	}
	for line := range strings.Lines(w.log.String()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
		lines = append(lines, entry)
	}
	return lines
}

// answers is a model that answers with that.
func answers(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// envelope is one for a chat, with more members before its input.
func envelope(members string) []byte {
	return []byte(`{"action":"GetChatCompletions",` + members + `"input":{"model":"m","messages":[{"role":"user","content":"pr0mpt"}]}}`)
}

func wantCode(t testing.TB, err error, code connector.Code) *connector.Error {
	t.Helper()
	e, ok := err.(*connector.Error)
	if !ok || e.Code != code {
		t.Fatalf("got %v, want %s", err, code)
	}
	return e
}
