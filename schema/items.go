package schema

import (
	"strconv"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// A list may hold a hundred thousand bad entries, and the validator would build an error for each, of
// which maxViolations are told. So this keyword stands in for items, in memory only, and stops there.
const itemsKeyword = "x-items"

func isList(types any) bool {
	list, _ := types.([]any)
	return types == "array" || contains(list, "array")
}

// itemsCompiler compiles the keyword; an items is its compiled form.
type itemsCompiler struct{}

type items struct{ schema *jsonschema.Schema }

func (itemsCompiler) Compile(ctx jsonschema.CompilerContext, m map[string]any) (jsonschema.ExtSchema, error) {
	if _, ok := m[itemsKeyword]; !ok {
		return nil, nil
	}
	compiled, err := ctx.Compile(itemsKeyword, false)
	return items{compiled}, err
}

func (s items) Validate(ctx jsonschema.ValidationContext, v any) error {
	list, _ := v.([]any)
	var failed []error
	for i, entry := range list {
		if err := ctx.Validate(s.schema, itemsKeyword, entry, strconv.Itoa(i)); err != nil {
			if failed = append(failed, err); len(failed) == maxViolations {
				break
			}
		}
	}
	if failed == nil {
		return nil
	}
	return jsonschema.ValidationError{}.Group(ctx.Error(itemsKeyword, "bad items"), failed...)
}
