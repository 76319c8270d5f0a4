package main_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
)

func (c conversation) testWhole(t *testing.T) {
	reply, text := c.ask(t, "echo", "one two three", `,"max_tokens":2`)
	same(t, "status", reply.StatusCode, http.StatusOK)
	same(t, "content", content(t, text), "one two")
	contains(t, "whole", text, `"finish_reason":"length"`, `"total_tokens":5`)
	_, text = c.ask(t, "json", "x", `,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"const":7}}}}}`)
	same(t, "json", content(t, text), `{"a":7}`)
}

func (c conversation) testStream(t *testing.T) {
	_, text := c.ask(t, "echo", "one two three", c.streaming())
	c.compareStream(t, text, "one two three", 6)
	_, text = c.ask(t, "breaks", "x", `,"stream":true`)
	contains(t, "broken stream", text, "event: error\ndata: {\"error\":{\"code\":\"UpstreamStreamBroken\"")
	if strings.Contains(text, "[DONE]") {
		t.Errorf("a broken stream ends well: %q", text)
	}
}

const weather = `,"tools":[{"type":"function","function":{"name":"weather","parameters":{"type":"object","properties":{"city":{"enum":["Lima"]},"days":{"type":"integer","minimum":3}}}}}]`

func (c conversation) testTools(t *testing.T) {
	_, text := c.ask(t, "tools", "weather?", weather)
	contains(t, "tools", text, `"finish_reason":"tool_calls"`, `"name":"weather"`, `{\"city\":\"Lima\",\"days\":3}`)
	_, text = c.ask(t, "tools", "weather?", weather+`,"stream":true`)
	name, arguments := "", ""
	for _, chunk := range readChunks(t, text) {
		for _, choice := range chunk.Choices {
			for _, call := range choice.Delta.ToolCalls {
				name += call.Function.Name
				arguments += call.Function.Arguments
			}
		}
	}
	same(t, "streamed call", name+arguments, `weather{"city":"Lima","days":3}`)
}

// testRefusals finds each failure under its one status and code, whatever words the family has for it.
func (c conversation) testRefusals(t *testing.T) {
	for deployment, want := range map[string]struct {
		status int
		codes  []string // an endpoint's own code stays
		retry  string
	}{
		"filtered":    {http.StatusBadRequest, []string{"content_filter"}, ""},
		"throttled":   {http.StatusTooManyRequests, []string{"UpstreamThrottled", "RateLimitReached"}, "7"},
		"unavailable": {http.StatusServiceUnavailable, []string{"UpstreamUnavailable"}, "3"},
	} {
		for _, more := range []string{"", `,"stream":true`} {
			reply, text := c.ask(t, deployment, "x", more)
			same(t, deployment+": status", reply.StatusCode, want.status)
			same(t, deployment+": Retry-After", reply.Header.Get("Retry-After"), want.retry)
			if code := reply.Header.Get("x-ms-error-code"); !slices.Contains(want.codes, code) {
				t.Errorf("%s: got code %q, want one of %q", deployment, code, want.codes)
			}
			contains(t, deployment, text, `"error":{`, `"message":`)
		}
	}
	if c.form != "Azure OpenAI" {
		reply, _ := c.ask(t, "gone", "x", "")
		same(t, "unknown: status", reply.StatusCode, http.StatusNotFound)
		same(t, "unknown: code", reply.Header.Get("x-ms-error-code"), "unknown_model")
	}
}
