package schema

import "encoding/json"

// A Document is one strictly parsed JSON object. What is validated and what is forwarded are the
// same bytes: edits are noted per root member and applied by Segments.
// A Document is not safe for concurrent use.
type Document struct {
	text    []byte
	root    map[string]any
	members []member
}

// member is one root member: a stretch of the parsed text, or the text that took its place.
type member struct {
	name            string
	position        int // place among the parsed members, edited when it has none of its own any more
	from, value, to int // offsets into the parsed text: name, value, end
	text            string
}

const edited = -1

// Value returns the decoded value of a root member: nil, bool, string, json.Number, float64 (a number
// with an exponent), []any or map[string]any. A member that was Set has no decoded value any more.
func (d *Document) Value(name string) (value any, ok bool) {
	value, ok = d.root[name]
	return value, ok
}

// Text returns the string that a root member is, "" when it is absent or no string.
func (d *Document) Text(name string) string {
	s, _ := d.root[name].(string)
	return s
}

// True reports whether a root member is the literal true.
func (d *Document) True(name string) bool { return d.root[name] == true }

// Source returns the JSON text of a root member as the caller wrote it, nil when it is absent or edited.
func (d *Document) Source(name string) []byte {
	if i := d.find(name); i >= 0 && d.members[i].position != edited {
		return d.text[d.members[i].value:d.members[i].to]
	}
	return nil
}

// Names returns the names of the root members in their order.
func (d *Document) Names() []string {
	names := make([]string, len(d.members))
	for i, m := range d.members {
		names[i] = m.name
	}
	return names
}

// Remove deletes a root member, if it is there.
func (d *Document) Remove(name string) {
	if i := d.find(name); i >= 0 {
		d.members = append(d.members[:i], d.members[i+1:]...)
		delete(d.root, name)
	}
}

// Set gives a root member a value, in its place or at the end. value is JSON text.
func (d *Document) Set(name, value string) {
	changed := member{name: name, position: edited, text: Quote(name) + ":" + value}
	delete(d.root, name)
	if i := d.find(name); i >= 0 {
		d.members[i] = changed
		return
	}
	d.members = append(d.members, changed)
}

// Rename gives a parsed root member another name; its value keeps its text, and takes the place of a
// value that had the name before.
func (d *Document) Rename(from, to string) {
	value := d.root[from]
	if source := d.Source(from); source != nil && from != to {
		d.Remove(to)
		d.members[d.find(from)].name = to
		d.Set(to, string(source))
		delete(d.root, from)
		d.root[to] = value
	}
}

// Segments returns the edited document in pieces that share memory with the parsed text.
func (d *Document) Segments() [][]byte {
	segments := make([][]byte, 0, 8)
	separator := "{"
	for i := 0; i < len(d.members); i++ {
		segments = append(segments, []byte(separator))
		separator = ","
		first := d.members[i]
		if first.position == edited {
			segments = append(segments, []byte(first.text))
			continue
		}
		last := first
		for i+1 < len(d.members) && d.members[i+1].position == last.position+1 {
			i++ // still beside its neighbour: one stretch of the text
			last = d.members[i]
		}
		segments = append(segments, d.text[first.from:last.to])
	}
	if separator == "{" {
		return [][]byte{[]byte("{}")}
	}
	return append(segments, []byte("}"))
}

func (d *Document) find(name string) int {
	for i := range d.members {
		if d.members[i].name == name {
			return i
		}
	}
	return -1
}

// Quote returns s as JSON text.
func Quote(s string) string {
	text, _ := json.Marshal(s) // a string always marshals
	return string(text)
}

// Unquote returns the string that JSON text is, or the text itself when it is no string.
func Unquote(text string) string {
	var s string
	if json.Unmarshal([]byte(text), &s) != nil {
		return text
	}
	return s
}
