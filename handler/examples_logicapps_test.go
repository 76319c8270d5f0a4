package main_test

import (
	"net/http"
	"strings"
	"testing"
)

// The workflow of the README, run as Logic Apps do, on the real program. Only the waiting is left out.
func TestExampleWorkflow(t *testing.T) {
	p := program{buildHandler(t)}
	answered := map[string]any{"answer": "Lima."}
	for name, c := range map[string]struct {
		answers  []scriptedAnswer
		more     string // of the connection
		key      string
		question any
		calls    int
		waits    string
		status   int
		want     map[string]any // with the beginning of message
	}{
		"answered":             {[]scriptedAnswer{good}, "", programKey, "Capital of Peru?", 1, "", http.StatusOK, answered},
		"throttled once":       {[]scriptedAnswer{throttled, good}, "", programKey, "Capital of Peru?", 2, "30", http.StatusOK, answered},
		"down, then throttled": {[]scriptedAnswer{down, throttled, good}, "", programKey, "Capital of Peru?", 3, "30 30", http.StatusOK, answered},
		"throttled for too long": {[]scriptedAnswer{throttled}, "", programKey, "Capital of Peru?", 5, "30 30 30 30", http.StatusBadGateway,
			map[string]any{"code": "429", "message": "Slow down."}}, // the endpoint's own body
		"refused": {[]scriptedAnswer{filtered}, "", programKey, "Capital of Peru?", 1, "", http.StatusOK,
			map[string]any{"answer": "This question is not answered here."}},
		"wrong key": {[]scriptedAnswer{good}, "", "another-key-another-key-another-key", "Capital of Peru?", 0, "", http.StatusBadGateway,
			map[string]any{"code": "Unauthenticated", "message": ""}},
		"invalid": {[]scriptedAnswer{good}, "", programKey, 7, 0, "", http.StatusBadGateway,
			map[string]any{"code": "ValidationFailed", "message": ""}},
		"unknown deployment": {[]scriptedAnswer{good}, `,"deployments":{"o3-mini":{}}`, programKey, "Capital of Peru?", 0, "", http.StatusBadGateway,
			map[string]any{"code": "unknown_model", "message": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := newScripted(t, c.answers...)
			w := startWorkflow(t, p, endpoint.connections(c.more), c.key)
			w.run(t, map[string]any{"question": c.question}).compare(t, c.status, c.want, c.waits)
			endpoint.check(t, c.calls, "Capital of Peru?")
		})
	}
	t.Run("over the limit", func(t *testing.T) { testWorkflowLimit(t, p) })
}

// testWorkflowLimit: over the connection's own limit the answer says how long to wait, and the workflow does.
func testWorkflowLimit(t *testing.T, p program) {
	endpoint := newScripted(t, good)
	w := startWorkflow(t, p, endpoint.connections(`,"rateLimit":{"calls":1,"renewalPeriod":3600}`), programKey)
	input := map[string]any{"question": "Capital of Peru?"}
	w.run(t, input).compare(t, http.StatusOK, map[string]any{"answer": "Lima."}, "")
	got := w.run(t, input)
	if waits := strings.Fields(got.waits); len(waits) != 4 || len(waits[0]) != 4 { // of an hour in seconds
		t.Errorf("got waits %q, want four times what is left of an hour", got.waits)
	}
	got.compare(t, http.StatusBadGateway, map[string]any{"code": "RateLimitExceeded", "message": "Connection 'default' allows 1 call"}, got.waits)
	endpoint.check(t, 1, "Capital of Peru?")
}

// startWorkflow starts the program, and reads the files of the workflow that calls it with a key.
func startWorkflow(t *testing.T, p program, connections, key string) workflow {
	t.Helper()
	r := p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", connections)})
	w := workflow{settings: map[string]string{"INFERENCE_URL": r.url, "INFERENCE_KEY": key}}
	example(t, "workflow", &w.file)
	example(t, "parameters", &w.parameters)
	var none struct{} // no connection is used
	example(t, "connections", &none)
	return w
}

// compare compares how a run ended.
func (r response) compare(t *testing.T, status int, want map[string]any, waits string) {
	t.Helper()
	same(t, "status", r.status, status)
	same(t, "waits", r.waits, waits)
	same(t, "members", len(r.body), len(want))
	for name, value := range want {
		text, _ := r.body[name].(string)
		if name == "message" && text != "" && strings.HasPrefix(text, value.(string)) {
			continue
		}
		same(t, name, any(text), value)
	}
}
