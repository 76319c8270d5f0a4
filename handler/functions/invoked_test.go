package functions_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	listed "inferenceconnector/handler/callers"
	"inferenceconnector/handler/functions"
	"inferenceconnector/handler/rest"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

// journal is a log that a test reads.
type journal struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (j *journal) Write(line []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.Write(line)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text.String()
}

// invoked is the app whose host tells of everything in invocation JSON.
var invoked = functions.App{Prefix: "api", Functions: []functions.Function{
	httpFunction("anonymous", "{*path}"),
	{Name: "worker", Trigger: "queueTrigger", Input: "message", Outputs: []functions.Output{{Name: "result", Type: "queue"}}},
	{Name: "topic", Trigger: "serviceBusTrigger", Input: "message"},
	{Name: "nobody", Trigger: "queueTrigger", Input: "message"},
	{Name: "morning", Trigger: "timerTrigger", Input: "timer", Schedule: "0 0 7 * * *"},
}}

// newConfig has the connection default, with the caller orders, and other, which lead to a model.
func newConfig(t testing.TB, to connector.Endpoint) (functions.Config, *journal) {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	var connections []*connector.Connection
	for _, name := range []string{"default", "other"} {
		connections = append(connections, &connector.Connection{Name: name, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: to})
	}
	list, lines := &listed.List{}, &journal{}
	list.AddKey(connector.NewSecret(ordersKey), "default", "orders")
	shared, log := connector.New(connections, throttle.NewMemory()), slog.New(slog.NewJSONHandler(lines, nil))
	may := trigger.Trigger{Connection: "default", Actions: []string{"GetChatCompletions"}}
	runner := &trigger.Runner{Connector: shared, Actions: actions, Log: log, Triggers: map[string]trigger.Trigger{"worker": may, "topic": may}}
	surface := rest.New(rest.Config{Connector: shared, Actions: actions, Callers: list, Log: log,
		MaxCalls: 100, MaxBodyBytes: 16 << 20, BodyTimeout: patience, WriteTimeout: patience})
	return functions.Config{HTTP: surface, Runner: runner, Book: &schedule.Book{Runner: runner, Log: log}}, lines
}

// to returns an Endpoint at a server that answers by handler.
func to(t testing.TB, handler http.HandlerFunc) connector.Endpoint {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	e, err := endpoint.New(endpoint.Config{URL: server.URL + "/models", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// saying answers every call with a status and a body.
func saying(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// serve serves the app, and returns its address.
func serve(t testing.TB, c functions.Config) string {
	t.Helper()
	server := httptest.NewServer(invoked.Handler(c))
	t.Cleanup(server.CloseClientConnections)
	t.Cleanup(server.Close)
	return server.URL
}

// an outcome is what the host makes of an answer.
type outcome struct {
	status  int // of the invocation
	text    string
	outputs map[string]json.RawMessage
	logs    []string
	code    string // of the error, for people
}

// invoke calls a function as the host does, and reads the answer as strictly.
func invoke(t testing.TB, address, function, body string) outcome {
	t.Helper()
	// A body without a length is sent in chunks, which is what the host does.
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, address+"/"+function, io.MultiReader(strings.NewReader(body)))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("X-Azure-Functions-InvocationId", "f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer got.Body.Close()
	text, err := io.ReadAll(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	return read(t, got, text)
}

// read reads an answer by the rules of contract/azure-functions-custom-handler.md section 3.
func read(t testing.TB, r *http.Response, text []byte) outcome {
	t.Helper()
	if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "application/json" {
		t.Errorf("got content type %q: the invocation fails", kind)
	}
	if trimmed := strings.TrimSpace(string(text)); trimmed == "" || trimmed == "null" {
		t.Fatalf("got %q: the host waits for ever", text)
	}
	var said struct {
		Outputs     map[string]json.RawMessage
		Logs        []string
		ReturnValue json.RawMessage
		Error       struct{ Code string }
	}
	if err := json.Unmarshal(text, &said); err != nil {
		t.Fatalf("got %s (%v): the invocation fails", text, err)
	}
	if said.Outputs == nil || len(said.Logs) == 0 || string(said.ReturnValue) != "null" {
		t.Errorf("got %s, want outputs and logs, and nothing returned", text)
	}
	for name, output := range said.Outputs {
		var bare string
		if json.Unmarshal(output, &bare) == nil && isBase64(bare) {
			t.Errorf("output %s is %q, which the host decodes", name, bare)
		}
	}
	return outcome{r.StatusCode, string(text), said.Outputs, said.Logs, said.Error.Code}
}

// isBase64 reports whether .NET can decode a text, blanks left out.
func isBase64(text string) bool {
	_, err := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), ""))
	return err == nil
}
