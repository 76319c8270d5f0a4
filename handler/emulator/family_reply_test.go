package emulator_test

import (
	"regexp"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

var (
	nativeID = regexp.MustCompile(`^[0-9a-f]{32}$`)
	openAIID = regexp.MustCompile(`^chatcmpl-[0-9A-Za-z]{29}$`)
)

// settled replaces what differs from call to call, after a look at it: id, created, and the id of a tool call.
func settled(t testing.TB, family, text string) any {
	t.Helper()
	value := parse(t, text).(map[string]any)
	if value["id"] == "" { // nothing is known yet
		return value
	}
	form := nativeID
	if strings.HasPrefix(family, "azure") || strings.HasPrefix(family, "openai") {
		form = openAIID
	}
	if id, _ := value["id"].(string); !form.MatchString(id) {
		t.Errorf("%s: got id %q", family, id)
	}
	if created, _ := value["created"].(float64); created < 1e9 {
		t.Errorf("%s: got created %v", family, created)
	}
	value["id"], value["created"] = "ID", 0.0
	for _, choice := range value["choices"].([]any) {
		for _, part := range []string{"message", "delta"} {
			said, _ := choice.(map[string]any)[part].(map[string]any)
			calls, _ := said["tool_calls"].([]any)
			for _, call := range calls {
				if call := call.(map[string]any); call["id"] != nil {
					call["id"] = "CALL"
				}
			}
		}
	}
	return value
}

// Verdicts of a content filter, open at the end.
const (
	none = `{"hate":{"filtered":false,"severity":"safe"},"self_harm":{"filtered":false,"severity":"safe"},"sexual":{"filtered":false,"severity":"safe"}`
	safe = none + `,"violence":{"filtered":false,"severity":"safe"}`
	some = none + `,"violence":{"filtered":true,"severity":"medium"}`
	calm = `,"jailbreak":{"filtered":false,"detected":false}`
)

const (
	promptResult = `,"prompt_filter_results":[{"prompt_index":0,"content_filter_results":` + safe + calm + `}}]`
	thoughts     = "The last message has 4 words; an emulator can only repeat it."
	echoUsage    = `"usage":{"prompt_tokens":4,"completion_tokens":4,"total_tokens":8}`
)

// whole writes a reply: what is in the message beside its role, what in the choice, and what at the root.
func whole(model, message, choice, root string) string {
	return `{"id":"ID","object":"chat.completion","created":0,"model":"emulator/` + model + `","system_fingerprint":"emulator",
		"choices":[{"index":0,"message":{"role":"assistant",` + message + `},` + choice + `}],` + root + `}`
}

func TestWholeReplies(t *testing.T) {
	e := serve(t, emulator.Config{})
	const (
		text     = `"content":"one two  three\nfour"`
		half     = `"content":"one two"`
		halfUsed = `"usage":{"prompt_tokens":4,"completion_tokens":2,"total_tokens":6}`
		thought  = `"usage":{"prompt_tokens":4,"completion_tokens":16,"total_tokens":20,"completion_tokens_details":{"audio_tokens":0,"reasoning_tokens":12,"total_tokens":16}}`
		aloud    = `"usage":{"prompt_tokens":4,"completion_tokens":16,"total_tokens":20}`
		stop     = `"finish_reason":"stop"`
		openAI   = stop + `,"logprobs":null`
		azure    = openAI + `,"content_filter_results":` + safe + `}`
		cut      = `"finish_reason":"content_filter"`
		refusal  = `,"refusal":null`
		split    = text + `,"reasoning_content":"` + thoughts + `"`
	)
	for _, family := range dialects() {
		echo, censored, reasoning := whole("echo", text, stop, echoUsage), whole("censored", half, cut+`,"content_filter_results":`+some+`}`, halfUsed),
			whole("reasoning", `"content":"<think>`+thoughts+`</think>\n\none two  three\nfour"`, stop, aloud)
		switch family {
		case "github-models": // its calls have no version here
			reasoning = whole("reasoning", split, stop, thought)
		case "openai-compatible":
			echo, censored = whole("echo", text+refusal, openAI, echoUsage), whole("censored", half+refusal, cut+`,"logprobs":null`, halfUsed)
			reasoning = whole("reasoning", split+refusal, openAI, thought)
		case "azure-openai", "azure-openai v1":
			echo = whole("echo", text+refusal, azure, echoUsage+promptResult)
			censored = whole("censored", half+refusal, cut+`,"logprobs":null,"content_filter_results":`+some+`}`, halfUsed+promptResult)
			reasoning = whole("reasoning", split+refusal, azure, thought+promptResult)
		}
		for model, want := range map[string]string{"echo": echo, "censored": censored, "reasoning": reasoning} {
			got := settled(t, family, readAll(t, e.ask(t, family, model, "")))
			equal(t, family+" "+model, got, parse(t, want))
		}
	}
}

func TestWholeToolCalls(t *testing.T) {
	e := serve(t, emulator.Config{})
	const message = `"content":null,"tool_calls":[{"id":"CALL","type":"function","function":{"name":"first","arguments":"{}"}}]`
	const root = `"usage":{"prompt_tokens":4,"completion_tokens":1,"total_tokens":5}`
	native := whole("tools", message, `"finish_reason":"tool_calls"`, root)
	openAI := whole("tools", message+`,"refusal":null`, `"finish_reason":"tool_calls","logprobs":null`, root)
	azure := whole("tools", message+`,"refusal":null`, `"finish_reason":"tool_calls","logprobs":null,"content_filter_results":`+safe+`}`, root+promptResult)
	for family, want := range map[string]string{
		"serverless": native, "managed-online": native, "ai-services": native, "github-models": native,
		"openai-compatible": openAI, "azure-openai": azure, "azure-openai v1": azure,
	} {
		equal(t, family, settled(t, family, readAll(t, e.ask(t, family, "tools", weatherTool))), parse(t, want))
	}
}

// A version decides whether there is reasoning_content.
func TestReasoningByVersion(t *testing.T) {
	e := serve(t, emulator.Config{})
	for version, split := range map[string]bool{
		"2024-04-01-preview": false, "2024-05-01-preview": false, "2025-02-01-preview": false, "2025-04-01": true, "2025-05-01": true, "2025-05-15-preview": true,
	} {
		response := e.send(t, "POST", "/models/chat/completions?api-version="+version, request("reasoning", ""))
		message := at(t, parse(t, readAll(t, response)), "choices", 0, "message").(map[string]any)
		equal(t, version, message["reasoning_content"] != nil, split)
		equal(t, version, strings.Contains(message["content"].(string), "<think>"), !split)
	}
}
