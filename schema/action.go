package schema

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
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
	Summary     string
	Description string
	Visibility  string // x-ms-visibility of the operation
	Method      string
	Path        string // below a connection
	Parameters  []*Parameter

	byName map[Place]map[string]*Parameter
	checks map[Place]*Schema
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
}

//go:embed parameters.json actions
var files embed.FS

// Load compiles every action file. An error means that a file is wrong, never the caller's input.
func Load() ([]*Action, error) {
	shared, err := parseFile("parameters.json")
	if err != nil {
		return nil, err
	}
	names, err := fs.Glob(files, "actions/*.json")
	if err != nil {
		return nil, err
	}
	actions := make([]*Action, len(names))
	for i, name := range names {
		if actions[i], err = load(name, shared); err != nil {
			return nil, fmt.Errorf("schema/%s: %w", name, err)
		}
	}
	return actions, nil
}

// Has reports whether the action takes anything in that place; a nil Schema of a place means it does not.
func (a *Action) Has(place Place) bool { return a.checks[place] != nil }

// Parameter returns a parameter by its place and name, nil when there is none.
func (a *Action) Parameter(place Place, name string) *Parameter { return a.byName[place][name] }

// CheckValues validates the values given in the query or in the headers.
func (a *Action) CheckValues(place Place, values map[string]string) []Violation {
	check := a.checks[place]
	if check == nil {
		return nil
	}
	object := make(map[string]any, len(values))
	for name, value := range values {
		object[name] = value
	}
	return check.Check(object)
}

// CheckBody validates a body. A null stands for an absent value: optional members that are null are
// removed first.
func (a *Action) CheckBody(d *Document) []Violation {
	for _, p := range a.Parameters {
		if value, ok := d.root[p.Name]; ok && value == nil && p.In == Body && !p.Required {
			d.Remove(p.Name)
		}
	}
	return a.checks[Body].Check(d.root)
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

func load(name string, shared *Document) (*Action, error) {
	d, err := parseFile(name)
	if err != nil {
		return nil, err
	}
	a := &Action{
		ID:          strings.TrimSuffix(path.Base(name), ".json"),
		Summary:     d.Text("summary"),
		Description: d.Text("description"),
		Visibility:  d.Text("visibility"),
		Method:      d.Text("method"),
		Path:        d.Text("path"),
		byName:      map[Place]map[string]*Parameter{},
		checks:      map[Place]*Schema{},
	}
	set := newFoldedSet("actions/"+a.ID+".json", d, shared)
	for _, place := range []Place{Query, Header, Body} {
		source := d.Source(string(place))
		if source == nil {
			continue
		}
		if a.checks[place], err = set.compile(string(place)); err != nil {
			return nil, err
		}
		if err := a.addParameters(place, source, shared); err != nil {
			return nil, err
		}
	}
	return a, nil
}

func (a *Action) addParameters(place Place, section []byte, shared *Document) error {
	d, err := Parse(section)
	if err != nil {
		return err
	}
	properties, err := Parse(d.Source("properties"))
	if err != nil {
		return err
	}
	required, _ := d.root["required"].([]any)
	a.byName[place] = map[string]*Parameter{}
	for _, name := range properties.Names() {
		definition, err := resolve(properties, name, shared)
		if err != nil {
			return err
		}
		p := newParameter(name, place, definition)
		p.Required = contains(required, name)
		a.Parameters = append(a.Parameters, p)
		a.byName[place][name] = p
	}
	return nil
}

// resolve returns the definition of a property: its own, or the shared one that it refers to.
func resolve(properties *Document, name string, shared *Document) (*Document, error) {
	own, err := Parse(properties.Source(name))
	if err != nil {
		return nil, err
	}
	reference, ok := strings.CutPrefix(own.Text("$ref"), "parameters.json#/")
	if !ok {
		return own, nil
	}
	source := shared.Source(reference)
	if source == nil {
		return nil, errors.New("no shared parameter " + reference)
	}
	return Parse(source)
}

func newParameter(name string, place Place, d *Document) *Parameter {
	p := &Parameter{
		Name:        name,
		In:          place,
		Summary:     d.Text("x-ms-summary"),
		Description: d.Text("description"),
		Visibility:  d.Text("x-ms-visibility"),
		Default:     string(d.Source("default")),
		SendDefault: d.True("x-send-default"),
		Definition:  d.root,
	}
	if aliases, ok := d.root["x-aliases"].(map[string]any); ok {
		p.Aliases = map[string]string{}
		for from, to := range aliases {
			p.Aliases[from], _ = to.(string)
		}
	}
	return p
}

func parseFile(name string) (*Document, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	d, err := Parse(text)
	if err != nil {
		return nil, fmt.Errorf("schema/%s: %w", name, err)
	}
	return d, nil
}

func contains(list []any, name string) bool {
	for _, entry := range list {
		if entry == name {
			return true
		}
	}
	return false
}
