package endpoint

import (
	"bytes"
	"io"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// chunk is what the relay needs to know about one event of a chat completion.
type chunk struct {
	choices            int
	finished           bool // some choice has its finish_reason
	isError            bool
	usageFrom, usageTo int // the value of usage, null included; usageTo is 0 when there is none
	listFrom, listTo   int // the value of choices
	usageNull          bool
}

func (c chunk) hasUsage() bool { return c.usageTo > 0 && !c.usageNull }

func (c chunk) usage(data []byte) []byte { return data[c.usageFrom:c.usageTo] }

func (c chunk) counts(data []byte) (t tokens) {
	_ = json.Unmarshal(c.usage(data), &t) // for the log only: odd counts are no fault of the reply
	return t
}

// withUsage returns the chunk with another value of usage, in its place or at the end.
func (c chunk) withUsage(data, usage []byte) []byte {
	if c.usageTo > 0 {
		return bytes.Join([][]byte{data[:c.usageFrom], usage, data[c.usageTo:]}, nil)
	}
	end := bytes.LastIndexByte(data, '}')
	return bytes.Join([][]byte{data[:end], []byte(`,"usage":`), usage, data[end:]}, nil)
}

// withoutChoices returns the chunk with an empty list of choices.
func (c chunk) withoutChoices(data []byte) []byte {
	return bytes.Join([][]byte{data[:c.listFrom], []byte("[]"), data[c.listTo:]}, nil)
}

// replyOptions forgive what a reader can live with: an endpoint's odd text is the caller's to read.
var replyOptions = []jsontext.Options{jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)}

var decoders = sync.Pool{New: func() any { return jsontext.NewDecoder(bytes.NewBuffer(nil)) }}

// members calls visit for each root member of text, which must be one JSON object. visit reads the value.
func members(text []byte, visit func(d *jsontext.Decoder, name string) error) error {
	d := decoders.Get().(*jsontext.Decoder)
	d.Reset(bytes.NewBuffer(text), replyOptions...)
	defer func() {
		d.Reset(bytes.NewBuffer(nil)) // text is not to be kept
		decoders.Put(d)
	}()
	if token, err := d.ReadToken(); err != nil || token.Kind() != '{' {
		return errNotObject
	}
	for d.PeekKind() != '}' {
		name, err := d.ReadToken()
		if err != nil {
			return err
		}
		if err := visit(d, name.String()); err != nil {
			return err
		}
	}
	if _, err := d.ReadToken(); err != nil {
		return err
	}
	if _, err := d.ReadToken(); err != io.EOF {
		return errNotObject
	}
	return nil
}

// inspect reads a chunk. An error means that it is not one JSON object.
func inspect(data []byte) (c chunk, err error) {
	err = members(data, func(d *jsontext.Decoder, name string) error {
		switch kind := d.PeekKind(); {
		case name == "usage":
			value, err := d.ReadValue()
			c.usageTo = int(d.InputOffset())
			c.usageFrom, c.usageNull = c.usageTo-len(value), kind == 'n'
			return err
		case name == "choices" && kind == '[':
			return c.readChoices(d)
		case name == "error":
			c.isError = kind != 'n'
		}
		return d.SkipValue()
	})
	return c, err
}

func (c *chunk) readChoices(d *jsontext.Decoder) error {
	depth := d.StackDepth()
	for {
		token, err := d.ReadToken()
		if err != nil {
			return err
		}
		switch at := d.StackDepth(); {
		case at == depth: // the end of the list
			c.listTo = int(d.InputOffset())
			return nil
		case at == depth+1 && token.Kind() == '[':
			c.listFrom = int(d.InputOffset()) - 1
		case at == depth+2 && token.Kind() == '{':
			c.choices++
		case at == depth+2 && token.Kind() == '"' && token.String() == "finish_reason":
			if kind, read := d.StackIndex(at); kind == '{' && read%2 == 1 { // a name, not a value
				c.finished = c.finished || d.PeekKind() == '"'
			}
		}
	}
}
