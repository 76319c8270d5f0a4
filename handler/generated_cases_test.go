package main_test

import (
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"

	"inferenceconnector/schema"
)

// Values that are large in ways of their own.
var (
	hugeText   = `"` + strings.Repeat("A", 2<<20) + `"`
	hugeNumber = strings.Repeat("9", 129) // one more than a number may have
	hugeList   = "[" + strings.Repeat("0,", 100_000) + "0]"
	wrongList  = "[" + strings.Repeat("true,", 90_000) + "true]" // no list holds booleans
)

// typeSamples are a value of each JSON type but null.
var typeSamples = map[string]string{
	"string": `"text"`, "number": "1.5", "integer": "7", "boolean": "true", "array": "[]", "object": "{}",
}

// wrongTypes adds a value of every type that the field does not take.
func (w *walk) wrongTypes(f bodyField, r rules) {
	types := r.types()
	for name, text := range typeSamples {
		if slices.Contains(types, name) || name == "integer" && slices.Contains(types, "number") {
			continue
		}
		w.add(f, "value", "of type "+name, text)
	}
	if !slices.Contains(types, "string") {
		w.addHuge(f)
	}
}

// scalars adds values that break the rules for texts and numbers.
func (w *walk) scalars(f bodyField, r rules) {
	if values := r.values(); values != nil {
		w.add(f, "value", "not among the known", `"no-such-word"`)
		w.add(f, "value", "in other letters", schema.Quote(strings.ToUpper(values[0])))
		w.addHuge(f)
	}
	if pattern, ok := r["pattern"].(string); ok {
		for _, text := range []string{"", "?", "sample\n", strings.Repeat("a", 65)} {
			if !regexp.MustCompile(pattern).MatchString(text) {
				w.add(f, "value", fmt.Sprintf("against the pattern: %.20q", text), schema.Quote(text))
			}
		}
		if !regexp.MustCompile(pattern).MatchString(hugeText) {
			w.addHuge(f)
		}
	}
	if length, ok := r.length("minLength"); ok {
		w.add(f, "value", "too short", schema.Quote(strings.Repeat("é", length-1)))
	}
	if length, ok := r.length("maxLength"); ok {
		w.add(f, "good", "as long as may be", schema.Quote(strings.Repeat("é", length)))
		w.add(f, "value", "too long", schema.Quote(strings.Repeat("é", length+1)))
		w.addHuge(f)
	}
	w.numbers(f, r)
}

func (r rules) length(keyword string) (length int, ok bool) {
	text, ok := r.number(keyword)
	_, err := fmt.Sscan(text, &length)
	return length, ok && err == nil
}

// numbers adds numbers beyond the bounds, and those of absurd length or size.
func (w *walk) numbers(f bodyField, r rules) {
	types := r.types()
	if !slices.Contains(types, "number") && !slices.Contains(types, "integer") {
		return
	}
	for keyword, step := range map[string]int64{"minimum": -1, "maximum": 1} {
		bound, ok := r.number(keyword)
		if !ok {
			continue
		}
		edge, _ := new(big.Rat).SetString(bound)
		w.add(f, "good", "at its "+keyword, bound)
		w.add(f, "value", "beyond its "+keyword, new(big.Rat).Add(edge, big.NewRat(step, 1)).FloatString(0))
		if slices.Contains(types, "number") {
			w.add(f, "value", "a little beyond its "+keyword, edge.Add(edge, big.NewRat(step, 10_000)).FloatString(4))
		}
	}
	w.add(f, "JSON", "129 digits", hugeNumber)
	w.add(f, "JSON", "an exponent beyond all", "1e999")
	if slices.Contains(types, "integer") {
		w.add(f, "value", "an exponent below all", "1e-9")
	}
}
