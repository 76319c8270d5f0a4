package schema

import (
	"encoding/json"
)

// Place is where a parameter travels in an HTTP request.
type Place string

// The places of a parameter, named as the sections of an action file.
const (
	Query  Place = "query"
	Header Place = "header"
	Body   Place = "body"
)

// An Action is one operation of the connector, read from its file. It does not change after Load and
// is safe for concurrent use.
type Action struct {
	ID          string // operationId, the file's name
	Dialect     Dialect
	Defs        map[string]any // what definitions of parameters refer to as #/$defs/...
	Summary     string
	Description string
	Visibility  string // x-ms-visibility of the operation
	Method      string
	Path        string // below a connection
	OneValue    bool   // it answers in one piece always: those who use it cannot read a stream
	Parameters  []*Parameter
	Sent        *Action // what an endpoint is asked for: the action itself, or the one that its file says it is as

	byName   map[Place]map[string]*Parameter
	checks   func() map[Place]*Schema
	dialects map[Dialect]func() *Action
	as       string
}

// A Parameter is one input of an action. Names are unique within an action, whatever their place.
type Parameter struct {
	Name        string
	In          Place
	Required    bool
	Summary     string
	Description string
	Visibility  string
	Default     string // JSON text, "" when there is none
	SendDefault bool   // whether the endpoint is sent the default when the caller gives no value
	Aliases     map[string]string
	Definition  map[string]any // the JSON Schema, for those who generate from it

	passed memory
}

// In returns the action as a dialect has it, nil where the dialect does not have it.
func (a *Action) In(dialect Dialect) *Action {
	if dialect == a.Dialect {
		return a
	}
	if variant := a.dialects[dialect]; variant != nil {
		return variant()
	}
	return nil
}

// Has reports whether the action takes anything in that place.
func (a *Action) Has(place Place) bool { return a.byName[place] != nil }

// Parameter returns a parameter by its place and name, nil when there is none.
func (a *Action) Parameter(place Place, name string) *Parameter { return a.byName[place][name] }

// CheckValues validates the values given in the query or in the headers. Callers repeat themselves, so
// values that passed are remembered.
func (a *Action) CheckValues(place Place, values map[string]string) []Violation {
	if !a.Has(place) || a.havePassed(place, values) {
		return nil
	}
	object := make(map[string]any, len(values))
	for name, value := range values {
		object[name] = value
	}
	violations := a.checks()[place].Check(object)
	if violations == nil {
		for name, value := range values {
			if p := a.byName[place][name]; p != nil {
				p.passed.add(value)
			}
		}
	}
	return violations
}

// havePassed reports whether each value has passed before and none is missing: a place's parameters are
// independent of one another.
func (a *Action) havePassed(place Place, values map[string]string) bool {
	for name, p := range a.byName[place] {
		value, given := values[name]
		if given && !p.passed.has(value) || !given && p.Required {
			return false
		}
	}
	return true
}

// CheckBody validates a body. A null stands for an absent value: optional members that are null are
// removed first.
func (a *Action) CheckBody(d *Document) []Violation {
	for _, p := range a.Parameters {
		if value, ok := d.root[p.Name]; ok && value == nil && p.In == Body && !p.Required {
			d.Remove(p.Name)
		}
	}
	return a.checks()[Body].Check(d.root)
}

// Check validates a value for the parameter, given as JSON text.
func (p *Parameter) Check(value []byte) []Violation {
	definition, err := json.Marshal(map[string]any{"properties": map[string]any{p.Name: p.Definition}})
	if err != nil {
		return []Violation{{Rule: "cannot be checked: " + err.Error()}}
	}
	rules, err := Compile(p.Name, definition)
	if err != nil {
		return []Violation{{Rule: "cannot be checked: " + err.Error()}}
	}
	d, err := Parse([]byte("{" + Quote(p.Name) + ":" + string(value) + "}"))
	if err != nil {
		return []Violation{{Path: []string{p.Name}, Rule: "is not JSON: " + err.Error()}}
	}
	return rules.Check(d.root)
}
