package lambda_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

// A call ends with our own error while there is a second left. The double ends functions that take longer.
func TestHangingEndpoints(t *testing.T) {
	e := newEndpoint(t, hanging)
	for name, test := range map[string]func(*testing.T, function){
		"HTTP API":      func(t *testing.T, f function) { wantTimeout(t, &double.HTTPAPI{Function: f.Function}) },
		"REST API":      func(t *testing.T, f function) { wantTimeout(t, based{&double.RESTAPI{Function: f.Function}}) },
		"load balancer": func(t *testing.T, f function) { wantTimeout(t, &double.ALB{Function: f.Function}) },
		"Function URL":  func(t *testing.T, f function) { wantTimeout(t, &double.FunctionURL{Function: f.Function}) },
		"Function URL, streamed": func(t *testing.T, f function) {
			wantTimeout(t, &double.FunctionURL{Function: f.Function, Stream: true})
		},
		"direct": func(t *testing.T, f function) {
			wantFailure(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, "UpstreamTimeout", "did not answer in time")
		},
	} {
		for _, limit := range []time.Duration{2 * time.Second, 500 * time.Millisecond} { // the second leaves nothing
			t.Run(name+", "+limit.String(), func(t *testing.T) {
				t.Parallel()
				f := start(t, one(e.URL, ""), timeout(limit), environment("CONNECTOR_LAMBDA_STREAM="+stream(name)))
				test(t, f)
				wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[]}`) // the process lives
			})
		}
	}
}

func stream(name string) string {
	if strings.HasSuffix(name, "streamed") {
		return "true"
	}
	return "false"
}

func wantTimeout(t *testing.T, front http.RoundTripper) {
	t.Helper()
	for _, body := range []string{chat, streamingChat} {
		if got := send(t, front, call(t, "POST", chatTarget, body)); got.status != http.StatusGatewayTimeout || got.code != "UpstreamTimeout" {
			t.Errorf("got %d %s %s", got.status, got.code, got.body)
		}
	}
}

// A stream that has begun ends with an event that says why.
func TestStreamsThatTakeTooLong(t *testing.T) {
	e := newEndpoint(t, pacing(nil, "data: {\"n\":1}\n\n"))
	f := start(t, one(e.URL, ""), timeout(2*time.Second), streamed)
	got := send(t, &double.FunctionURL{Function: f.Function, Stream: true}, call(t, "POST", chatTarget, streamingChat))
	if !strings.Contains(got.body, "event: error\n") || !strings.Contains(got.body, "the stream took too long") || strings.Contains(got.body, "[DONE]") {
		t.Errorf("got %q", got.body)
	}
	if log := f.output.calls(t, 1); strings.Contains(log, "CallerGone") || !strings.Contains(log, `"code":"UpstreamStreamBroken"`) {
		t.Errorf("the log says\n%s", log)
	}
}
