package schema

import (
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// Messages and content parts are told apart by a chain of if/then/else over one property. The validator
// would try each link and build an error for every one that does not fit, for every message. So a chain
// is folded into one look-up: the keyword below, which exists in memory only. References are replaced
// by what they refer to, as each costs as much as another rule. Validation takes half the time.
// This is for the action files only: a schema from elsewhere may refer to itself.
const dispatchKeyword = "x-dispatch"

// newFoldedSet is newSet for the action files, whose definitions it replaces.
func newFoldedSet(name string, d, shared *Document) *set {
	for _, d := range []*Document{d, shared} {
		defs, _ := d.root["$defs"].(map[string]any)
		fold(inline(d.root, defs))
	}
	s := newSet(name, d)
	s.add(base+"actions/parameters.json", shared)
	s.compiler.RegisterExtension(dispatchKeyword, nil, dispatcher{})
	s.compiler.RegisterExtension(itemsKeyword, nil, itemsCompiler{})
	return s
}

// inline replaces each reference to one of defs, none of which refers to itself.
func inline(definition any, defs map[string]any) any {
	switch node := definition.(type) {
	case []any:
		for i := range node {
			node[i] = inline(node[i], defs)
		}
	case map[string]any:
		reference, _ := node["$ref"].(string)
		if target, ok := defs[strings.TrimPrefix(reference, "#/$defs/")]; ok && len(node) == 1 {
			return inline(target, defs)
		}
		for name := range node {
			node[name] = inline(node[name], defs)
		}
	}
	return definition
}

// fold replaces every chain and every items in definition, at any depth. A chain stays where the property
// may be absent, which the first if of a chain does not mind.
func fold(definition any) {
	switch node := definition.(type) {
	case []any:
		for _, entry := range node {
			fold(entry)
		}
	case map[string]any:
		if items, ok := node["items"]; ok && isList(node["type"]) {
			delete(node, "items")
			node[itemsKeyword] = items
		}
		required, _ := node["required"].([]any)
		if property, cases := chain(node); cases != nil && contains(required, property) {
			delete(node, "if")
			delete(node, "then")
			delete(node, "else")
			node[dispatchKeyword] = map[string]any{"property": property, "cases": cases, "otherwise": otherwise(node, property, cases)}
		}
		for _, entry := range node {
			fold(entry)
		}
	}
}

// otherwise takes the rules of the property itself out of node, where a value that has a case is known to keep
// them: they are for the values that have none. Without such rules it is a schema that takes everything.
func otherwise(node map[string]any, property string, cases map[string]any) map[string]any {
	properties, _ := node["properties"].(map[string]any)
	rules, _ := properties[property].(map[string]any)
	allowed, _ := rules["enum"].([]any)
	if rules["type"] != "string" || len(texts(allowed)) != len(cases) {
		return map[string]any{}
	}
	for _, value := range texts(allowed) {
		if cases[value] == nil {
			return map[string]any{}
		}
	}
	delete(properties, property)
	return map[string]any{"properties": map[string]any{property: rules}}
}

// chain collects the links that begin at node: all compare the same property, and the last has no else.
func chain(node map[string]any) (property string, cases map[string]any) {
	property, values, ok := link(node)
	for cases = map[string]any{}; ok; {
		for _, value := range values {
			if cases[value] == nil { // the first link that fits decides
				cases[value] = node["then"]
			}
		}
		next, more := node["else"].(map[string]any)
		if !more {
			return property, cases
		}
		var same string
		node = next
		same, values, ok = link(node)
		ok = ok && same == property
	}
	return "", nil
}

// link reports whether node is a link of a chain: an if that compares one property with strings.
func link(node map[string]any) (property string, values []string, ok bool) {
	condition, _ := node["if"].(map[string]any)
	properties, _ := condition["properties"].(map[string]any)
	if len(condition) != 1 || len(properties) != 1 || node["then"] == nil {
		return "", nil, false
	}
	for name, test := range properties {
		test, _ := test.(map[string]any)
		values, _ := test["enum"].([]any)
		if constant, ok := test["const"]; ok {
			values = []any{constant}
		}
		list := texts(values)
		return name, list, len(test) == 1 && len(list) > 0 && len(list) == len(values)
	}
	return "", nil, false
}

func texts(values []any) (list []string) {
	for _, value := range values {
		if text, ok := value.(string); ok {
			list = append(list, text)
		}
	}
	return list
}

// dispatcher compiles the keyword; a dispatch is its compiled form.
type dispatcher struct{}

type dispatch struct {
	property  string
	cases     map[string]dispatchCase
	otherwise dispatchCase
}

type dispatchCase struct {
	path   string
	schema *jsonschema.Schema
}

func (dispatcher) Compile(ctx jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	definition, ok := m[dispatchKeyword].(map[string]any)
	if !ok {
		return nil, nil
	}
	d := dispatch{cases: map[string]dispatchCase{}}
	d.property, _ = definition["property"].(string)
	cases, _ := definition["cases"].(map[string]any)
	for value := range cases {
		path := dispatchKeyword + "/cases/" + value
		compiled, err := ctx.Compile(path, true)
		if err != nil {
			return nil, err
		}
		d.cases[value] = dispatchCase{path, compiled}
	}
	path := dispatchKeyword + "/otherwise"
	compiled, err := ctx.Compile(path, true)
	d.otherwise = dispatchCase{path, compiled}
	return d, err
}

func (d dispatch) Validate(ctx jsonschema.ValidationContext, v any) error {
	object, _ := v.(map[string]any)
	value, _ := object[d.property].(string)
	c, ok := d.cases[value]
	if !ok {
		c = d.otherwise
	}
	return ctx.Validate(c.schema, c.path, v, "")
}
