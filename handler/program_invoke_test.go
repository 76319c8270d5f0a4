package main_test

import (
	"os"
	"strings"
	"testing"
)

func (p program) testInvoke(t *testing.T) {
	input := say("echo", "Hello", "")
	file := writeInto(t, "input.json", input)
	for name, test := range map[string]struct {
		stdin     string
		arguments []string
	}{
		"file":           {"", []string{"--input", file}},
		"standard input": {input, []string{"--input", "-"}},
		"flat headers":   {`{"extra-parameters":"drop","n":1,` + input[1:], []string{"--input", "-"}},
	} {
		got := p.run(t, nil, test.stdin, append([]string{"invoke", "GetChatCompletions"}, test.arguments...)...)
		same(t, name+": exit code", got.code, 0)
		same(t, name+": standard error", got.stderr, "")
		same(t, name+": reply", content(t, got.stdout), "Hello")
	}
	models := p.run(t, nil, "", "invoke", "ListModels")
	same(t, "exit code without input", models.code, 0)
	contains(t, "models", models.stdout, `{"value":[{"id":"echo","displayName":"echo"}`)
	flat := p.run(t, nil, `{"model":"json","user_prompt":"Hello","json_schema":{"properties":{"n":{"type":"integer"}},"required":["n"]}}`,
		"invoke", "GetChatReply", "--input", "-")
	same(t, "exit code of a reply", flat.code, 0)
	contains(t, "reply", flat.stdout, `"json":{"n":1}`, `"finish_reason":"stop"`, `"prompt_tokens":1,`, `"model":"emulator/json"`)
	whole := p.run(t, nil, say("echo", "Hello", ""), "invoke", "GetChatCompletionsFromJson", "--input", "-")
	same(t, "reply to JSON", content(t, whole.stdout), "Hello")
	stream := p.run(t, nil, say("echo", "Hello", `,"stream":true`), "invoke", "GetChatCompletions", "--input", "-")
	same(t, "exit code of a stream", stream.code, 0)
	contains(t, "stream", stream.stdout, "data: {", "Hello", "\n\ndata: [DONE]\n\n")
}

func (p program) testInvokeFails(t *testing.T) {
	for name, test := range map[string]struct {
		action, input  string
		stdout, stderr []string
	}{
		"unknown action": {"GetChat", "{}", nil, []string{`There is no action 'GetChat'. Known: `, "GetChatCompletions", "ListModels"}},
		"broken input":   {"GetChatCompletions", "{", nil, []string{`{"error":{"code":"InvalidJson",`}},
		"wrong value":    {"GetChatCompletions", say("echo", "hi", `,"temperature":2`), nil, []string{`"code":"ValidationFailed"`, "temperature must be between 0 and 1"}},
		"unknown name":   {"GetModelInfo", `{"prompt":"hi"}`, nil, []string{`"code":"InvalidRequest"`, "prompt"}},
		"unknown model":  {"GetChatCompletions", say("other", "hi", ""), nil, []string{`"code":"unknown_model"`}},
		"refused":        {"GetChatCompletions", say("throttled", "hi", ""), []string{"RateLimitReached"}, []string{"the endpoint answered with status 429"}},
		"broken reply":   {"GetChatCompletions", say("breaks", "hi", ""), nil, []string{`"code":"UpstreamInvalid"`}},
		"no JSON":        {"GetChatReply", `{"model":"echo","user_prompt":"hi","json_schema":{}}`, nil, []string{`"code":"UpstreamInvalid"`, "(finish_reason stop)"}},
		"JSON, filtered": {"GetChatReply", `{"model":"censored","user_prompt":"{ }","json_schema":{}}`, nil, []string{`"code":"content_filter"`}},
		"JSON, cut":      {"GetChatReply", `{"model":"truncated","user_prompt":"{ }","json_schema":{}}`, nil, []string{`"code":"ValidationFailed"`, "max_tokens must be higher"}},
		"reply, refused": {"GetChatReply", `{"model":"throttled","user_prompt":"hi"}`, []string{"RateLimitReached"}, []string{"the endpoint answered with status 429"}},
		"no stream":      {"GetChatCompletionsFromJson", say("echo", "hi", `,"stream":true`), nil, []string{"stream cannot be true here"}},
		"broken stream":  {"GetChatCompletions", say("breaks", "hi", `,"stream":true`), []string{"data: {", "event: error", "UpstreamStreamBroken"}, []string{"the stream broke off"}},
	} {
		got := p.run(t, nil, test.input, "invoke", test.action, "--input", "-")
		same(t, name+": exit code", got.code, 1)
		contains(t, name+": standard output", got.stdout, test.stdout...)
		contains(t, name+": standard error", got.stderr, test.stderr...)
		if test.stdout == nil {
			same(t, name+": standard output", got.stdout, "")
		}
	}
	gone := p.run(t, nil, "", "invoke", "ListModels", "--input", "gone.json")
	same(t, "exit code without the file", gone.code, 1)
	same(t, "standard error without the file", gone.stderr, "--input: open gone.json: no such file or directory\n")
}

func (p program) testInvokeConnection(t *testing.T) {
	e := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0", "--key", programKey)
	file := writeInto(t, "connections.json", `{"connections":{
		"good":{"endpoint":"`+e.url+`/models","authentication":{"type":"Key","value":"@appsetting('KEY')"},
			"callers":[{"name":"x","key":"`+strings.Repeat("x", 32)+`"}]},
		"bad":{"endpoint":"`+e.url+`/models","authentication":{"type":"Key","value":"wrong"}}}}`)
	environment := []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "KEY=" + programKey}
	for line, test := range map[string]struct {
		code int
		want string
	}{
		"--connection good":  {0, "Hello"},
		"--connection bad":   {1, "UpstreamAuthFailed"},
		"--connection other": {1, "NotFound"},
		"":                   {1, "You have 2 connections"},
	} {
		arguments := append(strings.Fields(line), "--input", "-")
		got := p.run(t, environment, say("echo", "Hello", ""), append([]string{"invoke", "GetChatCompletions"}, arguments...)...)
		same(t, line+": exit code", got.code, test.code)
		contains(t, line, got.stdout+got.stderr, test.want)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	got := p.run(t, environment, "", "invoke", "ListModels")
	same(t, "standard error without connections", got.stderr, "CONNECTOR_CONNECTIONS_FILE cannot be read: open "+file+": no such file or directory\n")
}
