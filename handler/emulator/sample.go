package emulator

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

const (
	maxDepth  = 6
	maxValues = 1000 // a schema that refers to itself would else grow by powers
)

// sample writes the JSON text of one plausible instance of a JSON Schema, always
// the same one. An absent or empty schema is that of an object without properties.
func sample(schema json.RawMessage) string {
	var root object
	decoder := json.NewDecoder(bytes.NewReader(schema))
	decoder.UseNumber() // enum values keep their digits
	if decoder.Decode(&root) != nil || len(root) == 0 {
		return "{}"
	}
	text, err := json.Marshal((&sampler{root, maxValues}).value(root, 0))
	if err != nil {
		return "{}"
	}
	return string(text)
}

type sampler struct {
	root object
	left int
}

func (s *sampler) value(schema any, depth int) any {
	s.left--
	if s.left < 0 || depth > maxDepth {
		return nil
	}
	rules, _ := schema.(object)
	if value, ok := rules["const"]; ok {
		return value
	}
	if value, ok := first(rules["enum"]); ok {
		return value
	}
	switch typeOf(rules) {
	case "object":
		return s.object(rules, depth)
	case "array":
		if depth == maxDepth {
			return []any{}
		}
		return []any{s.value(rules["items"], depth+1)}
	case "integer", "number":
		if least, ok := rules["minimum"]; ok {
			return least
		}
		return 1
	case "boolean":
		return true
	case "null":
		return nil
	case "string":
		return "text"
	}
	return s.elsewhere(rules, depth)
}

func (s *sampler) object(rules object, depth int) object {
	properties, _ := rules["properties"].(object)
	required, _ := rules["required"].([]any)
	instance := object{}
	for _, name := range required {
		if name, ok := name.(string); ok && s.left > 0 {
			instance[name] = s.value(properties[name], depth+1)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if _, done := instance[name]; !done && s.left > 0 {
			instance[name] = s.value(properties[name], depth+1)
		}
	}
	return instance
}

// elsewhere samples a schema that leaves its type to another one.
func (s *sampler) elsewhere(rules object, depth int) any {
	if pointer, ok := rules["$ref"].(string); ok {
		return s.value(s.resolve(pointer), depth+1)
	}
	for _, keyword := range []string{"anyOf", "oneOf", "allOf"} {
		if branch, ok := first(rules[keyword]); ok {
			return s.value(branch, depth+1)
		}
	}
	return "text"
}

func (s *sampler) resolve(pointer string) any {
	var target any = s.root
	path, deeper := strings.CutPrefix(pointer, "#/")
	if !deeper {
		return target
	}
	for name := range strings.SplitSeq(path, "/") {
		parent, _ := target.(object)
		target = parent[name]
	}
	return target
}

func typeOf(rules object) string {
	if name, ok := rules["type"].(string); ok {
		return name
	}
	if name, ok := first(rules["type"]); ok {
		text, _ := name.(string)
		return text
	}
	if rules["properties"] != nil {
		return "object"
	}
	return ""
}

func first(list any) (any, bool) {
	values, _ := list.([]any)
	if len(values) == 0 {
		return nil, false
	}
	return values[0], true
}
