package functions_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// 48 KiB are 64 KiB as base64, which is what the queue takes.
func TestResultsThatDoNotFit(t *testing.T) {
	const frame = `{"id":"` + platform + `","action":"GetChatCompletions","output":}`
	completion := func(bytes int) string {
		const empty = `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":""}}]}`
		return strings.Replace(empty, `"content":"`, `"content":"`+strings.Repeat("x", bytes-len(empty)), 1)
	}
	for name, test := range map[string]struct {
		size int
		fits bool
	}{"fits": {48<<10 - len(frame), true}, "one byte too many": {48<<10 - len(frame) + 1, false}, "much too much": {1 << 20, false}} {
		t.Run(name, func(t *testing.T) {
			c, _ := newConfig(t, to(t, saying(http.StatusOK, completion(test.size))))
			got := invoke(t, serve(t, c), "worker", queued(quoted(quoted(envelope))))
			if test.fits {
				wantResult(t, got, platform, completion(test.size))
				return
			}
			var text string
			_ = json.Unmarshal(got.outputs["result"], &text)
			const want = `{"id":"` + platform + `","action":"GetChatCompletions","error":{"code":"ResponseTooLarge","message":"The output of `
			if got.status != http.StatusOK || !strings.HasPrefix(text, want) {
				t.Errorf("got %d %.300s, want %s", got.status, text, want)
			}
		})
	}
}

func TestRunsThatFail(t *testing.T) {
	for name, test := range map[string]struct {
		model connector.Endpoint
		code  string
	}{
		"the model refuses":        {to(t, saying(http.StatusBadRequest, `{"error":{"code":"OutOfCheese","message":"No."}}`)), "OutOfCheese"},
		"the model is unavailable": {to(t, saying(http.StatusBadGateway, `{}`)), "UpstreamError"},
		"something panics":         {bomb{}, "InternalError"},
	} {
		t.Run(name, func(t *testing.T) {
			c, _ := newConfig(t, test.model)
			address := serve(t, c)
			for _, function := range []string{"worker", "topic"} {
				wantFailed(t, invoke(t, address, function, queued(quoted(quoted(envelope)))), http.StatusInternalServerError, test.code,
					`"GetChatCompletions" on "default" failed with `+test.code+` after`)
			}
		})
	}
}

// A trigger without an output for results runs as well.
func TestRunWithoutAResult(t *testing.T) {
	c, _ := newConfig(t, to(t, saying(http.StatusOK, reply)))
	if got := invoke(t, serve(t, c), "topic", queued(envelope)); got.status != http.StatusOK || len(got.outputs) > 0 {
		t.Errorf("got %d %s, want 200 and no outputs", got.status, got.text)
	}
}
