package main_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
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
			map[string]any{"code": "UpstreamThrottled", "status": 429.0, "message": "Slow down."}}, // the endpoint's own body
		"refused": {[]scriptedAnswer{filtered}, "", programKey, "Capital of Peru?", 1, "", http.StatusOK,
			map[string]any{"answer": "This question is not answered here."}},
		"wrong key": {[]scriptedAnswer{good}, "", "another-key-another-key-another-key", "Capital of Peru?", 0, "", http.StatusBadGateway,
			map[string]any{"code": "Unauthenticated", "status": 401.0, "message": ""}},
		"invalid": {[]scriptedAnswer{good}, "", programKey, 7, 0, "", http.StatusBadGateway,
			map[string]any{"code": "ValidationFailed", "status": 422.0, "message": ""}},
		"unknown deployment": {[]scriptedAnswer{good}, `,"deployments":{"o3-mini":{}}`, programKey, "Capital of Peru?", 0, "", http.StatusBadGateway,
			map[string]any{"code": "unknown_model", "status": 404.0, "message": ""}},
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

// What stands in front of the program may answer in its place, or nobody does. The workflow responds all the same.
func TestExampleWorkflowWithoutTheProgram(t *testing.T) {
	const page, four = "<html>Sign in</html>", "PT10S PT10S PT10S PT10S"
	says := func(status int, kind, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			w.WriteHeader(status)
			_, _ = io.WriteString(w, body)
		}
	}
	for name, c := range map[string]struct {
		front   http.HandlerFunc
		waits   string
		status  any
		details any
	}{
		"a page":            {says(http.StatusOK, "text/html", page), "", 200.0, page},
		"a page as failure": {says(http.StatusForbidden, "text/html", page), "", 403.0, page},
		"nothing in a 504":  {says(http.StatusGatewayTimeout, "text/html", ""), four, 504.0, ""},
		"another object":    {says(http.StatusBadRequest, "application/json", `["no"]`), "", 400.0, []any{"no"}},
		"no answer":         {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, four, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(c.front)
			t.Cleanup(server.Close)
			got := readWorkflow(t, server.URL, programKey).run(t, map[string]any{"question": "Capital of Peru?"})
			same(t, "status", got.status, http.StatusBadGateway)
			same(t, "waits", got.waits, c.waits)
			if want := map[string]any{"code": "", "status": c.status, "details": c.details}; !reflect.DeepEqual(got.body, want) {
				t.Errorf("got body %v, want %v", got.body, want)
			}
		})
	}
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
	got.compare(t, http.StatusBadGateway, map[string]any{"code": "RateLimitExceeded", "status": 429.0, "message": "Connection 'default' allows 1 call"}, got.waits)
	endpoint.check(t, 1, "Capital of Peru?")
}

// startWorkflow starts the program, and reads the files of the workflow that calls it with a key.
func startWorkflow(t *testing.T, p program, connections, key string) workflow {
	t.Helper()
	r := p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", connections)})
	return readWorkflow(t, r.url, key)
}

// readWorkflow reads the files of the workflow that calls an address with a key.
func readWorkflow(t *testing.T, url, key string) workflow {
	t.Helper()
	w := workflow{settings: map[string]string{"INFERENCE_URL": url, "INFERENCE_KEY": key}}
	example(t, "workflow", &w.file)
	example(t, "parameters", &w.parameters)
	var none struct{} // no connection is used
	example(t, "connections", &none)
	return w
}

// compare compares how a run ended. The message is that of the error in details, of which want has the beginning.
func (r response) compare(t *testing.T, status int, want map[string]any, waits string) {
	t.Helper()
	same(t, "status", r.status, status)
	same(t, "waits", r.waits, waits)
	same(t, "members", len(r.body), len(want))
	for name, value := range want {
		if name != "message" {
			same(t, name, r.body[name], value)
			continue
		}
		details, _ := r.body["details"].(map[string]any)
		failure, _ := details["error"].(map[string]any)
		if text, _ := failure["message"].(string); text == "" || !strings.HasPrefix(text, value.(string)) {
			t.Errorf("got details %v, want a message that begins with %q", r.body["details"], value)
		}
	}
}
