package schema

import "github.com/santhosh-tekuri/jsonschema/v5"

// A row is schemas that look at the same value, one inside the other: references and combinations. The validator
// writes all of it down for every failure at its end. rows holds the lengths of those that begin with each schema.
type rows map[*jsonschema.Schema]int

// longestRow is the length of the longest row in a schema and all that it holds.
func longestRow(whole *jsonschema.Schema) (longest int) {
	lengths, seen := rows{}, map[*jsonschema.Schema]bool{nil: true}
	var visit func(*jsonschema.Schema)
	visit = func(s *jsonschema.Schema) {
		if seen[s] {
			return
		}
		seen[s] = true
		longest = max(longest, lengths.from(s))
		for _, next := range append(sameValue(s), valuesBelow(s)...) {
			visit(next)
		}
	}
	visit(whole)
	return longest
}

func (r rows) from(s *jsonschema.Schema) int {
	if s == nil {
		return 0
	}
	if _, known := r[s]; !known {
		r[s] = 1 // a row that comes back to where it began is refused elsewhere
		length := 0
		for _, next := range sameValue(s) {
			length = max(length, r.from(next))
		}
		r[s] = length + 1
	}
	return r[s]
}

func sameValue(s *jsonschema.Schema) []*jsonschema.Schema {
	all := []*jsonschema.Schema{s.Ref, s.RecursiveRef, s.DynamicRef, s.Not, s.If, s.Then, s.Else}
	all = append(append(append(all, s.AllOf...), s.AnyOf...), s.OneOf...)
	for _, next := range s.DependentSchemas {
		all = append(all, next)
	}
	for _, next := range s.Dependencies {
		all = append(all, schemasOf(next)...)
	}
	return all
}

func valuesBelow(s *jsonschema.Schema) []*jsonschema.Schema {
	all := []*jsonschema.Schema{s.PropertyNames, s.UnevaluatedProperties, s.Items2020, s.Contains, s.UnevaluatedItems}
	all = append(all, s.PrefixItems...)
	for _, next := range []any{s.AdditionalProperties, s.Items, s.AdditionalItems} {
		all = append(all, schemasOf(next)...)
	}
	for _, next := range s.Properties {
		all = append(all, next)
	}
	for _, next := range s.PatternProperties {
		all = append(all, next)
	}
	return all
}

// schemasOf returns the schemas in a keyword's value, which can be something else.
func schemasOf(value any) []*jsonschema.Schema {
	switch value := value.(type) {
	case *jsonschema.Schema:
		return []*jsonschema.Schema{value}
	case []*jsonschema.Schema:
		return value
	}
	return nil
}
