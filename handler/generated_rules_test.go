package main_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

	"inferenceconnector/schema"
)

// rules are a definition from an action file.
type rules map[string]any

func (r rules) types() (types []string) {
	switch value := r["type"].(type) {
	case string:
		return []string{value}
	case []any:
		return stringsIn(value)
	}
	if _, ok := r["const"].(string); ok {
		return []string{"string"}
	}
	return nil
}

func stringsIn(values any) (list []string) {
	entries, _ := values.([]any)
	for _, value := range entries {
		if text, ok := value.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

func (r rules) required() []string { return stringsIn(r["required"]) }

func (r rules) properties() map[string]any {
	properties, _ := r["properties"].(map[string]any)
	return properties
}

// variants are the rules without conditions: one for each way to meet or not to meet them.
func (r rules) variants() []rules {
	condition, ok := r["if"].(map[string]any)
	if !ok {
		return []rules{r}
	}
	then, _ := r["then"].(map[string]any)
	otherwise, _ := r["else"].(map[string]any)
	base := maps.Clone(r)
	for _, name := range []string{"if", "then", "else"} {
		delete(base, name)
	}
	var list []rules
	if kind, ok := condition["type"].(string); ok {
		rest := slices.DeleteFunc(r.types(), func(t string) bool { return t == kind })
		list = append(list, base.and(rules{"type": kind}).and(then).variants()...)
		return append(list, base.and(rules{"type": rest[0]}).and(otherwise).variants()...)
	}
	for name, test := range condition["properties"].(map[string]any) {
		property, _ := base.properties()[name].(map[string]any)
		left := stringsIn(property["enum"])
		for _, value := range rules(test.(map[string]any)).values() {
			if !slices.Contains(left, value) {
				continue // an earlier condition took it
			}
			left = slices.DeleteFunc(left, func(v string) bool { return v == value })
			list = append(list, base.narrowed(name, value).and(then).variants()...)
		}
		if len(left) > 0 {
			list = append(list, base.narrowed(name, left...).and(otherwise).variants()...)
		}
	}
	return list
}

// values are the texts that a condition on a property lets through.
func (r rules) values() []string {
	if value, ok := r["const"].(string); ok {
		return []string{value}
	}
	return stringsIn(r["enum"])
}

// narrowed lets a property be one of values only.
func (r rules) narrowed(property string, values ...string) rules {
	enum := make([]any, len(values))
	for i, value := range values {
		enum[i] = value
	}
	return r.and(rules{"properties": map[string]any{property: map[string]any{"enum": enum}}})
}

// and adds more rules.
func (r rules) and(more rules) rules {
	sum := rules(patched(r, more))
	if needed := slices.Concat(r.required(), more.required()); needed != nil {
		list := make([]any, len(needed))
		for i, name := range needed {
			list[i] = name
		}
		sum["required"] = list
	}
	return sum
}

// sampleTexts are texts of which one fits every pattern of the action files.
var sampleTexts = []string{"sample", "data:image/png;base64,AA==", "00000000-0000-0000-0000-000000000000", "2024-05-01-preview"}

// sample is JSON text that fits the rules.
func (w *walk) sample(r rules) string {
	r = w.resolve(r).variants()[0]
	if values := r.values(); values != nil {
		return schema.Quote(values[0])
	}
	switch types := r.types(); types[0] {
	case "string":
		pattern, _ := r["pattern"].(string)
		fits := slices.IndexFunc(sampleTexts, regexp.MustCompile(pattern).MatchString)
		return schema.Quote(sampleTexts[fits])
	case "array":
		return "[" + w.sample(r["items"].(map[string]any)) + "]"
	case "object":
		return w.object(r, "", "")
	case "boolean":
		return "false" // true asks for a stream
	}
	return "1"
}

// object is a JSON object with what is required, and one property more or in its place. The text of a property
// that is to be missing is "".
func (w *walk) object(r rules, name, text string) string {
	var members []string
	for _, needed := range slices.Compact(slices.Sorted(slices.Values(append(r.required(), name)))) {
		value := text
		if needed != name {
			value = w.sample(r.properties()[needed].(map[string]any))
		}
		if value != "" {
			members = append(members, schema.Quote(needed)+":"+value)
		}
	}
	return "{" + strings.Join(members, ",") + "}"
}

// resolve follows a reference.
func (w *walk) resolve(r rules) rules {
	reference, _ := r["$ref"].(string)
	if target, ok := w.definitions[strings.TrimPrefix(reference, "#/$defs/")].(map[string]any); ok {
		return target
	}
	return r
}

// number is a number of the rules as it is written in the file.
func (r rules) number(keyword string) (text string, ok bool) {
	value, ok := r[keyword].(json.Number)
	return value.String(), ok
}
