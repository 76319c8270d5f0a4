package emulator_test

import (
	"regexp"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

var (
	nativeTextID = regexp.MustCompile(`^[0-9a-f]{32}$`)
	openAITextID = regexp.MustCompile(`^cmpl-[0-9A-Za-z]{29}$`)
)

// settledText replaces what differs from call to call, after a look at it.
func settledText(t testing.TB, family, text string) any {
	t.Helper()
	value := parse(t, text).(map[string]any)
	if value["id"] == "" {
		return value
	}
	form := nativeTextID
	if strings.HasPrefix(family, "azure") || strings.HasPrefix(family, "openai") {
		form = openAITextID
	}
	if id, _ := value["id"].(string); !form.MatchString(id) {
		t.Errorf("%s: got id %q", family, id)
	}
	if created, _ := value["created"].(float64); created < 1e9 {
		t.Errorf("%s: got created %v", family, created)
	}
	value["id"], value["created"] = "ID", 0.0
	return value
}

// writing is a reply to prompts, or a piece of one: they have one form.
func writing(choices string, root ...string) string {
	return `{"id":"ID","object":"text_completion","created":0,"model":"emulator/echo","system_fingerprint":"emulator",
		"choices":[` + choices + `]` + strings.Join(append([]string{""}, root...), ",") + `}`
}

func written(index, text, finish, more string) string {
	return `{"index":` + index + `,"text":"` + text + `","finish_reason":` + finish + more + `}`
}

const (
	twoPrompts = `"prompt":["one two three","four"],"max_tokens":2`
	twoUsage   = `"usage":{"prompt_tokens":4,"completion_tokens":3,"total_tokens":7}`
	noVerdict  = `,"logprobs":null`
	calmed     = `,"logprobs":null,"content_filter_results":` + safe + `}`
)

func TestPromptsInEachFamily(t *testing.T) {
	e := serve(t, emulator.Config{})
	both := func(more string) string {
		return written("0", "one two", `"length"`, more) + "," + written("1", "four", `"stop"`, more)
	}
	const verdicts = `"prompt_filter_results":[{"prompt_index":0,"content_filter_results":` + safe + calm + `}},` +
		`{"prompt_index":1,"content_filter_results":` + safe + calm + `}}]`
	for _, family := range dialects() {
		want := writing(both(""), twoUsage)
		switch {
		case strings.HasPrefix(family, "azure"):
			want = writing(both(calmed), twoUsage, verdicts)
		case family == "openai-compatible":
			want = writing(both(noVerdict), twoUsage)
		}
		response := e.instead(t, family, "/completions", "echo", twoPrompts)
		equal(t, family, settledText(t, family, readAll(t, response)), parse(t, want))
	}
}

func TestPromptsStreamed(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	const null = `"usage":null`
	pieces := func(piece, end string, root ...string) []string {
		return []string{
			writing(written("0", "one", "null", piece), root...), writing(written("0", " two", "null", piece), root...),
			writing(written("0", "", `"length"`, end), root...), writing(written("1", "four", "null", piece), root...),
			writing(written("1", "", `"stop"`, end), root...),
		}
	}
	native := pieces("", "")
	native[4] = writing(written("1", "", `"stop"`, ""), twoUsage)
	azure := append([]string{leading}, pieces(noVerdict, calmed)...)
	azureAsked := append(append([]string{leading}, pieces(noVerdict, calmed, null)...), writing("", twoUsage))
	openAIAsked := append(pieces(noVerdict, noVerdict, null), writing("", twoUsage))
	for name, s := range map[string]struct {
		family, fields string
		want           []string
	}{
		"serverless": {"serverless", "", native}, "managed": {"managed-online", "", native},
		"services": {"ai-services", "", native}, "GitHub": {"github-models", "", native},
		"Azure": {"azure-openai", "", azure}, "Azure, asked": {"azure-openai", asking, azureAsked},
		"Azure v1": {"azure-openai v1", "", azure}, "Azure v1, asked": {"azure-openai v1", asking, azureAsked},
		"OpenAI": {"openai-compatible", "", pieces(noVerdict, noVerdict)}, "OpenAI, asked": {"openai-compatible", asking, openAIAsked},
	} {
		t.Run(name, func(t *testing.T) {
			response := e.instead(t, s.family, "/completions", "echo", twoPrompts+`,"stream":true`+s.fields)
			got := events(t, readAll(t, response))
			equal(t, "number of events", len(got), len(s.want)+1)
			equal(t, "last", got[len(got)-1], "[DONE]")
			for i := range min(len(s.want), len(got)-1) {
				equal(t, "chunk", settledText(t, s.family, got[i]), parse(t, s.want[i]))
			}
		})
	}
}

func TestPrompts(t *testing.T) {
	e := serve(t, emulator.Config{})
	for fields, want := range map[string]string{
		`"prompt":"one two"`:                 "one two",
		`"prompt":"one two","stop":" two"`:   "one",
		`"prompt":"one two","stop":["o"]`:    "",
		`"prompt":[11,12,13],"max_tokens":2`: "11 12",
		`"prompt":[[11,12]]`:                 "11 12",
	} {
		reply := parse(t, readAll(t, e.instead(t, "ai-services", "/completions", "echo", fields)))
		equal(t, fields, at(t, reply, "choices", 0, "text"), any(want))
	}
	for fields, want := range map[string]string{
		`"prompt":[]`: "at least one text in 'prompt'", `"stop":"x"`: "at least one text in 'prompt'", `"prompt":{}`: "'prompt' must be",
		`"prompt":"a","stream":1`: "'stream' cannot be", `"prompt":"a","suffix":"b"`: "Extra parameters ['suffix']",
	} {
		response := e.instead(t, "ai-services", "/completions", "echo", fields)
		equal(t, fields, response.StatusCode, 400)
		if body := readAll(t, response); !strings.Contains(body, want) {
			t.Errorf("%s: got %s", fields, body)
		}
	}
	for model, finish := range map[string]string{"truncated": "length", "censored": "content_filter"} {
		reply := parse(t, readAll(t, e.instead(t, "ai-services", "/completions", model, `"prompt":"one two"`)))
		equal(t, model, at(t, reply, "choices", 0, "text"), any("one"))
		equal(t, model, at(t, reply, "choices", 0, "finish_reason"), any(finish))
	}
}
