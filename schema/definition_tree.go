package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"
)

// An object is a JSON object whose members keep their order: designers show fields as they stand. Its values
// are nil, bool, string, json.Number, []any or *object. Once it is read it is shared, and not changed.
type object struct {
	names  []string
	values map[string]any
}

// newObject is an object of names and their values, by turns.
func newObject(members ...any) *object {
	o := &object{values: map[string]any{}}
	for pair := range slices.Chunk(members, 2) {
		o.add(pair[0].(string), pair[1])
	}
	return o
}

// add gives o a member that it does not have. It may be null, which means something in a patch.
func (o *object) add(name string, value any) {
	o.names = append(o.names, name)
	o.values[name] = value
}

// readObject reads a file of our own.
func readObject(text []byte) (*object, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	value, err := readValue(d)
	if err != nil {
		return nil, err
	}
	o, ok := value.(*object)
	if !ok {
		return nil, errors.New("is no object")
	}
	return o, nil
}

func readValue(d *json.Decoder) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		o := newObject()
		for d.More() {
			name, err := d.Token()
			if err != nil {
				return nil, err
			}
			value, err := readValue(d)
			if err != nil {
				return nil, err
			}
			o.add(name.(string), value)
		}
		_, err = d.Token()
		return o, err
	case json.Delim('['):
		list := []any{}
		for d.More() {
			value, err := readValue(d)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		_, err = d.Token()
		return list, err
	}
	return token, nil
}

// get returns a member, nil when there is none. A nil object has none.
func (o *object) get(name string) any {
	if o == nil {
		return nil
	}
	return o.values[name]
}

// object returns the object that a member is, nil when it is none.
func (o *object) object(name string) *object {
	member, _ := o.get(name).(*object)
	return member
}

// set gives a member a value, in its place or at the end. A nil value is none.
func (o *object) set(name string, value any) {
	_, known := o.values[name]
	switch {
	case value == nil && known:
		delete(o.values, name)
		o.names = slices.DeleteFunc(o.names, func(other string) bool { return other == name })
	case value != nil:
		if !known {
			o.names = append(o.names, name)
		}
		o.values[name] = value
	}
}

// with returns o as a patch changes it, and leaves o as it was. A nil patch changes nothing.
func (o *object) with(patch *object) *object {
	if patch == nil {
		return o
	}
	return patched(o, patch).(*object)
}

// patched applies a JSON merge patch (RFC 7396).
func patched(target, patch any) any {
	changes, ok := patch.(*object)
	if !ok {
		return patch
	}
	result := newObject()
	if o, ok := target.(*object); ok {
		for _, name := range o.names {
			result.set(name, o.values[name])
		}
	}
	for _, name := range changes.names {
		result.set(name, patched(result.get(name), changes.values[name]))
	}
	return result
}

// MarshalJSON writes the members in their order.
func (o *object) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i, name := range o.names {
		if i > 0 {
			text = append(text, ',')
		}
		value, err := encode(o.values[name])
		if err != nil {
			return nil, err
		}
		text = append(append(append(text, Quote(name)...), ':'), value...)
	}
	return append(text, '}'), nil
}

// encode is json.Marshal for text that people read: < stays <.
func encode(value any) ([]byte, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	return text.Bytes(), err
}

// pretty is the text of a definition file: four spaces, as the products write them.
func pretty(o *object) []byte {
	var text bytes.Buffer
	must(0, json.Indent(&text, must(encode(o)), "", "    "))
	return text.Bytes()
}
