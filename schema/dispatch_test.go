package schema

import "testing"

// Folding keeps the meaning of a chain, and leaves alone what only looks like one.
func TestFold(t *testing.T) {
	const shape = `"type":"object","required":["kind"],`
	for name, test := range map[string]struct {
		schema string
		folds  bool
		values []string
	}{
		"chain": {
			`{` + shape + `"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},` +
				`"else":{"if":{"properties":{"kind":{"enum":["b","c"]}}},"then":{"required":["y"]}}}`, true,
			[]string{`{}`, `{"kind":"a"}`, `{"kind":"a","x":1}`, `{"kind":"b","x":1}`, `{"kind":"c","y":1}`, `{"kind":"d"}`, `{"kind":5}`},
		},
		"the same case twice": {
			`{` + shape + `"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},` +
				`"else":{"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["y"]}}}`, true,
			[]string{`{"kind":"a","x":1}`, `{"kind":"a","y":1}`, `{"kind":"b"}`},
		},
		"a name whose values all have a case": {
			`{` + shape + `"properties":{"kind":{"type":"string","enum":["a","b"]},"x":{"type":"number"}},"if":{"properties":{"kind":{"const":"a"}}},` +
				`"then":{"required":["x"]},"else":{"if":{"properties":{"kind":{"const":"b"}}},"then":{"required":["y"]}}}`, true,
			[]string{`{}`, `{"kind":"a","x":1}`, `{"kind":"a","x":"1"}`, `{"kind":"a"}`, `{"kind":"b","y":1}`, `{"kind":"c"}`, `{"kind":5}`, `{"kind":null}`},
		},
		"a name with values of no case": {
			`{` + shape + `"properties":{"kind":{"type":"string","enum":["a","c"]}},"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},` +
				`"else":{"if":{"properties":{"kind":{"const":"b"}}},"then":{"required":["y"]}}}`, true,
			[]string{`{}`, `{"kind":"a","x":1}`, `{"kind":"b","y":1}`, `{"kind":"c"}`, `{"kind":"d"}`},
		},
		"a case that is no text": {
			`{` + shape + `"if":{"properties":{"kind":{"enum":["a",1]}}},"then":{"required":["x"]}}`, false,
			[]string{`{"kind":"a"}`, `{"kind":1}`, `{"kind":1,"x":1}`, `{"kind":2}`},
		},
		"a name that may be absent": {
			`{"type":"object","if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]}}`, false,
			[]string{`{}`, `{"x":1}`, `{"kind":"a"}`, `{"kind":"b"}`},
		},
		"two names": {
			`{` + shape + `"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},` +
				`"else":{"if":{"properties":{"other":{"const":"b"}}},"then":{"required":["y"]}}}`, false,
			[]string{`{"kind":"a"}`, `{"kind":"c"}`, `{"kind":"c","other":"b"}`, `{"kind":"c","other":"d"}`},
		},
		"an end that always holds": {
			`{` + shape + `"if":{"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]},"else":{"required":["y"]}}`, false,
			[]string{`{"kind":"a"}`, `{"kind":"b"}`, `{"kind":"b","y":1}`},
		},
		"a condition of two rules": {
			`{` + shape + `"if":{"required":["z"],"properties":{"kind":{"const":"a"}}},"then":{"required":["x"]}}`, false,
			[]string{`{"kind":"a"}`, `{"kind":"a","z":1}`, `{"kind":"a","z":1,"x":1}`},
		},
		"list": {
			`{"properties":{"a":{"type":["string","array"],"items":{"type":"array","items":{"type":"number"}}}}}`, false,
			[]string{`{"a":"x"}`, `{"a":[[1],[]]}`, `{"a":[1]}`, `{"a":[[1],["x"]]}`, `{"a":5}`},
		},
		"names of keywords": {
			`{"properties":{"items":{"type":"string"},"type":{"type":"array","items":{"type":"number"}},"if":{"type":"number"},"then":{"type":"number"}}}`, false,
			[]string{`{"items":"x","type":[1]}`, `{"items":1}`, `{"type":["x"]}`, `{"if":1,"then":1}`, `{"if":"a"}`},
		},
		"references": {
			`{"type":"object","properties":{"a":{"$ref":"#/$defs/n"},"b":{"type":"array","items":{"$ref":"#/$defs/n"}},` +
				`"c":{"$ref":"#/$defs/n","maximum":5}},"$defs":{"n":{"type":"number"}}}`, false,
			[]string{`{"a":1,"b":[1],"c":5}`, `{"a":"x"}`, `{"b":["x"]}`, `{"c":6}`, `{"c":"x"}`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			plain := compiled(t, newSet("test.json", document(t, test.schema)))
			definition := document(t, test.schema)
			folded := compiled(t, newFoldedSet("test.json", definition, document(t, `{}`)))
			if _, got := definition.root[dispatchKeyword]; got != test.folds {
				t.Errorf("got folded %v, want %v", got, test.folds)
			}
			verdicts := map[bool]bool{}
			for _, text := range test.values {
				value := document(t, text).root
				got, want := folded.Check(value), plain.Check(value)
				if (got == nil) != (want == nil) {
					t.Errorf("%s: got %v, unfolded it is %v", text, got, want)
				}
				verdicts[want == nil] = true
			}
			if len(verdicts) != 2 {
				t.Error("the values are all good or all bad")
			}
		})
	}
}

func document(t testing.TB, text string) *Document {
	t.Helper()
	d, err := Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func compiled(t testing.TB, s *set) *Schema {
	t.Helper()
	schema, err := s.compile("")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}
