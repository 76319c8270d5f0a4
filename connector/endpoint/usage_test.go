package endpoint

import (
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// Token counts reach the caller on the finish chunk, which alone waits for them (section 4, [choice]).
func TestUsageOfStream(t *testing.T) {
	const (
		content   = `{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}`
		finish    = `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"id":"1"}`
		filter    = `{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[]}`
		counts    = `{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}`
		usage     = `{"choices":[],"usage":` + counts + `}`
		null      = `{"choices":[{"finish_reason":"stop"}],"usage":null,"id":"1"}`
		nulled    = `{"choices":[{"delta":{"content":"a"}}],"usage":null}`
		inPlace   = `{"choices":[{"finish_reason":"stop"}],"usage":` + counts + `,"id":"1"}`
		finished  = `{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"id":"1","usage":` + counts + `}`
		second    = `{"choices":[{"index":1,"delta":{},"finish_reason":"length"}]}`
		secondEnd = `{"choices":[{"index":1,"delta":{},"finish_reason":"length"}],"usage":` + counts + `}`
		running   = `{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}`
	)
	const unasked, asked = "", `,"stream_options":{"include_usage":true}`
	for name, test := range map[string]struct {
		family, options string
		chunks, want    []string
		counted         bool
	}{
		"behind the finish chunk": {"openai-compatible", unasked, []string{filter, content, finish, usage}, []string{filter, content, finished}, true},
		"asked for":               {"openai-compatible", asked, []string{content, finish, usage}, []string{content, finished, usage}, true},
		"declined":                {"openai-compatible", `,"stream_options":{"include_usage":false}`, []string{content, finish}, []string{content, finish}, false},
		"in place of null":        {"azure-openai", unasked, []string{nulled, null, usage}, []string{nulled, inPlace}, true},
		"on the finish chunk":     {"azure-openai", unasked, []string{content, finished}, []string{content, finished}, true},
		"on both":                 {"azure-openai", unasked, []string{finished, usage}, []string{finished, usage}, true},
		"on both, asked for":      {"azure-openai", asked, []string{finished, usage}, []string{finished, usage}, true},
		"it does not come":        {"openai-compatible", unasked, []string{content, finish}, []string{content, finish}, false},
		"null does not help":      {"openai-compatible", unasked, []string{finish, `{"choices":[],"usage":null}`}, []string{`{"choices":[],"usage":null}`, finish}, false},
		"before the finish chunk": {"openai-compatible", unasked, []string{usage, finish}, []string{usage, finish}, true},
		"on each chunk":           {"openai-compatible", unasked, []string{running, running, finished}, []string{running, running, finished}, true},
		"two choices":             {"openai-compatible", unasked, []string{content, finish, second, usage}, []string{content, finish, secondEnd}, true},
		"white space":             {"openai-compatible", unasked, []string{finish + " \t", usage}, []string{finished + " \t"}, true},
		"no family to be asked":   {"ai-services", unasked, []string{content, finish, usage}, []string{content, finish, usage}, true},
	} {
		t.Run(name, func(t *testing.T) {
			r := chat(t, `{"model":"m","messages":[],"stream":true`+test.options+`}`)
			response, err := relay(t, Config{Family: test.family}, r, strings.NewReader(inEvents(test.chunks)+done))
			if err != nil {
				t.Fatal(err)
			}
			if got, want := text(t, response), inEvents(test.want)+done; got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if got := r.Record.PromptTokens == 3 && r.Record.CompletionTokens > 0; got != test.counted {
				t.Errorf("got %d and %d tokens", r.Record.PromptTokens, r.Record.CompletionTokens)
			}
		})
	}
}

func inEvents(chunks []string) string {
	var all strings.Builder
	for _, chunk := range chunks {
		all.WriteString("data: " + chunk + "\n\n")
	}
	return all.String()
}

// A stream that breaks while the finish chunk waits loses nothing that has come.
func TestFinishChunkOfBrokenStream(t *testing.T) {
	const finish = "data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\n"
	r := chat(t, streamedChat)
	response, err := relay(t, Config{Family: "openai-compatible"}, r, strings.NewReader(event1+finish))
	if err != nil {
		t.Fatal(err)
	}
	if before, _ := broke(t, r, text(t, response), connector.UpstreamStreamBroken); before != event1+finish {
		t.Errorf("got %q, want %q", before, event1+finish)
	}
}
