package emulator_test

import (
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

const (
	leading   = `{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0,"content_filter_results":{}}]}`
	asking    = `,"stream_options":{"include_usage":true}`
	two       = `,"max_tokens":2`
	used      = `"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}`
	callUsage = `"usage":{"prompt_tokens":4,"completion_tokens":1,"total_tokens":5}`
)

// chunk writes a chunk with one choice, or without any.
func chunk(model, choice string, root ...string) string {
	return `{"id":"ID","object":"chat.completion.chunk","created":0,"model":"emulator/` + model + `","system_fingerprint":"emulator",
		"choices":[` + choice + `]` + strings.Join(append([]string{""}, root...), ",") + `}`
}

func delta(delta, finish string) string {
	return `{"index":0,"delta":` + delta + `,"finish_reason":` + finish + `,"logprobs":null}`
}

// unobjected is a choice with what the filter says once it has seen it all.
func unobjected(choice string) string {
	return strings.TrimSuffix(choice, "}") + `,"content_filter_results":` + safe + `}}`
}

// A stream is a family's, asked for by fields and a header.
type stream struct {
	family, model, fields, header string
	want                          []string
}

func (s stream) check(t *testing.T, e endpoint) {
	t.Helper()
	response := e.ask(t, s.family, s.model, `,"stream":true`+s.fields, s.header)
	equal(t, "status", response.StatusCode, 200)
	equal(t, "content type", response.Header.Get("Content-Type"), "text/event-stream; charset=utf-8")
	got := events(t, readAll(t, response))
	equal(t, "number of events", len(got), len(s.want)+1)
	equal(t, "last", got[len(got)-1], "[DONE]")
	for i := range min(len(s.want), len(got)-1) {
		equal(t, "chunk", settled(t, s.family, got[i]), parse(t, s.want[i]))
	}
}

func TestStreams(t *testing.T) {
	const null = `"usage":null`
	role, one, more, end := delta(`{"role":"assistant","content":""}`, "null"), delta(`{"content":"one"}`, "null"), delta(`{"content":" two"}`, "null"), delta("{}", `"length"`)
	native := []string{chunk("echo", role), chunk("echo", one), chunk("echo", more), chunk("echo", end, used)}
	openAI := []string{chunk("echo", role), chunk("echo", one), chunk("echo", more), chunk("echo", end)}
	asked := []string{chunk("echo", role, null), chunk("echo", one, null), chunk("echo", more, null), chunk("echo", end, null), chunk("echo", "", used)}
	azure := []string{leading, chunk("echo", role), chunk("echo", one), chunk("echo", more), chunk("echo", unobjected(end))}
	azureAsked := []string{leading, chunk("echo", role, null), chunk("echo", one, null), chunk("echo", more, null), chunk("echo", unobjected(end), null), chunk("echo", "", used)}
	both := append(native[:len(native):len(native)], chunk("echo", "", used))
	const through = "extra-parameters: pass-through"
	e := serve(t, emulator.Config{EventDelay: -1})
	for name, s := range map[string]stream{
		"serverless":            {"serverless", "echo", two, "", native},
		"managed":               {"managed-online", "echo", two, "", native},
		"services":              {"ai-services", "echo", two, "", native},
		"GitHub":                {"github-models", "echo", two, "", native},
		"GitHub, passed":        {"github-models", "echo", two + asking, through, both},
		"services, dropped":     {"ai-services", "echo", two + asking, "extra-parameters: drop", native},
		"Azure":                 {"azure-openai", "echo", two, "", azure},
		"Azure, asked":          {"azure-openai", "echo", two + asking, "", azureAsked},
		"Azure v1":              {"azure-openai v1", "echo", two, "", azure},
		"Azure v1, asked":       {"azure-openai v1", "echo", two + asking, "", azureAsked},
		"OpenAI":                {"openai-compatible", "echo", two, "", openAI},
		"OpenAI, asked":         {"openai-compatible", "echo", two + asking, "", asked},
		"OpenAI, asked without": {"openai-compatible", "echo", two + `,"stream_options":{"include_usage":false}`, "", openAI},
	} {
		t.Run(name, func(t *testing.T) { s.check(t, e) })
	}
}

func TestStreamedToolCalls(t *testing.T) {
	const (
		forced   = weatherTool + `,"tool_choice":{"type":"function","function":{"name":"weather"}}`
		complete = `{"content":null,"tool_calls":[{"id":"CALL","function":{"name":"weather","arguments":"{\"city\":\"text\",\"days\":1}"}}]}`
	)
	fragment := func(text string) string {
		return delta(`{"tool_calls":[{"index":0,"function":{"arguments":"`+text+`"}}]}`, "null")
	}
	role := delta(`{"role":"assistant","content":""}`, "null")
	head := delta(`{"tool_calls":[{"index":0,"id":"CALL","type":"function","function":{"name":"weather","arguments":""}}]}`, "null")
	inOne := []string{chunk("tools", role), chunk("tools", delta(complete, `"stop"`), callUsage)}
	var pieces []string
	for _, choice := range []string{role, head, fragment(`{\"city\":`), fragment(`\"text\",\"days\":`), fragment(`1}`)} {
		pieces = append(pieces, chunk("tools", choice))
	}
	end := delta("{}", `"stop"`)
	with := func(last string) []string { return append(pieces[:len(pieces):len(pieces)], last) }
	azure := append([]string{leading}, with(chunk("tools", unobjected(end)))...)
	e := serve(t, emulator.Config{EventDelay: -1})
	for family, want := range map[string][]string{
		"serverless": inOne, "managed-online": inOne,
		"ai-services": with(chunk("tools", end, callUsage)), "github-models": with(chunk("tools", end, callUsage)),
		"openai-compatible": with(chunk("tools", end)), "azure-openai": azure, "azure-openai v1": azure,
	} {
		t.Run(family, func(t *testing.T) { stream{family, "tools", forced, "", want}.check(t, e) })
	}
}

func TestStreamedReasoning(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	for family, split := range map[string]bool{
		"serverless": false, "managed-online": false, "ai-services": false, "github-models": true,
		"openai-compatible": true, "azure-openai": true, "azure-openai v1": true,
	} {
		message := map[string]any{}
		for _, event := range events(t, readAll(t, e.ask(t, family, "reasoning", `,"stream":true`))) {
			if strings.HasPrefix(event, "{") && !strings.Contains(event, `"choices":[]`) {
				add(message, at(t, parse(t, event), "choices", 0, "delta").(map[string]any))
			}
		}
		want := map[string]any{"content": "<think>" + thoughts + "</think>\n\none two  three\nfour"}
		if split {
			want = map[string]any{"content": "one two  three\nfour", "reasoning_content": thoughts}
		}
		equal(t, family, message, want)
	}
}
