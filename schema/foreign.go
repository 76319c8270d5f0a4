package schema

import (
	"errors"
	"fmt"
	"maps"
	"regexp/syntax"
	"slices"
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// What a schema that a caller wrote may cost: its author may mean harm. Patterns are programs, references can unfold
// without end, and the validator cannot be stopped from outside.
const (
	maxForeign = 32 << 10 // bytes of the schema
	maxPattern = 500      // steps of all its patterns' programs
)

// A Foreign is a compiled schema of a caller's. It is not safe for concurrent use.
type Foreign struct {
	schema *Schema
	budget *budget
}

// CompileForeign compiles a caller's schema, given as JSON text, or says what is wrong with it. It may refer to
// nothing outside itself: nothing is fetched (contract/reliability.md, S5).
func CompileForeign(text []byte) (*Foreign, []Violation) {
	if len(text) > maxForeign {
		return nil, []Violation{{Keyword: "maxLength", Rule: fmt.Sprintf("must be at most %d bytes of JSON; leave out descriptions and examples", maxForeign)}}
	}
	d, err := Parse(text)
	if err != nil {
		return nil, []Violation{{Keyword: "type", Rule: "must be strict JSON: " + err.Error()}}
	}
	if place := costly(d.root, new(int)); place != nil {
		return nil, []Violation{{Path: place, Keyword: "pattern",
			Rule: "is no pattern that is taken here: write a shorter one in RE2 syntax, and say lengths by maxLength"}}
	}
	set := newSet("json_schema", d)
	steps := &budget{}
	set.compiler.RegisterExtension("steps", nil, steps)
	set.compiler.Formats["regex"] = func(any) bool { return true } // it would compile what is checked
	compiled, err := set.compile("")
	if err != nil {
		return nil, noSchema(err)
	}
	steps.row = longestRow(compiled.compiled)
	return &Foreign{compiled, steps}, nil
}

// noSchema says where a schema breaks the rules for schemas.
func noSchema(err error) []Violation {
	broken := Violation{Keyword: "schema", Rule: "must be a JSON Schema that refers only to its own $defs"}
	var invalid *jsonschema.ValidationError
	if errors.As(err, &invalid) {
		leaf := appendLeaves(nil, invalid)[0]
		broken.Path = tokens(leaf.InstanceLocation)
		broken.Rule = "is not as JSON Schema has it: " + leaf.Message
	}
	return []Violation{broken}
}

// costly returns the place of the first pattern that is none, or with which all of them cost too much. It looks
// at every pattern there could be: what stands in an enum is none, and counts.
func costly(value any, cost *int) []string {
	switch value := value.(type) {
	case []any:
		for i, entry := range value {
			if place := costly(entry, cost); place != nil {
				return append([]string{strconv.Itoa(i)}, place...)
			}
		}
	case map[string]any:
		patterns, _ := value["patternProperties"].(map[string]any)
		for _, pattern := range slices.Sorted(maps.Keys(patterns)) {
			if costs(pattern, cost) {
				return []string{"patternProperties"}
			}
		}
		if pattern, ok := value["pattern"].(string); ok && costs(pattern, cost) {
			return []string{"pattern"}
		}
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if place := costly(value[name], cost); place != nil {
				return append([]string{name}, place...)
			}
		}
	}
	return nil
}

// costs adds what a pattern costs, and reports whether that is too much.
func costs(pattern string, cost *int) bool {
	*cost += len(pattern) // which bounds what comes of parsing it
	if *cost > maxPattern {
		return true
	}
	parsed, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return true
	}
	program, err := syntax.Compile(parsed.Simplify())
	if err != nil {
		return true
	}
	*cost += len(program.Inst)
	return *cost > maxPattern
}

// Check returns the violations of JSON text, nil when it is valid, and whether it could be checked at all. Paths
// begin with name, for which the text stands.
func (f *Foreign) Check(name string, text []byte) (violations []Violation, checked bool) {
	defer func() {
		if reason := recover(); reason != nil {
			if reason != errSteps {
				panic(reason)
			}
			violations, checked = nil, false
		}
	}()
	d, err := Parse(slices.Concat([]byte("{"+Quote(name)+":"), text, []byte("}")))
	if err != nil || len(d.members) != 1 {
		return []Violation{{Path: []string{name}, Keyword: "json", Rule: "is no JSON"}}, true
	}
	f.budget.begin(d.root[name])
	violations = f.schema.Check(d.root[name])
	for i, v := range violations {
		violations[i].Path = append([]string{name}, v.Path...)
	}
	return violations, true
}
