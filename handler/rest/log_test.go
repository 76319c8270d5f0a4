package rest_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/emulator"
)

func TestTheLineOfACall(t *testing.T) {
	s := serveCallers(t, emulator.Handler(emulator.Config{EventDelay: -1}))
	for name, test := range map[string]struct {
		body string
		more []string // fields beyond those of every call
	}{
		"whole":   {`{"model":"echo","messages":[{"role":"user","content":"one two three"}]}`, []string{"completion_tokens", "prompt_tokens"}},
		"stream":  {`{"model":"echo","stream":true,"messages":[{"role":"user","content":"one two three"}]}`, []string{"completion_tokens", "prompt_tokens", "stream"}},
		"refused": {`{"model":"throttled","messages":[{"role":"user","content":"one two three"}]}`, []string{"code"}},
		"wrong":   {`{"messages":[]}`, []string{"code"}},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.post(t, "/connections/a"+chat, test.body, "api-key: "+keyA, "x-ms-client-request-id: run-7.a_b")
			line := s.logged(t)
			every := []string{"action", "attempts", "bytes_in", "bytes_out", "caller", "client_request_id", "connection", "deployment",
				"endpoint_ms", "level", "ms", "msg", "request_id", "status", "time"}
			want := slices.Sorted(slices.Values(append(every, test.more...)))
			equal(t, "fields", strings.Join(slices.Sorted(maps.Keys(line)), " "), strings.Join(want, " "))
			equal(t, "msg", line["msg"].(string), "call")
			equal(t, "request id", line["request_id"].(string), got.Header.Get("x-ms-request-id"))
			equal(t, "client request id", line["client_request_id"].(string), "run-7.a_b")
			equal(t, "client request id in the answer", got.Header.Get("x-ms-client-request-id"), "run-7.a_b")
			equal(t, "action", line["action"].(string), "GetChatCompletions")
			equal(t, "connection", line["connection"].(string), "a")
			equal(t, "caller", line["caller"].(string), "alice")
			equal(t, "status", line["status"].(float64), float64(got.StatusCode))
			equal(t, "bytes in", line["bytes_in"].(float64), float64(len(test.body)))
			equal(t, "bytes out", line["bytes_out"].(float64), float64(len(got.body)))
			equal(t, "attempts", line["attempts"].(float64), map[bool]float64{true: 0, false: 1}[name == "wrong"])
			if tokens, ok := line["prompt_tokens"]; ok {
				equal(t, "prompt tokens", tokens.(float64), 3)
			}
		})
	}
}

func TestNoPromptNoReplyNoKeyInTheLog(t *testing.T) {
	s := serveCallers(t, emulator.Handler(emulator.Config{}))
	s.post(t, "/connections/a"+chat+"&q=whisper", `{"messages":[{"role":"user","content":"whisper"}]}`, "api-key: "+keyA, "X-Extra: whisper")
	s.post(t, "/connections/a"+chat, `{"messages":[{"role":"user","content":"whisper"}],"temperature":"whisper"}`, "api-key: "+keyA)
	s.post(t, "/connections/a"+chat, `{"messages":"whisper`, "api-key: "+keyA)
	s.post(t, "/connections/whisper"+chat, "{}", "api-key: "+keyA)
	for range 4 {
		line := <-s.lines
		if strings.Contains(line, "whisper") || strings.Contains(line, keyA) {
			t.Errorf("a caller's text is in %s", line)
		}
	}
}

// TestNoLineIsForged sends what would look like a line of its own if it were written as it is.
func TestNoLineIsForged(t *testing.T) {
	const forged = "x\"}\n{\"msg\":\"call\",\"status\":200,\"caller\":\"admin\"}\r\n\u2028"
	s := serveEmulator(t)
	name, err := json.Marshal(forged + strings.Repeat("é", 60))
	if err != nil {
		t.Fatal(err)
	}
	s.post(t, chat, `{"model":`+string(name)+`,"messages":[{"role":"user","content":"hi"}]}`)
	line := s.logged(t)
	got := line["deployment"].(string)
	if !strings.HasPrefix(got, forged) || len(got) > 128 || !strings.HasSuffix(got, "é") {
		t.Errorf("got %q of %d bytes, want the name, cut to whole characters in 128 bytes", got, len(got))
	}
	equal(t, "caller", line["caller"].(string), "")
}

func TestOddIDsAreReplaced(t *testing.T) {
	for name, id := range map[string]string{
		"blank": "a b", "quote": `a"b`, "tab": "a\tb", "long": strings.Repeat("x", 65), "letters": "é", "slash": "a/b", "empty": "",
	} {
		t.Run(name, func(t *testing.T) {
			sent := make(chan string, 1)
			s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent <- r.Header.Get("x-ms-client-request-id")
				answer(`{}`).ServeHTTP(w, r)
			}))
			got := s.get(t, info, "x-ms-client-request-id: "+id)
			equal(t, "status", got.StatusCode, http.StatusOK)
			equal(t, "echo", got.Header.Get("x-ms-client-request-id"), "")
			line := s.logged(t)
			_, there := line["client_request_id"]
			equal(t, "in the log", there, false)
			equal(t, "sent on", <-sent, line["request_id"].(string))
		})
	}
}

func TestTraceContextTravelsOn(t *testing.T) {
	const parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	for name, test := range map[string]struct{ parent, state, wantParent, wantState string }{
		"both":         {parent, "a=b", parent, "a=b"},
		"parent alone": {parent, "", parent, ""},
		"state alone":  {"", "a=b", "", ""},
		"broken":       {parent + "0", "a=b", "", ""},
		"long state":   {parent, "a=" + strings.Repeat("b", 600), parent, ""},
	} {
		t.Run(name, func(t *testing.T) {
			sent := make(chan http.Header, 1)
			s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				sent <- r.Header
				answer(`{}`).ServeHTTP(w, r)
			}))
			s.get(t, info, "traceparent: "+test.parent, "tracestate: "+test.state)
			header := <-sent
			equal(t, "traceparent", header.Get("traceparent"), test.wantParent)
			equal(t, "tracestate", header.Get("tracestate"), test.wantState)
		})
	}
}

func TestTheWindowIsShownToThoseWhoTookASlot(t *testing.T) {
	connection := open(to(t, answer(`{}`)))
	connection.Calls = 2
	s := serve(t, []*connector.Connection{connection})
	for _, want := range []struct{ status, remaining, code string }{{"200 OK", "1", ""}, {"200 OK", "0", ""}, {"429 Too Many Requests", "", "RateLimitExceeded"}} {
		got := s.get(t, info)
		equal(t, "status", got.Status, want.status)
		equal(t, "remaining", got.Header.Get("x-ratelimit-remaining-requests"), want.remaining)
		equal(t, "code", got.Header.Get("x-ms-error-code"), want.code)
		equal(t, "retry after is there", got.Header.Get("Retry-After") != "", want.code != "")
	}
}
