package rest_test

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

// TestWorkflowIDsAreLogged sends what engines and gateways send. What says who calls is logged, and nothing else.
func TestWorkflowIDsAreLogged(t *testing.T) {
	s := serveCallers(t, emulator.Handler(emulator.Config{}))
	headers := []string{"api-key: " + keyA}
	want := map[string]string{}
	for _, name := range []string{
		"client-tracking-id", "workflow-run-id", "workflow-run-tracking-id", "workflow-name", "workflow-id", "workflow-version",
		"workflow-system-id", "workflow-operation-name", "workflow-repeatitem-scope-name", "workflow-repeatitem-index",
		"action-tracking-id", "tracking-id", "correlation-id", "activity-vector",
	} {
		headers = append(headers, "x-ms-"+name+": it is "+name)
		want[strings.ReplaceAll(name, "-", "_")] = "it is " + name
	}
	for _, name := range []string{
		"workflow-subscription-id", "workflow-resourcegroup-name", "workflow-subscription-capacity", "execution-location",
		"trigger-callback-url", "client-environment-id", "gateway-object-id", "apim-callback", "workflow-anything",
	} {
		headers = append(headers, "x-ms-"+name+": whisper")
	}
	got := s.post(t, "/connections/a"+chat, `{"model":"echo","messages":[{"role":"user","content":"hi"}]}`, headers...)
	equal(t, "status", got.StatusCode, http.StatusOK)
	for name := range got.Header {
		if strings.Contains(strings.Join(got.Header[name], " "), "it is") {
			t.Errorf("the answer repeats %s", name)
		}
	}
	line := s.logged(t)
	for name, value := range want {
		logged, _ := line[name].(string)
		equal(t, name, logged, value)
	}
	for name, value := range line {
		if value == "whisper" {
			t.Errorf("the log has %s", name)
		}
	}
}

func TestWorkflowIDsAreCleaned(t *testing.T) {
	s := serveCallers(t, emulator.Handler(emulator.Config{}))
	for name, test := range map[string]struct{ value, want string }{
		"tricks":      {"a\u202eb\u2028c\tdé", "abcdé"},
		"no UTF-8":    {"a\xffb", "ab"},
		"long":        {strings.Repeat("é", 100), strings.Repeat("é", 64)},
		"a quotation": {`a","status":"200`, `a","status":"200`},
	} {
		t.Run(name, func(t *testing.T) {
			s.get(t, "/connections/a/models", "x-ms-workflow-run-id: "+test.value, "api-key: "+keyA)
			got, _ := s.logged(t)["workflow_run_id"].(string)
			equal(t, "id", got, test.want)
		})
	}
}

// TestRepliesFitIntoWorkflows: no larger one can be read there, and the author learns what to change.
func TestRepliesFitIntoWorkflows(t *testing.T) {
	for name, test := range map[string]struct {
		size   int
		schema string
		status int
	}{
		"small enough":           {499_000, "", 200},
		"too large":              {500_000, "", 502},
		"too large, and no JSON": {500_001, `,"json_schema":{}`, 502},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Repeat("a", test.size)
			s := serveModel(t, answer(`{"choices":[{"finish_reason":"stop","message":{"content":"`+text+`"}}]}`))
			got := s.post(t, "/chat/reply", `{"user_prompt":"hi"`+test.schema+`}`)
			equal(t, "status", got.StatusCode, test.status)
			if test.status == http.StatusOK {
				equal(t, "length", len(got.body) > test.size, true)
				return
			}
			equal(t, "code", got.Header.Get("x-ms-error-code"), "ResponseTooLarge")
			equal(t, "names max_tokens", strings.Contains(got.body, `"message":"max_tokens must be lower`), true)
			equal(t, "tells the text", strings.Contains(got.body, "aaaa"), false)
		})
	}
}
