package schema

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"
)

//go:embed parameters.json definition.json definition.md actions
var files embed.FS

// Load reads every action file. An error means that a file is wrong, never the caller's input. Rules are
// compiled, and dialects made, when they are first needed: a cold start pays for one action, not for all.
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
		text, err := readAction(name)
		if err != nil {
			return nil, fmt.Errorf("schema/%s: %w", name, err)
		}
		id := strings.TrimSuffix(path.Base(name), ".json")
		if actions[i], err = newAction(id, Inference, text, shared); err != nil {
			return nil, fmt.Errorf("schema/%s: %w", name, err)
		}
	}
	return actions, settle(actions)
}

// readAction reads what calls need of an action file. What definitions need besides is half of it, and would be half
// of the time that a start takes here.
func readAction(name string) ([]byte, error) {
	text, err := files.ReadFile(name)
	if err != nil {
		return nil, err
	}
	sections, err := inherited(text)
	if err != nil {
		return nil, err
	}
	return writeSections(slices.DeleteFunc(sections, func(s section) bool { return s.name == "reply" || s.name == "definition" })), nil
}

// newAction reads one action as a dialect has it.
func newAction(id string, dialect Dialect, text []byte, shared *Document) (*Action, error) {
	d, err := Parse(text)
	if err != nil {
		return nil, err
	}
	a := &Action{
		ID:          id,
		Dialect:     dialect,
		as:          d.Text("as"),
		Summary:     d.Text("summary"),
		Description: d.Text("description"),
		Visibility:  d.Text("visibility"),
		Method:      d.Text("method"),
		Path:        d.Text("path"),
		OneValue:    d.True("designerOnly"),
		byName:      map[Place]map[string]*Parameter{},
		dialects:    map[Dialect]func() *Action{},
	}
	a.Sent = a
	for _, place := range places {
		if source := d.Source(string(place)); source != nil {
			if err := a.addParameters(place, source, shared); err != nil {
				return nil, err
			}
		}
	}
	a.Defs, _ = d.root["$defs"].(map[string]any)
	a.checks = sync.OnceValue(func() map[Place]*Schema { return must(a.compile(text)) })
	if dialect == Inference {
		a.addDialects(d, shared)
	}
	return a, nil
}

var places = []Place{Query, Header, Body}

// compile compiles the rules of every place.
func (a *Action) compile(text []byte) (map[Place]*Schema, error) {
	d, err := Parse(text)
	if err != nil {
		return nil, err
	}
	shared, err := parseFile("parameters.json")
	if err != nil {
		return nil, err
	}
	set := newFoldedSet("actions/"+a.ID+".json", d, shared)
	checks := map[Place]*Schema{}
	for _, place := range places {
		if a.Has(place) {
			if checks[place], err = set.compile(string(place)); err != nil {
				return nil, err
			}
		}
	}
	return checks, nil
}

// must is for files of our own, which the tests read in every dialect.
func must[T any](value T, err error) T {
	if err != nil {
		panic(fmt.Errorf("schema: %w", err))
	}
	return value
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
		p.SendDefault = p.SendDefault && a.Dialect == Inference // OpenAI's clients leave defaults to the endpoint
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
