package main_test

import (
	"fmt"
	"maps"
	"slices"

	"inferenceconnector/schema"
)

// A generated case is a body with one thing in it that is wrong, or that only looks so.
type generatedCase struct {
	name  string
	place []string // of what is wrong
	body  func() string
	want  string // "good", "value" for a value that breaks the rules, or "JSON" for a text that is none
}

// A walk goes through the body of an action and collects cases.
type walk struct {
	definitions map[string]any
	huge        bool // with values of megabytes, too
	cases       []generatedCase
}

// A bodyField is a place in a body.
type bodyField struct {
	place    []string
	required bool
	body     func(text string) string // a good body, but for the JSON text of the field; "" leaves the field out
}

func (f bodyField) below(token string, required bool, within func(text string) string) bodyField {
	place := append(slices.Clone(f.place), token)
	return bodyField{place, required, func(text string) string { return f.body(within(text)) }}
}

func (w *walk) add(f bodyField, want, name, text string) {
	name = fmt.Sprintf("%s %s", schema.Violation{Path: f.place}.Place(), name)
	w.cases = append(w.cases, generatedCase{name, f.place, func() string { return f.body(text) }, want})
}

// addHuge adds a text of megabytes where there may be none.
func (w *walk) addHuge(f bodyField) {
	if w.huge {
		w.add(f, "value", "huge text", hugeText)
	}
}

// parameter collects the cases of a parameter of the body.
func (w *walk) parameter(action *schema.Action, p *schema.Parameter) []generatedCase {
	w.cases = nil
	whole := w.whole(action)
	root := bodyField{body: func(text string) string { return text }}
	top := root.below(p.Name, p.Required, func(text string) string { return w.object(whole, p.Name, text) })
	if p.Required {
		w.add(top, "value", "missing", "")
	}
	w.field(top, p.Definition)
	return w.cases
}

// whole are the rules of the whole body.
func (w *walk) whole(action *schema.Action) rules {
	whole := rules{}
	for _, p := range action.Parameters {
		if p.In != schema.Body {
			continue
		}
		whole = whole.and(rules{"properties": map[string]any{p.Name: p.Definition}})
		if p.Required {
			whole = whole.and(rules{"required": []any{p.Name}})
		}
	}
	return whole
}

// field collects the cases of a field and of all that is below it.
func (w *walk) field(f bodyField, r rules) {
	r = w.resolve(r)
	if f.required {
		w.add(f, "value", "null", "null")
	} else {
		w.add(f, "good", "null", "null") // the same as absent
	}
	w.wrongTypes(f, r)
	variants := r.variants()
	w.properties(f, r, variants[0], nil)
	for _, v := range variants {
		w.add(f, "good", "sample", w.sample(v))
		w.scalars(f, v)
		w.properties(f, v, v, r.properties())
		if items, ok := v["items"].(map[string]any); ok {
			w.list(f, v, items)
		}
	}
}

// properties collects the cases of those properties in r that are not known yet, in objects of a variant.
func (w *walk) properties(f bodyField, r, variant rules, known map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(r.properties())) {
		if _, ok := known[name]; ok {
			continue
		}
		required := slices.Contains(r.required(), name)
		below := f.below(name, required, func(text string) string { return w.object(variant, name, text) })
		if required {
			w.add(below, "value", "missing", "")
		}
		w.field(below, r.properties()[name].(map[string]any))
	}
}

// list collects the cases of a list and of its items.
func (w *walk) list(f bodyField, r rules, items rules) {
	if minimum, ok := r["minItems"]; ok && fmt.Sprint(minimum) == "1" {
		w.add(f, "value", "empty", "[]")
	}
	if w.huge {
		w.add(f, "JSON", "100 001 items", hugeList)
		wrong := f.below("0", true, func(text string) string { return text })
		w.add(wrong, "value", "and 90 000 more, all wrong", wrongList)
	}
	w.field(f.below("0", true, func(text string) string { return "[" + text + "]" }), items)
}
