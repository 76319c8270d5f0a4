package schema

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"
)

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
