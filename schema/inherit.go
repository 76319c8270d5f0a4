package schema

import (
	"bytes"
	"fmt"
)

// inherit completes an action file that says which action it is as: what it does not say itself is said in the file
// of that one. null takes nothing over.
func inherit(text []byte) ([]byte, error) {
	d, err := Parse(text)
	if err != nil || d.Text("as") == "" {
		return text, err
	}
	other, err := parseFile("actions/" + d.Text("as") + ".json")
	if err != nil {
		return nil, err
	}
	for _, name := range other.Names() {
		if value, own := d.Value(name); !own {
			d.Set(name, string(other.Source(name)))
		} else if value == nil {
			d.Remove(name)
		}
	}
	return bytes.Join(d.Segments(), nil), nil
}

// settle finds the action that each one is sent as.
func settle(actions []*Action) error {
	byID := map[string]*Action{}
	for _, a := range actions {
		byID[a.ID] = a
	}
	for _, a := range actions {
		if a.as == "" {
			continue
		}
		if a.Sent = byID[a.as]; a.Sent == nil {
			return fmt.Errorf("schema/actions/%s.json: there is no action %s to be as", a.ID, a.as)
		}
	}
	return nil
}
