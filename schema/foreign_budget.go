package schema

import (
	"errors"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// What one check by a caller's schema may cost, in steps, which are about a value each.
const (
	maxSteps  = 100_000
	deepSteps = 2 << 20 // times the square of the depth: what the validator notes of a step grows with that
	flat      = 3       // schemas in a row for one value that cost nothing extra
)

// errSteps is the panic that ends a check: the validator knows no other way out.
var errSteps = errors.New("too many steps")

// budget counts down what a check costs.
type budget struct{ left, row int }

// begin begins a check of a value.
func (b *budget) begin(value any) {
	levels := (1 + depth(value)) * max(b.row, flat) / flat
	b.left = min(maxSteps, deepSteps/(levels*levels))
}

// step is part of every schema below the one that is compiled. It is counted when that is done with a value, by the
// size of both: what either holds was looked at before, one level deep.
type step struct {
	*budget
	size int // of the schema
}

// Compile implements jsonschema.ExtCompiler.
func (b *budget) Compile(_ jsonschema.CompilerContext, definition map[string]any) (jsonschema.ExtSchema, error) {
	s := step{b, 1}
	for name, value := range definition {
		if _, isText := value.(string); isText {
			continue
		}
		if s.size += size(value); name == "enum" { // whose values are looked at whole, and numbers are dear
			s.size += 2 * leaves(value)
		}
	}
	return s, nil
}

// Validate implements jsonschema.ExtSchema.
func (s step) Validate(_ jsonschema.ValidationContext, v any) error {
	if s.left -= s.size + size(v); s.left < 0 {
		panic(errSteps)
	}
	return nil
}

func size(value any) int {
	const charactersPerStep = 4
	switch value := value.(type) {
	case string:
		return len(value) / charactersPerStep
	case []any:
		return len(value)
	case map[string]any:
		return len(value)
	}
	return 0
}

// leaves is how many values there are that hold no others.
func leaves(value any) (sum int) {
	switch value := value.(type) {
	case []any:
		for _, entry := range value {
			sum += leaves(entry)
		}
	case map[string]any:
		for _, member := range value {
			sum += leaves(member)
		}
	default:
		return 1
	}
	return sum
}

// depth is how many lists and objects are in one another.
func depth(value any) (deepest int) {
	switch value := value.(type) {
	case []any:
		for _, entry := range value {
			deepest = max(deepest, depth(entry))
		}
	case map[string]any:
		for _, member := range value {
			deepest = max(deepest, depth(member))
		}
	default:
		return 0
	}
	return deepest + 1
}
