package main_test

import (
	"slices"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// wider is what our definitions allow and the newest OpenAPI file does not.
var wider = map[breach]string{
	{"ChatCompletionsOptions", "/messages/0/content/0", "missing properties: 'format'"}: "The file puts format on the part and forgets input_audio; SDKs put both into input_audio.",
	{"EmbeddingsOptions", "/input", "type"}:                                             "The reference pages take one text, too.",
	{"EmbeddingsOptions", "/input/0", "type"}:                                           "The reference pages take tokens, too.",
}

// narrower is what the file allows and our definitions do not, by definition and place, and all below.
var narrower = map[string]string{
	"ChatCompletionsOptions messages[0].content":              "A user's content is a text or a list; swagger cannot say or, and says nothing.",
	"ChatCompletionsOptions tool_choice":                      "A word or an object; swagger cannot say or, and says nothing.",
	"ChatCompletionsOptions tools[0].function.name":           "The reference pages say which names there are.",
	"ChatCompletionsOptions response_format.json_schema.name": "The reference pages say which names there are.",
	"ChatCompletionsOptions max_tokens":                       "The file says int32, which a JSON Schema does not understand.",
	"ChatCompletionsOptions seed":                             "The file says int64.",
	"EmbeddingsOptions dimensions":                            "The file says int32, and no vector has no dimensions.",
	"ImageEmbeddingsOptions dimensions":                       "As for texts.",
	"EmbeddingsOptions input":                                 "Without input there is nothing to embed.",
	"ImageEmbeddingsOptions input":                            "Without input there is nothing to embed, nor in an empty image.",
	"ChatCompletionsOptions model":                            "It is the name of a deployment, or none.",
	"EmbeddingsOptions model":                                 "It is the name of a deployment, or none.",
	"ImageEmbeddingsOptions model":                            "It is the name of a deployment, or none.",
}

// TestDefinitionsAgree compares our definitions of bodies with those of the newest OpenAPI file: what is good by one
// and bad by the other is known, with its reason.
func TestDefinitionsAgree(t *testing.T) {
	files := readOfficial(t)
	a := agreement{files[len(files)-1], map[any]bool{}}
	for _, action := range loadActions(t) {
		// No OpenAPI file knows the other ones, and to describe a model takes no body.
		if action.Sent != action || slices.Contains([]string{"GetCompletions", "ListModels", "GetModelInfo"}, action.ID) {
			continue
		}
		_, _, operation := a.operation(t, action.ID)
		i := slices.IndexFunc(operation.Parameters, func(p map[string]any) bool { return p["in"] == "body" })
		definition := definitionOf(t, operation.Parameters[i]["schema"].(map[string]any))
		w := &walk{definitions: definitionsOf(t, action)}
		for _, p := range action.Parameters {
			if p.In != schema.Body {
				continue
			}
			for _, c := range w.parameter(action, p) {
				a.testCase(t, definition, c)
			}
		}
	}
	for b := range wider {
		if !a.met[b] {
			t.Errorf("the file allows it, too: %+v", b)
		}
	}
	for place := range narrower {
		if !a.met[place] {
			t.Errorf("the file forbids it, too: %s", place)
		}
	}
}

type agreement struct {
	officialFile
	met map[any]bool // entries of wider and narrower
}

func (a agreement) testCase(t *testing.T, definition string, c generatedCase) {
	t.Helper()
	var unknown []breach
	for _, b := range a.breaches(t, definition, []byte(c.body())) {
		if _, known := wider[b]; !known {
			unknown = append(unknown, b)
		}
		a.met[b] = true
	}
	switch {
	case c.want == "good" && unknown != nil && !strings.HasSuffix(c.name, " null"): // which means absent, where a value is optional
		t.Errorf("%s: we allow what the file forbids: %+v", c.name, unknown)
	case c.want == "value" && unknown == nil:
		place := definition + " " + schema.Violation{Path: c.place}.Place()
		for known := range narrower {
			if rest, below := strings.CutPrefix(place, known); below && (rest == "" || strings.ContainsAny(rest[:1], ".[")) {
				a.met[known] = true
				return
			}
		}
		t.Errorf("%s: we forbid what the file allows: %s", c.name, c.body())
	}
}
