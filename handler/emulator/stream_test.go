package emulator_test

import (
	"testing"

	"inferenceconnector/handler/emulator"
)

// assemble makes of a stream's events the completion they are the pieces of.
func assemble(t testing.TB, stream []string) map[string]any {
	t.Helper()
	last := len(stream) - 1
	equal(t, "last event", stream[last], "[DONE]")
	message := map[string]any{"content": ""}
	whole := map[string]any{"message": message}
	for i, event := range stream[:last] {
		chunk := parse(t, event)
		equal(t, "object", at(t, chunk, "object"), any("chat.completion.chunk"))
		equal(t, "system_fingerprint", at(t, chunk, "system_fingerprint"), any("emulator"))
		equal(t, "id", at(t, chunk, "id"), at(t, parse(t, stream[0]), "id"))
		choice := at(t, chunk, "choices", 0)
		delta := at(t, choice, "delta").(map[string]any)
		if i == 0 {
			equal(t, "first delta", delta, map[string]any{"role": "assistant", "content": ""})
		}
		add(message, delta)
		ends := i == last-1
		equal(t, "has finish_reason", at(t, choice, "finish_reason") != nil, ends)
		equal(t, "has usage", at(t, chunk, "usage") != nil, ends)
		whole["finish_reason"] = at(t, choice, "finish_reason")
		whole["usage"] = at(t, chunk, "usage")
		whole["model"] = at(t, chunk, "model")
	}
	return whole
}

func add(message, delta map[string]any) {
	for _, field := range []string{"content", "reasoning_content"} {
		if more, ok := delta[field].(string); ok {
			sofar, _ := message[field].(string)
			message[field] = sofar + more
		}
	}
	calls, _ := delta["tool_calls"].([]any)
	for _, piece := range calls {
		piece := piece.(map[string]any)
		if piece["id"] != nil {
			message["tool_calls"] = []any{piece}
			continue
		}
		function := message["tool_calls"].([]any)[0].(map[string]any)["function"].(map[string]any)
		function["arguments"] = function["arguments"].(string) + piece["function"].(map[string]any)["arguments"].(string)
	}
}

// compare checks that a stream says what the whole reply to the same request does.
func compare(t testing.TB, streamed map[string]any, whole any) {
	t.Helper()
	message := at(t, whole, "choices", 0, "message").(map[string]any)
	said := streamed["message"].(map[string]any)
	for _, field := range []string{"content", "reasoning_content"} {
		if message[field] != nil {
			equal(t, field, said[field], message[field])
		}
	}
	if calls := message["tool_calls"]; calls != nil {
		for _, path := range []string{"name", "arguments"} {
			equal(t, path, at(t, said, "tool_calls", 0, "function", path), at(t, calls, 0, "function", path))
		}
	}
	equal(t, "finish_reason", streamed["finish_reason"], at(t, whole, "choices", 0, "finish_reason"))
	equal(t, "usage", streamed["usage"], at(t, whole, "usage"))
	equal(t, "model", streamed["model"], at(t, whole, "model"))
}

func TestStreamUsageAgain(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	response := e.chat(t, request("echo", `,"stream":true,"stream_options":{"include_usage":true}`), "extra-parameters: pass-through")
	got := events(t, readAll(t, response))
	again, finish := parse(t, got[len(got)-2]), parse(t, got[len(got)-3])
	equal(t, "choices", at(t, again, "choices"), any([]any{}))
	equal(t, "usage", at(t, again, "usage"), at(t, finish, "usage"))
	equal(t, "finish_reason", at(t, finish, "choices", 0, "finish_reason"), any("stop"))
}

func TestStreamOneEventPerWord(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	got := events(t, readAll(t, e.chat(t, request("echo", `,"stream":true`))))
	equal(t, "number of events", len(got), 1+4+1+1) // role, words, finish, [DONE]
}
