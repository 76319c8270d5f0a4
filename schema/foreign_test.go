package schema_test

import (
	"fmt"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

func TestForeignSchemas(t *testing.T) {
	for name, test := range map[string]struct{ schema, value, want string }{
		"an object that fits":    {`{"type":"object","required":["a"],"properties":{"a":{"type":"number"}}}`, `{"a":1.50}`, ""},
		"a list that fits":       {`{"type":"array","items":{"enum":["x","y"]}}`, `["x"]`, ""},
		"a name is missing":      {`{"required":["a"]}`, `{}`, "json.a is missing"},
		"a name too many":        {`{"properties":{"a":{}},"additionalProperties":false}`, `{"a":1,"c":2}`, "json.c is not a known name here; known here: a"},
		"a wrong type, deep":     {`{"properties":{"a":{"items":{"type":"integer"}}}}`, `{"a":[1,1.5]}`, "json.a[1] must be a whole number"},
		"its own definitions":    {`{"$defs":{"n":{"minimum":3}},"properties":{"a":{"$ref":"#/$defs/n"}}}`, `{"a":1}`, "json.a must be at least 3"},
		"a list of itself":       {`{"properties":{"a":{"$ref":"#"}},"required":["b"]}`, `{"b":1,"a":{"b":1,"a":{}}}`, "json.a.a.b is missing"},
		"another draft":          {`{"$schema":"http://json-schema.org/draft-04/schema#","type":"object"}`, `{}`, ""},
		"a pattern":              {`{"properties":{"a":{"pattern":"^[a-z]{2}$"}}}`, `{"a":"x"}`, "json.a does not have the form that is asked for"},
		"no JSON":                {`{}`, `Lima`, "json is no JSON"},
		"two values":             {`{}`, `1,"other":2`, "json is no JSON"},
		"something behind":       {`{}`, `{}} {`, "json is no JSON"},
		"many records":           {`{"properties":{"a":{"items":{"properties":{"b":{"type":"string","enum":["x","y"]},"c":{"type":"number"}},"required":["b","c"]}}}}`, `{"a":[` + list(`{"b":"x","c":1}`, 1000) + `]}`, ""},
		"properties of any name": {`{"properties":{"pattern":{"type":"string"},"uniqueItems":{"type":"boolean"}}}`, `{"pattern":"((","uniqueItems":true}`, ""},
	} {
		t.Run(name, func(t *testing.T) {
			foreign, wrong := schema.CompileForeign([]byte(test.schema))
			if wrong != nil {
				t.Fatalf("the schema is refused: %+v", wrong)
			}
			violations, checked := foreign.Check("json", []byte(test.value))
			got := ""
			if len(violations) > 0 {
				got = violations[0].Place() + " " + violations[0].Rule
			}
			if got != test.want || !checked {
				t.Errorf("got %q (checked: %v), want %q", got, checked, test.want)
			}
		})
	}
}

func TestForeignSchemasThatAreRefused(t *testing.T) {
	for name, test := range map[string]struct{ schema, place, says string }{
		"too large":                {`{"description":"` + strings.Repeat("x", 32<<10) + `"}`, "", "at most 32768 bytes"},
		"no JSON":                  {`{"type":}`, "", "must be strict JSON"},
		"an unknown type":          {`{"properties":{"a":{"type":"text"}}}`, "properties.a.type", "is not as JSON Schema has it"},
		"a reference to the web":   {`{"$ref":"https://example.com/schema.json"}`, "", "its own $defs"},
		"a reference to a file":    {`{"properties":{"a":{"$ref":"file:///etc/hostname"}}}`, "", "its own $defs"},
		"a reference to an action": {`{"$ref":"schema:///actions/parameters.json#/model"}`, "", "its own $defs"},
		"a base on the web":        {`{"$id":"https://example.com/a.json","$ref":"b.json"}`, "", "its own $defs"},
		"a draft on the web":       {`{"$schema":"https://example.com/draft.json"}`, "", "its own $defs"},
		"a reference to nothing":   {`{"$ref":"#/$defs/a"}`, "", "its own $defs"},
		"no pattern":               {`{"properties":{"a":{"pattern":"(a"}}}`, "properties.a.pattern", "is no pattern that is taken here"},
		"a look ahead":             {`{"pattern":"^(?=a)"}`, "pattern", "RE2"},
		"a pattern that unfolds":   {`{"pattern":"(((a{9}){9}){9})"}`, "pattern", "is no pattern that is taken here"},
		"a long pattern":           {`{"pattern":"` + strings.Repeat("a", 501) + `"}`, "pattern", "is no pattern that is taken here"},
		"many patterns":            {`{"anyOf":[` + list(`{"pattern":"a{50}"}`, 20) + `]}`, "anyOf[8].pattern", "is no pattern that is taken here"},
		"a pattern of names":       {`{"patternProperties":{"(a{999}){999}":{}}}`, "patternProperties", "is no pattern that is taken here"},
	} {
		t.Run(name, func(t *testing.T) {
			_, wrong := schema.CompileForeign([]byte(test.schema))
			if len(wrong) != 1 || wrong[0].Place() != test.place || !strings.Contains(wrong[0].Rule, test.says) {
				t.Errorf("got %+v, want %q at %q", wrong, test.says, test.place)
			}
		})
	}
}

// Whoever writes schema and question can have any value checked by any schema.
func TestForeignSchemasThatUnfold(t *testing.T) {
	doubling := `{"allOf":[{"$ref":"#/$defs/9"},{"$ref":"#/$defs/9"}],"$defs":{"0":{"type":"object"}`
	for i := range 9 {
		below := `{"$ref":"#/$defs/` + string(rune('0'+i)) + `"}`
		doubling += `,"` + string(rune('1'+i)) + `":{"allOf":[` + list(below, 20) + `]}`
	}
	row := `{"properties":{"a":{"$ref":"#/$defs/0"}},"$defs":{"200":{"type":"string"}`
	for i := range 200 {
		row += fmt.Sprintf(`,"%d":{"anyOf":[{"$ref":"#/$defs/%d"},{"$ref":"#/$defs/%d"}]}`, i, i+1, i+1)
	}
	const numbers = `[1,2,3,4,5,6,7,8,9,10]`
	different := make([]string, 1300)
	for i := range different {
		different[i] = strings.Replace(numbers, "10", strconv.Itoa(10+i), 1)
	}
	for name, test := range map[string]struct{ schema, value string }{
		"references to references":     {doubling + `}}`, `{}`},
		"references in a long row":     {row + `}}`, `{"a":1}`},
		"one that holds itself twice":  {`{"properties":{"a":{"allOf":[{"$ref":"#"},{"$ref":"#"}]}}}`, strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60)},
		"one with failures to keep":    {`{"properties":{"a":{"anyOf":[{"$ref":"#"},{"$ref":"#"}]}},"required":["b"]}`, strings.Repeat(`{"a":`, 60) + "1" + strings.Repeat("}", 60)},
		"a list against many rules":    {`{"allOf":[` + list(`{"items":{"type":"string"}}`, 1000) + `]}`, `[` + list("1", 9_000) + `]`},
		"a list against many values":   {`{"items":{"enum":[` + strings.Join(different[1:], ",") + `]}}`, `[` + list(numbers, 9_000) + `]`},
		"a list against what is true":  {`{"items":{"allOf":[` + list("true", 6_000) + `]}}`, `[` + list("1", 90_000) + `]`},
		"a long text against patterns": {`{"allOf":[` + list(`{"pattern":"(a|b|ab)*c"}`, 20) + `]}`, `"` + strings.Repeat("ab", 250_000) + `"`},
	} {
		t.Run(name, func(t *testing.T) {
			foreign, wrong := schema.CompileForeign([]byte(test.schema))
			if wrong != nil {
				t.Fatalf("the schema is refused: %+v", wrong)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			if violations, checked := foreign.Check("json", []byte(test.value)); checked {
				t.Errorf("it was checked to the end, with %d violations", len(violations))
			}
			runtime.ReadMemStats(&after)
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 128 {
				t.Errorf("it took %d MB, want 128 at most", took)
			}
		})
	}
}

// An infinite loop is the library's to see.
func TestForeignSchemaOfNothingButItself(t *testing.T) {
	if _, wrong := schema.CompileForeign([]byte(`{"$ref":"#"}`)); wrong == nil {
		t.Error("it was taken")
	}
}
