package emulator_test

import (
	"fmt"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

func TestTools(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	for name, c := range map[string]struct {
		fields, name, arguments, finish string
	}{
		"first":    {weatherTool, "first", `{}`, "tool_calls"},
		"auto":     {weatherTool + `,"tool_choice":"auto"`, "first", `{}`, "tool_calls"},
		"required": {weatherTool + `,"tool_choice":"required"`, "first", `{}`, "tool_calls"},
		"forced": {weatherTool + `,"tool_choice":{"type":"function","function":{"name":"weather"}}`,
			"weather", `{"city":"text","days":1}`, "stop"},
	} {
		t.Run(name, func(t *testing.T) {
			whole := parse(t, readAll(t, e.chat(t, request("tools", c.fields))))
			choice := at(t, whole, "choices", 0)
			equal(t, "content", at(t, choice, "message", "content"), nil)
			equal(t, "finish_reason", at(t, choice, "finish_reason"), any(c.finish))
			call := at(t, choice, "message", "tool_calls", 0)
			equal(t, "type", at(t, call, "type"), any("function"))
			equal(t, "has an id", at(t, call, "id") != "", true)
			equal(t, "function", at(t, call, "function"), any(map[string]any{"name": c.name, "arguments": c.arguments}))

			stream := events(t, readAll(t, e.chat(t, request("tools", c.fields+`,"stream":true`))))
			compare(t, assemble(t, stream), whole)
			head := at(t, parse(t, stream[1]), "choices", 0, "delta", "tool_calls", 0)
			equal(t, "head", at(t, head, "function"), any(map[string]any{"name": c.name, "arguments": ""}))
			rest := at(t, parse(t, stream[2]), "choices", 0, "delta", "tool_calls", 0).(map[string]any)
			equal(t, "fields of a fragment", len(rest), 2)
			equal(t, "index of a fragment", rest["index"], any(0.0))
		})
	}
}

func TestToolsInText(t *testing.T) {
	e := serve(t, emulator.Config{})
	result := `{"model":"tools","messages":[{"role":"user","content":"hi"},
		{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"first","arguments":"{}"}}]},
		{"role":"tool","tool_call_id":"c","content":"sunny, 20 degrees"}]` + weatherTool + `}`
	for name, c := range map[string]struct {
		body     string
		status   int
		contains string
	}{
		"result":        {result, 200, "sunny, 20 degrees"},
		"none allowed":  {request("tools", weatherTool+`,"tool_choice":"none"`), 200, "No tool may be called."},
		"none given":    {request("tools", ""), 200, "There is no tool to call."},
		"unknown force": {request("tools", weatherTool+`,"tool_choice":{"type":"function","function":{"name":"x"}}`), 400, "not among"},
	} {
		t.Run(name, func(t *testing.T) {
			response := e.chat(t, c.body)
			equal(t, "status", response.StatusCode, c.status)
			if body := readAll(t, response); !strings.Contains(body, c.contains) || strings.Contains(body, "tool_calls") {
				t.Errorf("got %s, want it to contain %s and no call", body, c.contains)
			}
		})
	}
}

func TestSamples(t *testing.T) {
	e := serve(t, emulator.Config{})
	for name, c := range map[string]struct{ schema, want string }{
		"absent":            {`null`, `{}`},
		"empty":             {`{}`, `{}`},
		"each type":         {`{"properties":{"a":{"type":"string"},"b":{"type":"number"},"c":{"type":"boolean"},"d":{"type":"null"},"e":{"type":"array","items":{"type":"integer"}}}}`, `{"a":"text","b":1,"c":true,"d":null,"e":[1]}`},
		"first enum value":  {`{"enum":[12345678901234567890,2]}`, `12345678901234567890`},
		"const":             {`{"type":"object","properties":{"kind":{"const":"x"}}}`, `{"kind":"x"}`},
		"minimum":           {`{"type":"integer","minimum":5}`, `5`},
		"several types":     {`{"type":["string","null"]}`, `"text"`},
		"required, unknown": {`{"type":"object","required":["a"]}`, `{"a":"text"}`},
		"branches":          {`{"anyOf":[{"type":"integer"},{"type":"string"}]}`, `1`},
		"reference":         {`{"$defs":{"n":{"type":"integer"}},"type":"object","properties":{"a":{"$ref":"#/$defs/n"}}}`, `{"a":1}`},
		"lost reference":    {`{"type":"object","properties":{"a":{"$ref":"#/$defs/n/m"}}}`, `{"a":"text"}`},
	} {
		t.Run(name, func(t *testing.T) {
			equal(t, "sample", instance(t, e, c.schema), c.want)
		})
	}
}

// A schema that refers to itself, often, still has a small instance.
func TestSampleOfRecursion(t *testing.T) {
	e := serve(t, emulator.Config{})
	var properties []string
	for i := range 100 {
		properties = append(properties, fmt.Sprintf(`"p%d":{"$ref":"#"},"q%d":{"type":"array","items":{"$ref":"#"}}`, i, i))
	}
	got := instance(t, e, `{"type":"object","properties":{`+strings.Join(properties, ",")+`}}`)
	parse(t, got)
	if len(got) > 1<<16 {
		t.Errorf("got %d bytes, want a small sample", len(got))
	}
}

func instance(t testing.TB, e endpoint, schema string) string {
	t.Helper()
	body := request("json", `,"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":`+schema+`}}`)
	reply := parse(t, readAll(t, e.chat(t, body)))
	return at(t, reply, "choices", 0, "message", "content").(string)
}
