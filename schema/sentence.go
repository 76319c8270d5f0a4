package schema

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// explain turns one failed rule into violations: one for each missing or unknown name, else one.
func (s *Schema) explain(leaf *jsonschema.ValidationError, root any) []Violation {
	location, pointer, _ := strings.Cut(leaf.AbsoluteKeywordLocation, "#")
	above, keyword, _ := cutLast(pointer, "/")
	definition, _ := at(s.sources[location], above).(map[string]any)
	v := Violation{Path: tokens(leaf.InstanceLocation), Keyword: keyword, Input: at(root, leaf.InstanceLocation)}
	v.Code, _ = definition["x-error-code"].(string)
	object, _ := v.Input.(map[string]any)
	switch keyword {
	case "required":
		return inOwnWords(each(v, missing(definition, object), "is missing", nil), definition)
	case "additionalProperties":
		return suggest(each(v, unknown(definition, object), "is not a known name here", object), definition, object)
	}
	v.Rule = rule(keyword, definition)
	return []Violation{v}
}

func each(v Violation, names []string, rule string, values map[string]any) []Violation {
	if len(names) == 0 { // a schema with an $id of its own is not among the sources
		v.Rule = anotherForm
		return []Violation{v}
	}
	violations := make([]Violation, len(names))
	for i, name := range names {
		violations[i] = Violation{Keyword: v.Keyword, Code: v.Code, Rule: rule, Input: values[name]}
		violations[i].Path = append(append([]string{}, v.Path...), name)
	}
	return violations
}

// inOwnWords takes a schema's own words for what is missing: x-missing has them by name.
func inOwnWords(violations []Violation, definition map[string]any) []Violation {
	words, ok := definition["x-missing"].(map[string]any)
	if !ok {
		return violations
	}
	for i, v := range violations {
		if own, ok := words[v.Path[len(v.Path)-1]].(string); ok {
			violations[i].Rule = own
		}
	}
	return violations
}

func missing(definition, object map[string]any) (names []string) {
	required, _ := definition["required"].([]any)
	for _, name := range required {
		if name, ok := name.(string); ok {
			if _, ok := object[name]; !ok {
				names = append(names, name)
			}
		}
	}
	return names
}

const anotherForm = "does not have the form that is asked for"

// rule says in words what a keyword asks for. A schema's own x-rule wins; for the type that is x-type.
func rule(keyword string, definition map[string]any) string {
	value, words := definition[keyword], "x-rule"
	if keyword == "type" {
		words = "x-type"
	}
	if own, ok := definition[words].(string); ok {
		return own
	}
	switch keyword {
	case "type":
		return "must be " + typeWords(value)
	case "enum":
		return "must be one of " + listWords(value)
	case "const":
		return "must be " + word(value)
	case "minimum", "maximum":
		return rangeWords(definition)
	case "minItems":
		return fmt.Sprintf("must have at least %v", count(value, "item"))
	case "maxItems":
		return fmt.Sprintf("must have at most %v", count(value, "item"))
	case "minLength":
		return fmt.Sprintf("must have at least %v", count(value, "character"))
	case "maxLength":
		return fmt.Sprintf("must have at most %v", count(value, "character"))
	case "minProperties":
		return fmt.Sprintf("must have at least %v", count(value, "entry"))
	}
	return anotherForm
}

var typeNames = map[string]string{
	"string": "a text", "number": "a number", "integer": "a whole number", "boolean": "true or false",
	"array": "a list", "object": "an object",
}

func typeWords(types any) string {
	list, ok := types.([]any)
	if !ok {
		list = []any{types}
	}
	var words []string
	for _, t := range list {
		if name, ok := t.(string); ok && typeNames[name] != "" { // null needs no mention: it means absent
			words = append(words, typeNames[name])
		}
	}
	return strings.Join(words, " or ")
}

func listWords(values any) string {
	list, _ := values.([]any)
	var words []string
	for _, value := range list {
		if value != nil {
			words = append(words, word(value))
		}
	}
	return strings.Join(words, ", ")
}

func rangeWords(definition map[string]any) string {
	low, hasLow := definition["minimum"]
	high, hasHigh := definition["maximum"]
	switch {
	case hasLow && hasHigh:
		return fmt.Sprintf("must be between %s and %s", word(low), word(high))
	case hasLow:
		return "must be at least " + word(low)
	default:
		return "must be at most " + word(high)
	}
}

func count(n any, noun string) string {
	if text := word(n); text != "1" {
		return text + " " + strings.TrimSuffix(noun, "y") + map[bool]string{true: "ies", false: "s"}[strings.HasSuffix(noun, "y")]
	}
	return "1 " + noun
}

func word(value any) string {
	if text, ok := value.(string); ok {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

func cutLast(s, sep string) (before, after string, found bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}
