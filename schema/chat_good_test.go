package schema_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

func TestGoodBodies(t *testing.T) {
	chat := action(t, chatID)
	for name, body := range goodBodies {
		t.Run(name, func(t *testing.T) {
			d := parse(t, body)
			if got := chat.CheckBody(d); got != nil {
				t.Errorf("%s\ngot %v, want no violation", body, got)
			}
			if got := joined(d); got != body {
				t.Errorf("got %s, want %s", got, body)
			}
		})
	}
}

var goodBodies = map[string]string{
	"one question":            message(`{"role":"user","content":"Hi"}`),
	"empty texts":             message(`{"role":"system","content":""},{"role":"user","content":""}`),
	"every role":              message(`{"role":"system","content":"s"},{"role":"developer","content":"d"},{"role":"user","content":"u"},{"role":"assistant","content":"a"},{"role":"tool","tool_call_id":"t"}`),
	"only the assistant":      message(`{"role":"assistant"}`),
	"assistant says null":     message(`{"role":"assistant","content":null,"tool_calls":null,"audio":null}`),
	"assistant calls nothing": message(`{"role":"assistant","tool_calls":[]}`),
	"call":                    call(`{"id":"","type":"function","function":{"name":"f","arguments":"{}"}}`),
	"call with an object":     call(`{"id":"1","type":"function","function":{"name":"f","arguments":{"a":[1]},"call_id":null}}`),
	"earlier audio":           message(`{"role":"assistant","audio":{"id":"x"}}`),
	"tool answers":            message(`{"role":"tool","tool_call_id":"1","content":"42"}`),
	"tool answers null":       message(`{"role":"tool","tool_call_id":"1","content":null}`),
	"names of messages":       message(`{"role":"user","content":"Hi","name":"x"},{"content":"Hi","more":{"a":null},"role":"system"}`),
	"no parts":                part(``),
	"every part":              part(`{"type":"text","text":"a"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}},{"type":"audio_url","audio_url":{"url":"u"}},{"type":"input_audio","input_audio":{"data":"AA==","format":"mp3"}}`),
	"every detail":            part(`{"type":"image_url","image_url":{"url":"","detail":"auto"}},{"type":"image_url","image_url":{"url":"","detail":"low"}},{"type":"image_url","image_url":{"url":"","detail":"high"}},{"type":"image_url","image_url":{"url":"","detail":null}}`),
	"more in a part":          part(`{"type":"text","text":"a","image_url":5,"cache":true}`),
	"wav":                     part(`{"type":"input_audio","input_audio":{"data":"","format":"wav"},"format":1}`),
	"model":                   with(`"model":"m"`),
	"model of 256 characters": with(`"model":"` + text(255) + `é"`),
	"lowest numbers":          with(`"temperature":0,"top_p":0,"frequency_penalty":-2,"presence_penalty":-2,"max_tokens":0,"seed":-9223372036854775808`),
	"highest numbers":         with(`"temperature":1,"top_p":1,"frequency_penalty":2,"presence_penalty":2,"max_tokens":2147483647,"seed":9223372036854775807`),
	"numbers in other words":  with(`"temperature":1.0,"top_p":1e-7,"frequency_penalty":-0,"presence_penalty":2.00,"max_tokens":1E3,"seed":5.0`),
	"long numbers":            with(`"temperature":0.` + digits(120)),
	"stop":                    with(`"stop":["",".","\u0000"]`),
	"stream":                  with(`"stream":true`),
	"no stream":               with(`"stream":false`),
	"modalities":              with(`"modalities":["text","audio"]`),
	"no modalities":           with(`"modalities":[]`),
	"reply as text":           with(`"response_format":{"type":"text"}`),
	"reply as an object":      with(`"response_format":{"type":"json_object","json_schema":5}`),
	"reply by a schema":       replySchema(`"name":"A-z_09","schema":{"type":"object"},"description":"d","strict":true`),
	"reply by a schema, null": replySchema(`"name":"` + text(64) + `","schema":{},"description":null,"strict":null`),
	"tool":                    tool(`"name":"f"`),
	"tool in full":            tool(`"name":"A-z_09","description":"d","parameters":{"type":"object","properties":{"$ref":{"enum":[1]}}},"strict":true`),
	"tool with nulls":         tool(`"name":"` + text(64) + `","description":null,"parameters":null`),
	"choice auto":             with(`"tool_choice":"auto"`),
	"choice none":             with(`"tool_choice":"none"`),
	"choice required":         with(`"tool_choice":"required"`),
	"choice of one":           with(`"tool_choice":{"type":"function","function":{"name":"f"}}`),
	"context":                 with(`"user_security_context":{}`),
	"context in full":         with(`"user_security_context":{"application_name":"` + text(100) + `","end_user_id":"01234567-89ab-CDEF-0123-456789abcdef","end_user_tenant_id":"00000000-0000-0000-0000-000000000000","source_ip":"` + digits(45) + `"}`),
	"context with nulls":      with(`"user_security_context":{"application_name":null,"end_user_id":null,"end_user_tenant_id":null,"source_ip":null}`),
	"shortest address":        context("source_ip", `"::"`),
	"more than we know":       with(`"n":2,"user":null,"x-dispatch":{"property":"a"},"$ref":"#"`),
}

