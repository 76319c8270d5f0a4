package schema_test

import (
	"strings"
	"testing"

	"inferenceconnector/schema"
)

var dialects = []schema.Dialect{schema.Inference, schema.AzureOpenAI, schema.OpenAI}

// Rules are compiled and dialects made when they are first needed, so a wrong file would show in a call.
func TestEveryActionCompilesInEveryDialect(t *testing.T) {
	variants := 0
	for _, a := range actions(t) {
		for _, dialect := range dialects {
			variant := a.In(dialect)
			if variant == nil {
				continue
			}
			variants++
			if variant.ID != a.ID || variant.Dialect != dialect || variant.Method != a.Method || variant.Path != a.Path {
				t.Errorf("%s in %q: got %+v", a.ID, dialect, variant)
			}
			variant.CheckValues(schema.Query, map[string]string{"api-version": "?"})
			if variant.Has(schema.Body) {
				variant.CheckBody(parse(t, `{}`))
			}
		}
	}
	if variants < 6 {
		t.Errorf("got %d variants; the test looks at too little", variants)
	}
}

// What OpenAI's clients send and the interface of Azure does not take.
func TestOpenAIBodies(t *testing.T) {
	for name, body := range map[string]string{
		"hotter":                   with(`"temperature":2`),
		"stop as text":             with(`"stop":"."`),
		"no stops":                 with(`"stop":[]`),
		"fields of their own":      with(`"n":2,"stream_options":{"include_usage":true},"user":"u","max_completion_tokens":5,"reasoning_effort":"low"`),
		"parts of every role":      message(`{"role":"system","content":[{"type":"text","text":"s"}]},{"role":"developer","content":[{"type":"text","text":"d"}]},{"role":"assistant","content":[{"type":"refusal","refusal":"no"}]},{"role":"tool","tool_call_id":"t","content":[{"type":"text","text":"r"}]}`),
		"an older role":            message(`{"role":"function","name":"f","content":"x"}`),
		"a file":                   part(`{"type":"file","file":{"file_id":"f"}}`),
		"another detail":           part(`{"type":"image_url","image_url":{"url":"u","detail":"original"}}`),
		"a custom tool":            with(`"tools":[{"type":"custom","custom":{"name":"c"}}],"tool_choice":{"type":"custom","custom":{"name":"c"}}`),
		"allowed tools":            with(`"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[]}}`),
		"a call of a custom tool":  call(`{"id":"1","type":"custom","custom":{"name":"c","input":"x"}}`),
		"a schema without details": with(`"response_format":{"type":"json_schema","json_schema":{"name":"n"}}`),
	} {
		t.Run(name, func(t *testing.T) {
			for _, dialect := range dialects {
				got := action(t, chatID).In(dialect).CheckBody(parse(t, body))
				if isOpenAI := dialect != schema.Inference; isOpenAI && got != nil {
					t.Errorf("%s: got %v, want no violation", dialect, got)
				} else if !isOpenAI && got == nil && name != "fields of their own" {
					t.Error("got no violation without a dialect: the test shows nothing")
				}
			}
		})
	}
}

func TestBadOpenAIBodies(t *testing.T) {
	for body, want := range map[string]string{
		`{}`:                          "messages is missing",
		with(`"temperature":2.1`):     "temperature must be between 0 and 2",
		with(`"stop":7`):              "stop must be a text or a list",
		with(`"top_p":2`):             "top_p must be between 0 and 1",
		with(`"tools":[{}]`):          "tools[0].type is missing",
		message(`{"role":"poet"}`):    "messages[0].role must be one of system, developer, user, assistant, tool, function",
		message(`{"role":"user"}`):    "messages[0].content is missing",
		part(`{"type":"image_url"}`):  "messages[0].content[0].image_url is missing",
		part(`{"type":"smell"}`):      "messages[0].content[0].type must be one of text, image_url, audio_url, input_audio, file, refusal",
		call(`{"type":"function"}`):   "messages[0].tool_calls[0].id is missing",
		with(`"tool_choice":{}`):      "tool_choice.type is missing",
		with(`"max_tokens":"many"`):   "max_tokens must be a whole number",
		with(`"response_format":{}`):  "response_format.type is missing",
		with(`"stream":"yes, do so"`): "stream must be true or false",
	} {
		violations := action(t, chatID).In(schema.OpenAI).CheckBody(parse(t, body))
		if len(violations) != 1 || violations[0].Place()+" "+violations[0].Rule != want {
			t.Errorf("%s: got %v, want %s", body, violations, want)
		}
	}
}

// OpenAI's forms send no defaults; the wider one has neither a version nor the header for extra parameters.
func TestParametersOfADialect(t *testing.T) {
	chat := action(t, chatID)
	for _, dialect := range dialects {
		var sent, names []string
		for _, p := range chat.In(dialect).Parameters {
			names = append(names, p.Name)
			if p.SendDefault {
				sent = append(sent, p.Name)
			}
		}
		all := " " + strings.Join(names, " ") + " "
		if got, want := len(sent) > 0, dialect == schema.Inference; got != want {
			t.Errorf("%q sends the defaults of %v", dialect, sent)
		}
		if got, want := strings.Contains(all, " api-version "), dialect != schema.OpenAI; got != want {
			t.Errorf("%q has the parameters%s", dialect, all)
		}
		if got, want := strings.Contains(all, " extra-parameters "), dialect == schema.Inference; got != want {
			t.Errorf("%q has the parameters%s", dialect, all)
		}
	}
	if got := action(t, "GetModelInfo").In(schema.OpenAI); got != nil {
		t.Errorf("got %v, want none: OpenAI's clients do not know it", got)
	}
}
