package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// chat prepares body as a call of GetChatCompletions on deployment, up to the point where it would leave.
func chat(t testing.TB, deployment *Deployment, mode, body string) (*Request, error) {
	t.Helper()
	call := invocation(t, mode, []byte(body))
	in, err := read(call)
	if err != nil {
		return nil, err
	}
	return deployment.complete(call, in)
}

func invocation(t testing.TB, mode string, body []byte) *Invocation {
	t.Helper()
	given := map[string][]string{apiVersion: {"2024-05-01-preview"}, extraParameters: {mode}}
	return &Invocation{
		Action: chatAction(t),
		Values: func(p *schema.Parameter) ([]string, error) { return given[p.Name], nil },
		Body:   func() ([]byte, error) { return body, nil },
		Record: &Record{},
	}
}

var loaded []*schema.Action

func chatAction(t testing.TB) *schema.Action {
	t.Helper()
	if loaded == nil {
		var err error
		if loaded, err = schema.Load(); err != nil {
			t.Fatal(err)
		}
	}
	for _, a := range loaded {
		if a.ID == "GetChatCompletions" {
			return a
		}
	}
	t.Fatal("there is no GetChatCompletions")
	return nil
}

const someMessages = `"messages":[{"role":"user","content":"Hi"}]`

func TestDefaultsOfADeployment(t *testing.T) {
	for name, test := range map[string]struct {
		deployment Deployment
		body, want string
	}{
		"the interface's own": {Deployment{}, `{` + someMessages + `}`,
			`{` + someMessages + `,"temperature":0.7,"top_p":1,"frequency_penalty":0,"presence_penalty":0}`},
		"a given value stays as it is written": {Deployment{}, `{"top_p":0.50,` + someMessages + `}`,
			`{"top_p":0.50,` + someMessages + `,"temperature":0.7,"frequency_penalty":0,"presence_penalty":0}`},
		"null is absent": {Deployment{}, `{"top_p":null,"stop":null,` + someMessages + `}`,
			`{` + someMessages + `,"temperature":0.7,"top_p":1,"frequency_penalty":0,"presence_penalty":0}`},
		"changed and unset": {Deployment{Defaults: map[string]string{"temperature": "null", "top_p": "0.9"}}, `{` + someMessages + `}`,
			`{` + someMessages + `,"top_p":0.9,"frequency_penalty":0,"presence_penalty":0}`},
		"an unset default can be given": {Deployment{Defaults: map[string]string{"temperature": "null"}}, `{"temperature":0.1,` + someMessages + `}`,
			`{"temperature":0.1,` + someMessages + `,"top_p":1,"frequency_penalty":0,"presence_penalty":0}`},
		"a reasoning model gets none": {Deployment{Reasoning: true}, `{"max_tokens":7,` + someMessages + `}`,
			`{"max_completion_tokens":7,` + someMessages + `}`},
		"what designers send does not harm a reasoning model": {Deployment{Reasoning: true},
			`{"temperature":0.70,"top_p":1.0,"frequency_penalty":0,"presence_penalty":0e0,` + someMessages + `}`, `{` + someMessages + `}`},
	} {
		t.Run(name, func(t *testing.T) {
			request, err := chat(t, &test.deployment, "error", test.body)
			if err != nil {
				t.Fatal(err)
			}
			if got := string(bytes.Join(request.Body.Segments(), nil)); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestReasoningModelRefusesWhatItLacks(t *testing.T) {
	for body, want := range map[string]Code{
		`{"temperature":0.5,` + someMessages + `}`:                              ParameterNotSupported,
		`{"max_tokens":1,"max_completion_tokens":2,` + someMessages + `}`:       InvalidRequest,
		`{"temperature":1.5,"frequency_penalty":0,` + someMessages + `}`:        ValidationFailed,
		`{"presence_penalty":2,"max_completion_tokens":2,` + someMessages + `}`: ParameterNotSupported,
	} {
		if _, err := chat(t, &Deployment{Reasoning: true}, "pass-through", body); AsError(err).Code != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

// What a reasoning model lacks is told all at once: an author should not repair one field a run.
func TestReasoningModelTellsAllThatItLacks(t *testing.T) {
	_, err := chat(t, &Deployment{Reasoning: true}, "error", `{"temperature":0.5,"top_p":1,"presence_penalty":2,`+someMessages+`}`)
	var lacking []string
	for _, v := range AsError(err).Violations {
		lacking = append(lacking, v.Place())
	}
	if want := []string{"temperature", "presence_penalty"}; !reflect.DeepEqual(lacking, want) {
		t.Errorf("got %v, want %v", lacking, want)
	}
}

// FuzzComplete: whatever is let through is, for a second parser, the caller's value with defaults, without
// nulls; and it validates again.
func FuzzComplete(f *testing.F) {
	for _, body := range []string{
		`{` + someMessages + `}`, `{"temperature":0.1,` + someMessages + `}`, `{ "a" : [1, {"b":null}] ,` + someMessages + ` , "stop":["x"] }`,
		`{"max_tokens":null,"n":2,` + someMessages + `,"seed":12345678901234567}`, `{"messages":[],"messages":[]}`, `{"\u006dessages":[{"role":"user","content":"\ud83d\ude00"}]}`,
	} {
		f.Add([]byte(body), false)
		f.Add([]byte(body), true)
	}
	f.Fuzz(func(t *testing.T, body []byte, drop bool) {
		mode := map[bool]string{true: "drop", false: "pass-through"}[drop]
		original := bytes.Clone(body)
		request, err := chat(t, &Deployment{}, mode, string(body))
		if err != nil {
			if e := AsError(err); e.Code == InternalError || len(e.JSON()) > 128<<10 {
				t.Fatalf("%v", err)
			}
			return
		}
		sent := bytes.Join(request.Body.Segments(), nil)
		if got, want := decode(t, sent), expected(t, decode(t, original), drop); !reflect.DeepEqual(got, want) {
			t.Fatalf("sent %s\nof   %s", sent, original)
		}
		again, err := schema.Parse(sent)
		if err != nil {
			t.Fatalf("%s: %v", sent, err)
		}
		if violations := request.Action.CheckBody(again); violations != nil {
			t.Fatalf("%s: %v", sent, violations)
		}
	})
}

func decode(t *testing.T, text []byte) (value map[string]any) {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("a second parser refuses %s: %v", text, err)
	}
	return value
}

// expected says by other means what complete is to do.
func expected(t *testing.T, given map[string]any, drop bool) map[string]any {
	t.Helper()
	want := maps.Clone(given)
	for name, value := range given {
		p := chatAction(t).Parameter(schema.Body, name)
		if p == nil && drop || p != nil && value == nil {
			delete(want, name)
		}
	}
	for name, preset := range map[string]json.Number{"temperature": "0.7", "top_p": "1", "frequency_penalty": "0", "presence_penalty": "0"} {
		if _, ok := want[name]; !ok {
			want[name] = preset
		}
	}
	return want
}

// BenchmarkPrepare is parse, validate and defaults, for a short call, a long conversation and an image.
func BenchmarkPrepare(b *testing.B) {
	for name, body := range map[string]string{
		"1KB":   conversation(1<<10, 512),
		"100KB": conversation(100<<10, 2<<10),
		"2MB": `{"messages":[{"role":"user","content":[{"type":"text","text":"What is this?"},` +
			`{"type":"image_url","image_url":{"url":"data:image/png;base64,` + strings.Repeat("iVBORw0K", 2<<17) + `"}}]}]}`,
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			call := invocation(b, "error", []byte(body))
			for b.Loop() {
				in, err := read(call)
				if err != nil {
					b.Fatal(err)
				}
				request, err := (&Deployment{}).complete(call, in)
				if err != nil {
					b.Fatal(err)
				}
				request.Body.Segments()
			}
		})
	}
}

func conversation(size, message int) string {
	var text strings.Builder
	text.WriteString(`{"model":"m","max_tokens":200,"messages":[{"role":"system","content":"Be brief."}`)
	for i := 0; text.Len() < size; i++ {
		role := []string{"user", "assistant"}[i%2]
		fmt.Fprintf(&text, `,{"role":%q,"content":%q}`, role, strings.Repeat("some words ", message/11))
	}
	return text.String() + `]}`
}
