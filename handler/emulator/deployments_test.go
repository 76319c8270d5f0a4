package emulator_test

import (
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

const weatherTool = `,"tools":[{"type":"function","function":{"name":"first"}},
	{"type":"function","function":{"name":"weather","parameters":{"type":"object","required":["city"],
	"properties":{"city":{"type":"string"},"days":{"type":"integer"}}}}}]`

// answering are the deployments that end in 200, and what they say to request().
var answering = map[string]struct {
	fields, content, finish string
	reasoning               any
}{
	"echo":      {"", "one two  three\nfour", "stop", nil},
	"tools":     {"", "There is no tool to call.", "stop", nil},
	"json":      {"", `{"echo":"one two  three\nfour"}`, "stop", nil},
	"reasoning": {"", "one two  three\nfour", "stop", "The last message has 4 words; an emulator can only repeat it."},
	"slow":      {`,"max_tokens":1`, "one", "length", nil},
	"truncated": {"", "one two", "length", nil},
	"censored":  {"", "one two", "content_filter", nil},
	"audio":     {"", "one two  three\nfour", "stop", nil}, // TestAudio asks for more
}

// refusing are those that end in an error.
var refusing = map[string]struct {
	fields     string
	status     int
	retryAfter string
	contains   []string
}{
	"filtered": {"", 400, "", []string{`"code":"content_filter"`, `"param":"prompt"`, `"status":400`}},
	"unsupported": {`,"seed":null,"temperature":0.70,"top_p":1`, 422, "", []string{`"code":"parameter_not_supported"`,
		`"detail":[{"input":0.70,"loc":["body","temperature"]}]`}},
	"throttled":   {"", 429, "7", []string{`"code":"RateLimitReached"`, `"details":"`}},
	"unavailable": {"", 503, "3", []string{`"code":"Service Unavailable"`, `"status":503`}},
}

func TestEveryDeploymentIsTested(t *testing.T) {
	tested := slices.Collect(maps.Keys(answering))
	tested = slices.AppendSeq(tested, maps.Keys(refusing))
	tested = append(tested, "breaks", "embeddings", "hangs") // TestBreaks, TestVectors, TestGone
	slices.Sort(tested)
	equal(t, "deployments", slices.Sorted(slices.Values(emulator.Deployments())), tested)
}

func TestAnswers(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	for name := range answering {
		if name != "slow" { // TestPace has the time for it
			t.Run(name, func(t *testing.T) { checkAnswer(t, e, name) })
		}
	}
}

// checkAnswer asks for both forms and wants them to say the same.
func checkAnswer(t *testing.T, e endpoint, name string) {
	t.Helper()
	c := answering[name]
	whole := parse(t, readAll(t, e.chat(t, request(name, c.fields))))
	choice := at(t, whole, "choices", 0).(map[string]any)
	equal(t, "object", at(t, whole, "object"), any("chat.completion"))
	equal(t, "model", at(t, whole, "model"), any("emulator/"+name))
	equal(t, "content", at(t, choice, "message", "content"), any(c.content))
	equal(t, "reasoning", at(t, choice, "message", "reasoning_content"), c.reasoning)
	equal(t, "finish_reason", choice["finish_reason"], any(c.finish))
	equal(t, "has verdicts", choice["content_filter_results"] != nil, name == "censored")

	response := e.chat(t, request(name, c.fields+`,"stream":true`))
	equal(t, "content type", response.Header.Get("Content-Type"), "text/event-stream; charset=utf-8")
	compare(t, assemble(t, events(t, readAll(t, response))), whole)
}

func TestRefusals(t *testing.T) {
	e := serve(t, emulator.Config{})
	for name, c := range refusing {
		for form, stream := range map[string]string{"JSON": "", "stream": `,"stream":true`} {
			t.Run(name+" "+form, func(t *testing.T) {
				response := e.chat(t, request(name, c.fields+stream))
				body := readAll(t, response)
				equal(t, "status", response.StatusCode, c.status)
				equal(t, "Retry-After", response.Header.Get("Retry-After"), c.retryAfter)
				equal(t, "content type", response.Header.Get("Content-Type"), "application/json")
				for _, part := range c.contains {
					if !strings.Contains(body, part) {
						t.Errorf("got %s, want it to contain %s", body, part)
					}
				}
			})
		}
	}
}

func TestBreaks(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})

	response := e.chat(t, request("breaks", ""))
	half, err := io.ReadAll(response.Body)
	equal(t, "error", err, io.ErrUnexpectedEOF)
	equal(t, "half of the body", int64(len(half)), response.ContentLength/2)

	response = e.chat(t, request("breaks", `,"stream":true`))
	stream, err := io.ReadAll(response.Body)
	equal(t, "error", err, io.ErrUnexpectedEOF)
	got := events(t, string(stream))
	equal(t, "number of events", len(got), 3)
	for _, event := range got {
		parse(t, event)
	}
}
