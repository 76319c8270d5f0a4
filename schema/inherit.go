package schema

import (
	"bytes"
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// A section is a member of a file, whose value was not looked at: a start reads many files, and needs little of each.
type section struct {
	name  string
	value []byte
}

func readSections(object []byte) (sections []section, err error) {
	decoder := jsontext.NewDecoder(bytes.NewBuffer(object))
	if _, err = decoder.ReadToken(); err != nil {
		return nil, err
	}
	for decoder.PeekKind() != '}' {
		name, err := decoder.ReadToken()
		if err != nil {
			return nil, err
		}
		s := section{name: name.String()} // before the decoder goes on
		value, err := decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		s.value = bytes.Clone(value)
		sections = append(sections, s)
	}
	return sections, nil
}

func writeSections(sections []section) []byte {
	var b bytes.Buffer
	for i, s := range sections {
		b.WriteByte("{,"[min(i, 1)])
		b.WriteString(Quote(s.name))
		b.WriteByte(':')
		b.Write(s.value)
	}
	b.WriteByte('}')
	return b.Bytes()
}

// inherit completes an action file that says which action it is as: what it does not say itself is said in the file
// of that one. null takes nothing over.
func inherit(text []byte) ([]byte, error) {
	sections, err := inherited(text)
	if err != nil {
		return nil, err
	}
	return writeSections(sections), nil
}

func inherited(text []byte) ([]section, error) {
	own, err := readSections(text)
	if err != nil {
		return nil, err
	}
	as := slices.IndexFunc(own, func(s section) bool { return s.name == "as" })
	if as < 0 {
		return own, nil
	}
	file, err := files.ReadFile("actions/" + Unquote(string(own[as].value)) + ".json")
	if err != nil {
		return nil, err
	}
	others, err := readSections(file)
	if err != nil {
		return nil, err
	}
	said := map[string]bool{}
	for _, s := range own {
		said[s.name] = true
	}
	others = slices.DeleteFunc(others, func(s section) bool { return said[s.name] })
	own = slices.DeleteFunc(own, func(s section) bool { return string(s.value) == "null" })
	return append(own, others...), nil
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
