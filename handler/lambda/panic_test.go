package lambda_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/lambda"
	"inferenceconnector/handler/lambda/double"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

// programs are hosts in which something panics, unless the request is for /well.
var programs = map[string]func() *lambda.Host{
	"at once":  func() *lambda.Host { return panicking(false, func(http.ResponseWriter) { panic("at once") }) },
	"streamed": func() *lambda.Host { return panicking(true, func(http.ResponseWriter) { panic("at once") }) },
	"begun":    func() *lambda.Host { return panicking(false, begunThenPanic) },
	"streamed, begun": func() *lambda.Host {
		return panicking(true, begunThenPanic)
	},
	"direct": panickingEndpoint,
	"batch":  panickingReceiver,
}

func begunThenPanic(w http.ResponseWriter) {
	w.WriteHeader(http.StatusOK)
	_, _ = io.WriteString(w, "half of ")
	panic(http.ErrAbortHandler)
}

func panicking(stream bool, end func(http.ResponseWriter)) *lambda.Host {
	return &lambda.Host{Stream: stream, HTTP: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "100")
		if r.URL.Path == "/well" {
			_, _ = io.WriteString(w, "well")
			return
		}
		end(w)
	})}
}

// panickingEndpoint is a connection whose endpoint panics when it is used.
func panickingEndpoint() *lambda.Host {
	actions, err := schema.Load()
	if err != nil {
		panic(err)
	}
	connection := &connector.Connection{Name: "default", Calls: 100, RenewalPeriod: time.Minute, OneModel: true, Endpoint: bomb{}}
	return &lambda.Host{Runner: &trigger.Runner{
		Connector: connector.New([]*connector.Connection{connection}, throttle.NewMemory()), Actions: actions, Log: slog.New(slog.DiscardHandler),
	}}
}

// panickingReceiver is panickingEndpoint with two queues, the outputs of one of which go where it panics.
func panickingReceiver() *lambda.Host {
	h := panickingEndpoint()
	h.Runner.Log = slog.New(slog.NewTextHandler(os.Stdout, nil))
	t := trigger.Trigger{Connection: "default", Actions: []string{"GetChatCompletions", "ListModels"}}
	h.Runner.Triggers = map[string]trigger.Trigger{"requests": t}
	t.Receiver = bomb{}
	h.Runner.Triggers["explosive"] = t
	return h
}

type bomb struct{}

func (bomb) Deliver(context.Context, string, []byte) error { panic("address of the receiver") }

func (bomb) Check(*connector.Request) error { return nil }

func (bomb) Prepare(context.Context, *connector.Request) (connector.Attempt, error) {
	panic("key of the endpoint")
}

// startProgram runs one of programs, which is this test binary.
func startProgram(t *testing.T, program string) function {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return start(t, "{}", func(c *double.Config) {
		c.Program, c.Environment = path, []string{"PROGRAM=" + program, quickExit}
	})
}

// A panic ends one call, and the process answers the next (R27).
func TestPanics(t *testing.T) {
	for program, want := range map[string]reply{
		"at once":         {status: 500, code: "InternalError"},
		"begun":           {status: 500, code: "InternalError"},
		"streamed":        {status: 500, code: "InternalError"},
		"streamed, begun": {status: 200, body: "half of "},
	} {
		t.Run(program, func(t *testing.T) {
			f := startProgram(t, program)
			front := &double.FunctionURL{Function: f.Function, Stream: strings.HasPrefix(program, "streamed")}
			answer, err := front.RoundTrip(call(t, "GET", "/", ""))
			if err != nil {
				t.Fatal(err)
			}
			defer answer.Body.Close()
			body, err := io.ReadAll(answer.Body)
			if answer.StatusCode != want.status || answer.Header.Get("X-Ms-Error-Code") != want.code || (err != nil) != (want.body != "") {
				t.Errorf("got %d %v %q, %v", answer.StatusCode, answer.Header, body, err)
			}
			if want.body == "" && !strings.HasPrefix(string(body), `{"error":{"code":"InternalError"`) || strings.Contains(string(body), "at once") {
				t.Errorf("got %q", body)
			}
			if got := send(t, front, call(t, "GET", "/well", "")); got.status != http.StatusOK || got.body != "well" {
				t.Errorf("the next call got %+v", got)
			}
		})
	}
}

func TestPanicsInDirectCalls(t *testing.T) {
	f := startProgram(t, "direct")
	for range 2 {
		wantFailure(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, "InternalError", "Something went wrong here.")
	}
	wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[]}`)
	if strings.Contains(f.output.String(), "key of the endpoint") {
		t.Errorf("the process printed\n%s", f.output)
	}
}
