package connector

import (
	"bytes"
	"reflect"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// Everything that a deployment can lack is found, at its place, and nothing else is.
func TestLacks(t *testing.T) {
	const image = `"messages":[{"role":"user","content":[{"type":"text","text":"t"},{"type":"image_url","image_url":{"url":"u"}}]}]`
	for capability, test := range map[string]struct{ body, place string }{
		"tools":                       {someMessages + `,"tools":[{"type":"function","function":{"name":"f"}}]`, "tools"},
		"tool_choice":                 {someMessages + `,"tool_choice":"auto"`, "tool_choice"},
		"response_format.json_object": {someMessages + `,"response_format":{"type":"json_object"}`, "response_format.type"},
		"response_format.json_schema": {someMessages + `,"response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{}}}`, "response_format.type"},
		"image_url":                   {image, "messages[0].content[1].type"},
		"audio_url":                   {strings.ReplaceAll(image, "image_url", "audio_url"), "messages[0].content[1].type"},
		"input_audio":                 {strings.Replace(strings.ReplaceAll(image, "image_url", "input_audio"), `{"url":"u"}`, `{"data":"","format":"wav"}`, 1), "messages[0].content[1].type"},
		"modalities":                  {someMessages + `,"modalities":["text"]`, "modalities"},
		"seed":                        {someMessages + `,"seed":0`, "seed"},
		"stop":                        {someMessages + `,"stop":["."]`, "stop"},
		"stream":                      {someMessages + `,"stream":true`, "stream"},
		"temperature":                 {someMessages + `,"temperature":0.2`, "temperature"},
		"top_p":                       {someMessages + `,"top_p":0.2`, "top_p"},
		"frequency_penalty":           {someMessages + `,"frequency_penalty":0.2`, "frequency_penalty"},
		"presence_penalty":            {someMessages + `,"presence_penalty":0.2`, "presence_penalty"},
		"max_tokens":                  {someMessages + `,"max_tokens":5`, "max_tokens"},
	} {
		t.Run(capability, func(t *testing.T) {
			body := "{" + test.body + "}"
			_, err := chat(t, &Deployment{Lacks: []string{capability}}, "error", body)
			e := AsError(err)
			if err == nil || e.Code != ParameterNotSupported || len(e.Violations) != 1 || e.Violations[0].Place() != test.place {
				t.Errorf("got %v, want %s at %s", err, ParameterNotSupported, test.place)
			}
			others := slicesWithout(Capabilities, capability)
			if _, err := chat(t, &Deployment{Lacks: others}, "error", body); err != nil {
				t.Errorf("all others lacking: got %v, want no error", err)
			}
		})
	}
}

func slicesWithout(list []string, entry string) (rest []string) {
	for _, one := range list {
		if one != entry {
			rest = append(rest, one)
		}
	}
	return rest
}

// What is lacking is not sent as a default, and a given default is taken out: designers send all of them.
func TestLackedDefaultsAreNotSent(t *testing.T) {
	lacking := &Deployment{Lacks: []string{"temperature", "presence_penalty", "stream"}}
	for _, body := range []string{"{" + someMessages + "}", `{"temperature":0.70,"presence_penalty":0e0,"stream":false,` + someMessages + "}"} {
		request, err := chat(t, lacking, "error", body)
		if err != nil {
			t.Fatal(err)
		}
		want := "{" + someMessages + `,"top_p":1,"frequency_penalty":0}`
		if got := string(bytes.Join(request.Body.Segments(), nil)); got != want {
			t.Errorf("%s: got %s, want %s", body, got, want)
		}
	}
}

// All that is lacking is told at once, but no more than an answer can hold.
func TestLacksTellsAll(t *testing.T) {
	part := `{"type":"image_url","image_url":{"url":"u"}},`
	body := `{"seed":1,"messages":[{"role":"user","content":[` + strings.TrimSuffix(strings.Repeat(part, 30), ",") + `]}]}`
	_, err := chat(t, &Deployment{Lacks: []string{"seed", "image_url"}}, "error", body)
	violations := AsError(err).Violations
	if len(violations) != maxDetails || violations[0].Place() != "seed" || violations[1].Place() != "messages[0].content[0].type" {
		t.Errorf("got %d: %v", len(violations), violations[:min(len(violations), 2)])
	}
}

// A reasoning model lacks more when that is said, and each thing is told once.
func TestReasoningAndLacks(t *testing.T) {
	lacking := &Deployment{Reasoning: true, Lacks: []string{"seed", "top_p"}}
	_, err := chat(t, lacking, "error", `{"seed":1,"top_p":0.5,`+someMessages+`}`)
	var places []string
	for _, v := range AsError(err).Violations {
		places = append(places, v.Place())
	}
	if want := []string{"top_p", "seed"}; !reflect.DeepEqual(places, want) {
		t.Errorf("got %v, want %v", places, want)
	}
}

// What is lacking is lacking under the names of OpenAI's clients, too, and null asks for nothing.
func TestLacksUnderOtherNames(t *testing.T) {
	for capability, body := range map[string]string{
		"max_tokens": `"max_completion_tokens":5`, "tools": `"functions":[{"name":"f"}]`, "tool_choice": `"function_call":"auto"`,
	} {
		if _, err := chat(t, &Deployment{Lacks: []string{capability}}, "pass-through", "{"+body+","+someMessages+"}"); AsError(err).Code != ParameterNotSupported {
			t.Errorf("%s: got %v, want %s", body, err, ParameterNotSupported)
		}
	}
	if _, err := chat(t, &Deployment{Lacks: []string{"encoding_format"}}, "pass-through", `{"encoding_format":null,`+someMessages+`}`); err != nil {
		t.Errorf("null: got %v", err)
	}
}

// OpenAI's forms have other defaults: 0.7 is there a wish like any other.
func TestLacksInOpenAI(t *testing.T) {
	for value, want := range map[string]bool{"0.7": false, "1": true} {
		call := invocation(t, "", []byte(`{"temperature":`+value+`,`+someMessages+`}`))
		call.Action = call.Action.In(schema.OpenAI)
		in, err := read(call)
		if err != nil {
			t.Fatal(err)
		}
		request, err := (&Deployment{Reasoning: true}).complete(call, in)
		if got := err == nil; got != want {
			t.Fatalf("temperature %s: got %v, want it to pass: %t", value, err, want)
		}
		if want && !reflect.DeepEqual(request.Body.Names(), []string{"messages"}) {
			t.Errorf("got %v, want messages alone", request.Body.Names())
		}
	}
}
