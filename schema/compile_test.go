package schema_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"inferenceconnector/schema"
)

// A schema that is compiled by itself means what JSON Schema says, whatever it looks like.
func TestCompile(t *testing.T) {
	for name, test := range map[string]struct {
		schema    string
		good, bad []string
	}{
		"refers to itself": {
			`{"$ref":"#/$defs/tree","$defs":{"tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/tree"}}}}}`,
			[]string{`{}`, `{"left":{"left":{}}}`}, []string{`{"left":{"left":5}}`},
		},
		"refers to its root": {
			`{"required":["a"],"properties":{"next":{"$ref":"#"}}}`,
			[]string{`{"a":1,"next":{"a":1}}`}, []string{`{"a":1,"next":{}}`},
		},
		"condition holds where the name is absent": {
			`{"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]}}`,
			[]string{`{"kind":"b"}`, `{"x":1}`}, []string{`{}`, `{"kind":"a"}`},
		},
		"condition on a number": {
			`{"type":"object","required":["kind"],"if":{"properties":{"kind":{"enum":[1,"a"]}}},"then":{"required":["x"]}}`,
			[]string{`{"kind":2}`, `{"kind":1,"x":1}`}, []string{`{"kind":1}`, `{"kind":"a"}`},
		},
		"condition twice": {
			`{"type":"object","required":["kind"],"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},` +
				`"else":{"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["y"]}}}`,
			[]string{`{"kind":"a","x":1}`}, []string{`{"kind":"a","y":1}`},
		},
		"condition with a slash": {
			`{"type":"object","required":["kind"],"if":{"properties":{"kind":{"const":"a/b~1%41"}}},"then":{"required":["x"]}}`,
			[]string{`{"kind":"a"}`, `{"kind":"a/b~1%41","x":1}`}, []string{`{"kind":"a/b~1%41"}`},
		},
		"a name of its own": {
			`{"$id":"https://example.com/s","required":["a"],"properties":{"b":{"$id":"inner","type":"object","required":["c"]}}}`,
			[]string{`{"a":1,"b":{"c":1}}`}, []string{`{}`, `{"a":1,"b":{}}`, `{"a":1,"b":1}`},
		},
		"only names of a form": {
			`{"type":"object","properties":{"a":{}},"patternProperties":{"^x-":{}},"additionalProperties":false}`,
			[]string{`{"a":1,"x-b":1}`}, []string{`{"c":1,"a":1,"x-b":1}`},
		},
		"forbidden name":  {`{"properties":{"required":false}}`, []string{`{}`}, []string{`{"required":1}`}},
		"one of":          {`{"oneOf":[{"required":["a"]},{"required":["b"]}]}`, []string{`{"a":1}`}, []string{`{}`, `{"a":1,"b":1}`}},
		"unknown keyword": {`{"x-dispatch":{"property":"a","cases":{"b":{"required":["c"]}}}}`, []string{`{"a":"b"}`}, nil},
		"list of lists": {
			`{"properties":{"items":{"type":"array","items":{"type":"array","items":{"type":"number"}}}}}`,
			[]string{`{"items":[[1],[]]}`}, []string{`{"items":[[1],[1,"x"]]}`, `{"items":1}`},
		},
		"names that need escapes": {
			`{"properties":{"a/b ~%":{"required":["~1/"]}}}`,
			[]string{`{"a/b ~%":{"~1/":1}}`}, []string{`{"a/b ~%":{}}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			compiled := compile(t, test.schema)
			plain := jsonschema.MustCompileString("plain:///", test.schema)
			for _, text := range append(test.good, test.bad...) {
				value := root(parse(t, text))
				violations, err := compiled.Check(value), plain.Validate(value)
				if (violations == nil) != (err == nil) {
					t.Errorf("%s: got %v, the plain schema says %v", text, violations, err)
				}
				for _, v := range violations {
					if v.Rule == "" {
						t.Errorf("%s: got a violation without a rule", text)
					}
				}
			}
			for _, text := range test.good {
				if got := compiled.Check(root(parse(t, text))); got != nil {
					t.Errorf("%s: got %v, want no violation", text, got)
				}
			}
			for _, text := range test.bad {
				if compiled.Check(root(parse(t, text))) == nil {
					t.Errorf("%s: got no violation", text)
				}
			}
		})
	}
}

func TestViolationWords(t *testing.T) {
	for name, test := range map[string]struct{ schema, value, want string }{
		"unknown names":       {`{"properties":{"a":{}},"additionalProperties":false}`, `{"c":1,"a":1}`, `c is not a known name here; known here: a`},
		"unknown beside all":  {`{"properties":{"$schema":{},"b":{},"a":{}},"additionalProperties":false}`, `{"c":1,"a":1,"b":1}`, `c is not a known name here; known here: a, b`},
		"unknown, one left":   {`{"properties":{"a":{},"b":{}},"additionalProperties":false}`, `{"a":1,"other":1}`, `other is not a known name here; known here: a, b`},
		"misspelt":            {`{"properties":{"endpoint":{},"family":{},"egress":{}},"additionalProperties":false}`, `{"enpdoint":1}`, `enpdoint is not a known name here; did you mean endpoint?`},
		"written otherwise":   {`{"properties":{"apiVersion":{},"a":{},"b":{}},"additionalProperties":false}`, `{"API-Version":1}`, `API-Version is not a known name here; did you mean apiVersion?`},
		"a part of the name":  {`{"properties":{"rateLimit":{},"a":{},"b":{}},"additionalProperties":false}`, `{"limit":1}`, `limit is not a known name here; did you mean rateLimit?`},
		"misspelt, but given": {`{"properties":{"key":{},"a":{},"b":{}},"additionalProperties":false}`, `{"key":1,"keys":1}`, `keys is not a known name here; known here: a, b, key`},
		"unlike all":          {`{"properties":{"key":{},"a":{}},"additionalProperties":false}`, `{"value":1}`, `value is not a known name here; known here: a, key`},
		"unknown by form":     {`{"patternProperties":{"^x-":{}},"additionalProperties":false}`, `{"x-b":1,"c":1}`, `c is not a known name here`},
		"too many":            {`{"properties":{"a":{"maxItems":2}}}`, `{"a":[1,2,3]}`, `a must have at most 2 items`},
		"no entry":            {`{"properties":{"a":{"minProperties":1}}}`, `{"a":{}}`, `a must have at least 1 entry`},
		"few entries":         {`{"properties":{"a":{"minProperties":2}}}`, `{"a":{}}`, `a must have at least 2 entries`},
		"only a low end":      {`{"properties":{"a":{"minimum":1}}}`, `{"a":0}`, `a must be at least 1`},
		"only a high end":     {`{"properties":{"a":{"maximum":0.10}}}`, `{"a":1}`, `a must be at most 0.10`},
		"another keyword":     {`{"properties":{"a":{"multipleOf":2}}}`, `{"a":1}`, `a does not have the form that is asked for`},
		"of a named schema":   {`{"$id":"https://example.com/s","required":["a"]}`, `{}`, ` does not have the form that is asked for`},
		"names need escapes":  {`{"properties":{"a/b ~%":{"required":["~1/"]}}}`, `{"a/b ~%":{}}`, `a/b ~%.~1/ is missing`},
		"missing, own words":  {`{"required":["a"],"x-missing":{"a":"is missing; it is x"}}`, `{}`, `a is missing; it is x`},
		"type, own words":     {`{"properties":{"a":{"type":"object","x-type":"must be an object such as {}"}}}`, `{"a":1}`, `a must be an object such as {}`},
		"its own words":       {`{"properties":{"a":{"type":"string","pattern":"^x$","x-rule":"must be x"}}}`, `{"a":"y"}`, `a must be x`},
		"its own, wrong type": {`{"properties":{"a":{"type":"string","pattern":"^x$","x-rule":"must be x"}}}`, `{"a":1}`, `a must be a text`},
	} {
		t.Run(name, func(t *testing.T) {
			violations := compile(t, test.schema).Check(root(parse(t, test.value)))
			if len(violations) != 1 || sentence(violations[0]) != test.want {
				t.Errorf("got %+v, want one that says %q", violations, test.want)
			}
		})
	}
}

// An answer to a caller is bounded; what an operator wrote is told whole.
func TestHowManyViolationsAreTold(t *testing.T) {
	compiled := compile(t, `{"properties":{"a":{"items":{"type":"string"}}}}`)
	value := root(parse(t, `{"a":[`+strings.Repeat("0,", 29)+`0]}`))
	if got := len(compiled.Check(value)); got != 20 {
		t.Errorf("Check: got %d, want 20", got)
	}
	if got := len(compiled.CheckAll(value)); got != 30 {
		t.Errorf("CheckAll: got %d, want 30", got)
	}
}

// A schema is data: nothing that it names is ever read or fetched (S5).
func TestCompileReadsNothingElse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "other.json")
	if err := os.WriteFile(file, []byte(`{"type":"object"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	url := "file://" + filepath.ToSlash(file)
	for name, text := range map[string]string{
		"file":                    `{"properties":{"a":{"$ref":"` + url + `"}}}`,
		"file as the metaschema":  `{"$schema":"` + url + `"}`,
		"file beside a base":      `{"$id":"` + strings.TrimSuffix(url, "other.json") + `","properties":{"a":{"$ref":"other.json"}}}`,
		"web page":                `{"$ref":"http://localhost:1/s.json"}`,
		"neighbour":               `{"$ref":"parameters.json#/model"}`,
		"definition that is gone": `{"$ref":"#/$defs/gone"}`,
		"no schema":               `{"type":"text"}`,
		"bad pattern":             `{"pattern":"("}`,
		"endless":                 `{"$ref":"#"}`,
		"no JSON":                 `{"type":"object"`,
	} {
		t.Run(name, func(t *testing.T) {
			if s, err := schema.Compile("test.json", []byte(text)); err == nil {
				t.Errorf("got %v, want an error", s)
			}
		})
	}
}

func compile(t testing.TB, text string) *schema.Schema {
	t.Helper()
	s, err := schema.Compile("test.json", []byte(text))
	if err != nil {
		t.Fatalf("Compile(%s): %v", text, err)
	}
	return s
}
