package schema_test

import (
	"errors"
	"testing"

	"inferenceconnector/schema"
)

// seeds are texts of all kinds beside the tables of these tests.
var seeds = []string{
	``, `{}`, `[]`, `null`, ` { } `, `{"a":1}`, `{"a":1,"a":2}`, `{"a":{"b":1,"\u0062":2}}`, `{"a":`, `{"a":1}{`,
	`{"a":1e400}`, `{"a":1e-400}`, `{"a":0e999999999}`, `{"a":12345678901234567890}`, `{"a":0.10,"b":-0}`, `{"a":NaN}`,
	"{\"a\":\"\xff\"}", `{"a":"\ud800"}`, `{"a":"\ud83d\ude00\u0000\/"}`, "\ufeff{}", "{\"\u017f\":1,\"s\":2}", "{\x00}",
	`{"a":[[],{},[{"b":[null,true,false]}]]}`, `{"a":[1,]}`, `{"a":1,}`, `{"":{"":""}}`, `{"a" : "b" , "c" :[ ] }`,
	`{"messages":[{"role":"user","content":"Hi"}],"temperature":null,"model":null,"stop":null}`,
	`{"messages":[{"role":"user","content":[{"type":"text"},{"type":"x"}]},{"role":"bot"},{"content":"x"},5],"top_p":1e1}`,
	`{"messages":[{"role":"system","content":[]},{"role":"tool","tool_call_id":5,"content":5}],"seed":1e18,"max_tokens":1.5}`,
	`{"mess\u0061ges":[{"r\u006fle":"\u0075ser","content":"Hi"}],"temperature":1.000000000000000000001}`,
	`{"messages":[{"role":"user","content":"Hi"}],"response_format":{"type":"json_schema","json_schema":{"name":"a b"}}}`,
	`{"messages":[{"role":"user","content":"Hi"}],"tools":[{"type":"function","function":{"name":"f"}}],"tool_choice":{"type":"x"}}`,
	`{"messages":[{"role":"user/x","content":{}},{"role":"~","content":{}},{"role":"x-dispatch"}],"%41":{"~/":1}}`,
}

func FuzzParse(f *testing.F) {
	for _, text := range bodies(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := schema.Parse(text)
		if err != nil {
			var syntax *schema.SyntaxError
			if !errors.As(err, &syntax) || err.Error() == "" || len(err.Error()) > 500 {
				t.Fatalf("got error %T %v", err, err)
			}
			return
		}
		want := decode(t, string(text)) // a second reader reads the same
		if got := root(d); !equal(got, want) {
			t.Errorf("got %#v, want %#v", got, want)
		}
		sent := joined(d)
		if !equal(decode(t, sent), want) {
			t.Errorf("got %s, want the value of %s", sent, text)
		}
		again := parse(t, sent)
		if got := joined(again); got != sent {
			t.Errorf("got %s, want %s", got, sent)
		}
	})
}

func FuzzCheckBody(f *testing.F) {
	chat, plain := action(f, chatID), plainBody(f, chatID)
	for _, text := range bodies(f) {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := schema.Parse(text)
		if err != nil {
			return
		}
		violations := chat.CheckBody(d)
		if err := plain.Validate(root(d)); (err == nil) != (violations == nil) {
			t.Fatalf("got %v, the plain schema says %v", violations, err)
		}
		if violations != nil {
			checkViolations(t, violations)
			return
		}
		again := parse(t, joined(d))
		if got := chat.CheckBody(again); got != nil {
			t.Fatalf("got %v for %s, want no violation", got, joined(d))
		}
		if !equal(root(again), root(d)) {
			t.Errorf("got %s, want the value of %s", joined(again), text)
		}
	})
}

// root returns the decoded value of a Document that was not Set.
func root(d *schema.Document) map[string]any {
	object := map[string]any{}
	for _, name := range d.Names() {
		object[name], _ = d.Value(name)
	}
	return object
}

// checkViolations checks what is true of every list of violations.
func checkViolations(t testing.TB, violations []schema.Violation) {
	t.Helper()
	if len(violations) > 20 {
		t.Errorf("got %d violations, want at most 20", len(violations))
	}
	for _, v := range violations {
		if v.Rule == "" || v.Keyword == "" || len(v.Path) == 0 || v.Place() == "" || len(v.Rule) > 200 {
			t.Errorf("got violation %+v, want a place and a short rule", v)
		}
	}
}
