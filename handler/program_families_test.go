package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// served are the families, by name: where the emulator serves each, and what it puts before names of models.
var served = map[string]struct{ path, publisher string }{
	"ai-services":       {"/models", ""},
	"serverless":        {"", ""},
	"managed-online":    {"/managed-online", ""},
	"azure-openai":      {"", ""},
	"github-models":     {"/inference", "emulator/"},
	"openai-compatible": {"/v1", ""},
}

// behaviours are the deployments that every connection of these tests has.
var behaviours = []string{"echo", "tools", "json", "filtered", "throttled", "unavailable", "breaks"}

// startFamilies starts the program with a connection for each family, all to one emulator that asks for a key.
func (p program) startFamilies(t *testing.T, key string) *running {
	t.Helper()
	emulator := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0", "--key", programKey)
	connections := map[string]any{}
	for family, at := range served {
		deployments := map[string]any{}
		for _, name := range behaviours {
			deployments[name] = map[string]string{"model": at.publisher + name}
		}
		connections[family] = map[string]any{
			"family": family, "endpoint": emulator.url + at.path, "deployments": deployments,
			"authentication": map[string]string{"type": "Key", "value": key},
			"rateLimit":      map[string]int{"calls": 10000},
		}
	}
	text, err := json.Marshal(map[string]any{"connections": connections})
	if err != nil {
		t.Fatal(err)
	}
	return p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", string(text))})
}

// inboundForms are how a chat with a deployment is asked for.
var inboundForms = map[string]func(deployment string) (path string){
	"Azure AI":     func(string) string { return programChat },
	"OpenAI":       func(string) string { return "/v1/chat/completions" },
	"Azure OpenAI": func(d string) string { return "/openai/deployments/" + d + "/chat/completions?api-version=2024-10-21" },
}

// An operator moves a deployment to another family, and no caller notices, whichever form it speaks.
func (p program) testFamilies(t *testing.T) {
	r := p.startFamilies(t, programKey)
	for family := range served {
		for form, path := range inboundForms {
			t.Run(family+", "+form, func(t *testing.T) {
				c := conversation{r, "/connections/" + family, path, form == "Azure AI"}
				c.testWhole(t)
				c.testStream(t)
				c.testTools(t)
				c.testRefusals(t)
			})
		}
		t.Run(family+", info", func(t *testing.T) { testFamilyInfo(t, r, family) })
	}
}

// A conversation is with one family in one form.
type conversation struct {
	*running
	connection string
	path       func(deployment string) string
	azureAI    bool
}

func (c conversation) ask(t *testing.T, deployment, text, more string) (*http.Response, string) {
	t.Helper()
	reply := c.post(t, c.connection+c.path(deployment), say(deployment, text, more))
	return reply, readBody(t, reply)
}

func (c conversation) testWhole(t *testing.T) {
	reply, text := c.ask(t, "echo", "one two three", `,"max_tokens":2`)
	same(t, "status", reply.StatusCode, http.StatusOK)
	same(t, "content", content(t, text), "one two")
	contains(t, "whole", text, `"finish_reason":"length"`, `"total_tokens":5`)
	_, text = c.ask(t, "json", "x", `,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"a":{"const":7}}}}}`)
	same(t, "json", content(t, text), `{"a":7}`)
}

const include = `,"stream":true,"stream_options":{"include_usage":true}`

// testStream reads as strict clients do: Azure AI's want the usage on the finish chunk, OpenAI's in a chunk of its own.
func (c conversation) testStream(t *testing.T) {
	more := include
	if c.azureAI {
		more = `,"stream":true`
	}
	reply, text := c.ask(t, "echo", "one two three", more)
	same(t, "status of the stream", reply.StatusCode, http.StatusOK)
	chunks := readChunks(t, text)
	said, finished := "", -1
	for i, chunk := range chunks {
		if len(chunk.Choices) > 0 {
			said += chunk.Choices[0].Delta.Content
			if chunk.Choices[0].FinishReason != "" {
				finished = i
			}
		}
	}
	same(t, "content of the stream", said, "one two three")
	last := chunks[len(chunks)-1]
	if c.azureAI {
		same(t, "the last chunk finishes", finished, len(chunks)-1)
	} else {
		same(t, "the last chunk but one finishes", finished, len(chunks)-2)
		same(t, "choices of the last chunk", len(last.Choices), 0)
	}
	same(t, "usage", last.Usage.TotalTokens, 6)
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
	if c.azureAI || strings.HasSuffix(c.path("x"), "/v1/chat/completions") {
		reply, _ := c.ask(t, "gone", "x", "")
		same(t, "unknown: status", reply.StatusCode, http.StatusNotFound)
		same(t, "unknown: code", reply.Header.Get("x-ms-error-code"), "unknown_model")
	}
}

func testFamilyInfo(t *testing.T, r *running, family string) {
	response, err := http.Get(r.url + "/connections/" + family + "/info?api-version=2024-05-01-preview&model=echo")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text := readBody(t, response)
	if slices.Contains([]string{"ai-services", "serverless", "managed-online"}, family) {
		same(t, "status", response.StatusCode, http.StatusOK)
		contains(t, "info", text, `"model_name":`, `"model_type":"chat-completion"`, `"model_provider_name":`)
		return
	}
	same(t, "status", response.StatusCode, http.StatusNotFound)
	contains(t, "info", text, "ModelInfoUnavailable", family)
}

// Each family's way to refuse a key is understood: the caller hears that the operator has to act.
func (p program) testFamiliesWrongKey(t *testing.T) {
	r := p.startFamilies(t, "wrong-"+programKey)
	for family := range served {
		reply := r.post(t, "/connections/"+family+programChat, say("echo", "x", ""))
		same(t, family+": status", reply.StatusCode, http.StatusFailedDependency)
		same(t, family+": code", reply.Header.Get("x-ms-error-code"), "UpstreamAuthFailed")
		readBody(t, reply)
	}
}

type chunk struct {
	Choices []struct {
		Delta struct {
			Content   string
			ToolCalls []struct {
				Function struct{ Name, Arguments string }
			} `json:"tool_calls"`
		}
		FinishReason string `json:"finish_reason"`
	}
	Usage struct {
		TotalTokens int `json:"total_tokens"`
	}
}

// readChunks reads a stream that must consist of nothing but data lines, and end well.
func readChunks(t *testing.T, text string) (chunks []chunk) {
	t.Helper()
	events := strings.Split(strings.TrimSuffix(text, "\n\n"), "\n\n")
	for i, event := range events {
		data, ok := strings.CutPrefix(event, "data: ")
		if !ok || strings.Contains(data, "\n") {
			t.Fatalf("no plain event: %q", event)
		}
		if i == len(events)-1 {
			same(t, "the end of the stream", data, "[DONE]")
			break
		}
		var c chunk
		if err := json.Unmarshal([]byte(data), &c); err != nil {
			t.Fatal(fmt.Errorf("%w: %q", err, data))
		}
		chunks = append(chunks, c)
	}
	if len(chunks) == 0 {
		t.Fatalf("an empty stream: %q", text)
	}
	return chunks
}
