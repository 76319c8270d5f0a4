package lambda_test

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// What the platform cannot deliver is an error of ours. A stream has no such limit.
func TestLargeAnswers(t *testing.T) {
	large := `{"text":"` + strings.Repeat("x", 6<<20) + `"}`
	quoted := `{"text":"` + strings.Repeat(`\"`, 2<<20) + `"}` // 4 MB, but more inside an answer, which is JSON too
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("X-Ms-Client-Request-Id") == "quoted" {
			answering(http.StatusOK, quoted)(w, r)
			return
		}
		answering(http.StatusOK, large)(w, r)
	})
	whole, stream := start(t, one(e.URL, "")), start(t, one(e.URL, ""), streamed)
	for name, test := range map[string]struct {
		front    http.RoundTripper
		id, body string // body is "" where it cannot be delivered
	}{
		"HTTP API":               {&double.HTTPAPI{Function: whole.Function}, "large", ""},
		"REST API":               {based{&double.RESTAPI{Function: whole.Function}}, "quoted", ""},
		"Function URL":           {&double.FunctionURL{Function: whole.Function}, "quoted", ""},
		"Function URL, streamed": {&double.FunctionURL{Function: stream.Function, Stream: true}, "large", large},
	} {
		r := call(t, "POST", chatTarget, chat)
		r.Header.Set("X-Ms-Client-Request-Id", test.id)
		got := send(t, test.front, r)
		if test.body != "" {
			if got.status != http.StatusOK || got.body != test.body {
				t.Errorf("%s: got %d and %d bytes", name, got.status, len(got.body))
			}
		} else if got.status != http.StatusBadGateway || got.code != "ResponseTooLarge" || !strings.Contains(got.body, "6 MB") ||
			got.header.Get("Content-Type") != "application/json" || got.header.Get("X-Ms-Client-Request-Id") != test.id {
			t.Errorf("%s: got %d %v %.300s", name, got.status, got.header, got.body)
		}
	}
	wantFailure(t, whole, `{"action":"GetChatCompletions","input":`+chat+`}`, "ResponseTooLarge", "6 MB")
}

// What the platform lets through is taken.
func TestLargeRequests(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	image := func(size int) string {
		return `{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,` +
			strings.Repeat("A", size) + `"}}]}]}`
	}
	wantPayload(t, f, `{"action":"GetChatCompletions","input":`+image(6_290_000)+`}`, completion)
	const refused = http.StatusRequestEntityTooLarge // by the platform
	if got := send(t, &double.FunctionURL{Function: f.Function}, call(t, "POST", chatTarget, image(6_300_000))); got.status != refused {
		t.Errorf("got %d %.300s, want %d", got.status, got.body, refused)
	}
}