func TestSeveralViolations(t *testing.T) {
	const ok, bad = `{"role":"user","content":"Hi"},`, `{"role":"x"},`
	for name, test := range map[string]struct {
		body string
		want []string
	}{
		"numbers in order": {
			message(ok + ok + bad + ok + bad + ok + ok + ok + ok + ok + `{"role":"x"}`),
			[]string{"/messages/2/role", "/messages/4/role", "/messages/10/role"},
		},
		"names in order": {
			`{"top_p":2,"messages":[],"stop":[],"temperature":2,"model":""}`,
			[]string{"/messages", "/model", "/stop", "/temperature", "/top_p"},
		},
		"each missing name": {
			with(`"tools":[{},{"type":"function"}],"tool_choice":{}`),
			[]string{"/tool_choice/type", "/tool_choice/function", "/tools/0/type", "/tools/0/function", "/tools/1/function"},
		},
		"outer before inner": {
			message(`5,{"role":"user","content":[{"type":"text"},5]},{"role":"user"}`),
			[]string{"/messages/0", "/messages/1/content/0/text", "/messages/1/content/1", "/messages/2/content"},
		},
		"no more than 20": {
			with(`"tools":[` + list(`{}`, 15) + `],"stop":[` + list(`0`, 11) + `]`),
			append(numbered("/stop/#", 11), "/tools/0/type", "/tools/0/function", "/tools/1/type", "/tools/1/function", "/tools/2/type",
				"/tools/2/function", "/tools/3/type", "/tools/3/function", "/tools/4/type"),
		},
		"several in one message": {
			message(`{"role":"assistant","content":5,"tool_calls":[{"id":5,"type":"function"}],"audio":5}`),
			[]string{"/messages/0/audio", "/messages/0/content", "/messages/0/tool_calls/0/function", "/messages/0/tool_calls/0/id"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 { // however the validator walks through its maps
				got := pointers(action(t, chatID).CheckBody(parse(t, test.body)))
				if !slices.Equal(got, test.want) {
					t.Fatalf("got %q, want %q", got, test.want)
				}
			}
		})
	}
}

// numbered returns pointers with a number that counts up in the place of #.
func numbered(pattern string, n int) []string {
	var list []string
	for i := range n {
		list = append(list, strings.ReplaceAll(pattern, "#", strconv.Itoa(i)))
	}
	return list
}

func pointers(violations []schema.Violation) []string {
	var list []string
	for _, v := range violations {
		list = append(list, v.Pointer())
	}
	return list
}
