package emulator_test

import (
	"testing"

	"inferenceconnector/handler/emulator"
)

func TestEchoLimits(t *testing.T) {
	e := serve(t, emulator.Config{})
	for name, c := range map[string]struct {
		fields, content, finish string
	}{
		"max_tokens":                   {`,"max_tokens":2`, "one two", "length"},
		"max_tokens as a whole number": {`,"max_tokens":2.0`, "one two", "length"},
		"max_tokens of zero":           {`,"max_tokens":0`, "", "length"},
		"max_tokens, just enough":      {`,"max_tokens":4`, "one two  three\nfour", "stop"},
		"max_completion_tokens":        {`,"max_completion_tokens":1`, "one", "length"},
		"one stop":                     {`,"stop":" two"`, "one", "stop"},
		"earliest stop":                {`,"stop":["four","two",""]`, "one ", "stop"},
		"stop before max_tokens":       {`,"stop":[" two"],"max_tokens":1`, "one", "stop"},
	} {
		t.Run(name, func(t *testing.T) {
			reply := parse(t, readAll(t, e.chat(t, request("echo", c.fields), "extra-parameters: pass-through")))
			equal(t, "content", at(t, reply, "choices", 0, "message", "content"), any(c.content))
			equal(t, "finish_reason", at(t, reply, "choices", 0, "finish_reason"), any(c.finish))
		})
	}
}

func TestEchoText(t *testing.T) {
	e := serve(t, emulator.Config{})
	for name, c := range map[string]struct {
		messages, content string
	}{
		"last user message": {`{"role":"user","content":"a"},{"role":"user","content":"b"},{"role":"assistant","content":null}`, "b"},
		"no user message":   {`{"role":"system","content":"a"}`, "There is no user message to repeat."},
		"empty":             {`{"role":"user","content":""}`, ""},
		"parts": {`{"role":"user","content":[{"type":"text","text":"see"},{"type":"image_url","image_url":{"url":"data:,"}},
			{"type":"text","text":"this"}]}`, "see this [1 image]"},
		"many parts": {`{"role":"user","content":[{"type":"image_url"},{"type":"image_url"},{"type":"audio_url"},{"type":"input_audio"},
			{"type":"unheard"}]}`, "[2 images] [2 audio clips]"},
		"letters of all kinds": {`{"role":"user","content":"<ção & \"世界\">\u2003x"}`, "<ção & \"世界\">\u2003x"},
	} {
		t.Run(name, func(t *testing.T) {
			reply := parse(t, readAll(t, e.chat(t, `{"model":"echo","messages":[`+c.messages+`]}`)))
			equal(t, "content", at(t, reply, "choices", 0, "message", "content"), any(c.content))
		})
	}
}

func TestUsage(t *testing.T) {
	e := serve(t, emulator.Config{})
	for name, c := range map[string]struct {
		body  string
		usage string
	}{
		"words":        {request("echo", ""), `{"prompt_tokens":4,"completion_tokens":4,"total_tokens":8}`},
		"at least one": {`{"model":"echo","messages":[{"role":"user","content":""}]}`, `{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}`},
		"reasoning": {request("reasoning", ""),
			`{"prompt_tokens":4,"completion_tokens":16,"total_tokens":20,"completion_tokens_details":{"audio_tokens":0,"reasoning_tokens":12,"total_tokens":16}}`},
	} {
		t.Run(name, func(t *testing.T) {
			reply := parse(t, readAll(t, e.chat(t, c.body)))
			equal(t, "usage", at(t, reply, "usage"), parse(t, c.usage))
		})
	}
}
