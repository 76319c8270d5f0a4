package settings

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"inferenceconnector/schema"
)

// A place is where a mistake is: the names and list positions that lead to it from the root of the
// connections file, or the name of a variable.
type place []string

// in returns the place of what is in p.
func (p place) in(names ...string) place { return slices.Concat(p, names) }

// item returns the place of an entry of the list at p.
func (p place) item(i int) place { return p.in(strconv.Itoa(i)) }

// within reports whether p is whole, or a part of it.
func (p place) within(whole place) bool {
	return len(p) >= len(whole) && slices.Equal(p[:len(whole)], whole)
}

// key makes one text of the place, for maps.
func (p place) key() string { return strings.Join(p, separator) }

// String writes the place as people do: connections.a.callers[0].key.
func (p place) String() string {
	names := slices.Clone(p)
	for i, name := range names {
		if plain := strconv.Quote(name); name == "" || plain != `"`+name+`"` {
			names[i] = plain // a line stays one line
		}
	}
	return schema.Violation{Path: names}.Place()
}

// An order numbers the values of a JSON text as they come in it, by place.
type order map[string]int

const separator = "\x00"

func orderOf(text []byte) order {
	o := order{}
	o.read(json.NewDecoder(bytes.NewReader(text)), nil)
	return o
}

func (o order) read(d *json.Decoder, at place) {
	o[at.key()] = len(o)
	token, err := d.Token()
	switch {
	case err != nil: // never: the text has been parsed before
		return
	case token == json.Delim('{'):
		for d.More() {
			name, _ := d.Token()
			text, _ := name.(string)
			o.read(d, at.in(text))
		}
	case token == json.Delim('['):
		for i := 0; d.More(); i++ {
			o.read(d, at.item(i))
		}
	default:
		return
	}
	_, _ = d.Token() // the end of what was opened
}

// of returns the number of a place, or of the nearest around it that is in the text.
func (o order) of(p place) int {
	for n := len(p); n > 0; n-- {
		if number, ok := o[p[:n].key()]; ok {
			return number
		}
	}
	return 0
}

// encode writes a value as JSON, its names in their order: models read the names of a schema as they come.
func (o order) encode(b *bytes.Buffer, value any, at place) error {
	switch v := value.(type) {
	case map[string]any:
		b.WriteByte('{')
		for i, name := range names(o, at, v) {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := o.encode(b, name, nil); err != nil {
				return err
			}
			b.WriteByte(':')
			if err := o.encode(b, v[name], at.in(name)); err != nil {
				return err
			}
		}
		b.WriteByte('}')
		return nil
	case []any:
		b.WriteByte('[')
		for i, entry := range v {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := o.encode(b, entry, at.item(i)); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	}
	encoder := json.NewEncoder(b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(value)
	b.Truncate(len(bytes.TrimSuffix(b.Bytes(), []byte("\n"))))
	return err
}

// names returns the names of the object at p, as they come.
func names[V any](o order, p place, object map[string]V) []string {
	list := make([]string, 0, len(object))
	for name := range object {
		list = append(list, name)
	}
	slices.SortFunc(list, func(a, b string) int { return o.of(p.in(a)) - o.of(p.in(b)) })
	return list
}

var atByte = regexp.MustCompile(`,? at byte (\d+)$`)

// inLines says in lines and columns, as editors do, where a text is wrong.
func inLines(sentence string, text []byte) string {
	return atByte.ReplaceAllStringFunc(sentence, func(end string) string {
		offset, _ := strconv.Atoi(atByte.FindStringSubmatch(end)[1])
		before := text[:min(offset, len(text))]
		return fmt.Sprintf(", line %d, column %d", bytes.Count(before, []byte("\n"))+1, len(before)-bytes.LastIndexByte(before, '\n'))
	})
}
