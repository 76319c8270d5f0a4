package schema

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"sync"
	"unsafe"

	"github.com/go-json-experiment/json/jsontext"
)

// Limits of one document (contract/reliability.md, S13).
const (
	maxDepth  = 64
	maxValues = 100_000
	maxNumber = 128  // bytes of a number's text
	maxName   = 1024 // bytes of a member's name
	maxQuoted = 64   // characters of a caller's name in an error
)

// A SyntaxError says why a text is not an acceptable JSON object, in words for the person who sent it.
type SyntaxError struct{ reason string }

func (e *SyntaxError) Error() string { return e.reason }

// Parse reads text as one JSON object by the strict rules of S13: UTF-8, unique names, nothing after
// the object, bounded depth and size. The Document keeps text, which must not change afterwards.
// Every error is a *SyntaxError.
func Parse(text []byte) (*Document, error) { return ParseWithin(text, nil) }

var parsers = sync.Pool{New: func() any { return &parser{decoder: jsontext.NewDecoder(bytes.NewBuffer(nil))} }}

type parser struct {
	decoder *jsontext.Decoder
	text    []byte
	values  int
	keep    func(bytes int64) error // nil when nobody counts
	taken   int64                   // bytes, since keep was told
	full    error                   // what keep said
}

func (p *parser) document() (*Document, error) {
	if kind := p.decoder.PeekKind(); kind != '{' && kind != 0 {
		return nil, errors.New("it must be one object, in braces")
	}
	if _, err := p.decoder.ReadToken(); err != nil {
		return nil, err
	}
	d := &Document{text: p.text, root: make(map[string]any, 8), members: make([]member, 0, 12)}
	for p.decoder.PeekKind() != '}' {
		m := member{position: len(d.members)}
		name, err := p.decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		m.from = int(p.decoder.InputOffset()) - len(name)
		if m.name, err = p.name(name); err != nil {
			return nil, err
		}
		m.value = p.valueAfter(int(p.decoder.InputOffset()))
		if d.root[m.name], err = p.value(); err != nil {
			return nil, err
		}
		m.to = int(p.decoder.InputOffset())
		d.members = append(d.members, m)
	}
	if _, err := p.decoder.ReadToken(); err != nil {
		return nil, err
	}
	if _, err := p.decoder.ReadToken(); err != io.EOF {
		return nil, errors.New("something follows the object")
	}
	return d, nil
}

// valueAfter returns where the value begins whose name ends at offset: behind a colon and white space.
func (p *parser) valueAfter(offset int) int {
	rest := p.text[offset:]
	return offset + len(rest) - len(bytes.TrimLeft(rest, ": \t\r\n"))
}

// value reads one value of any kind.
func (p *parser) value() (any, error) {
	if p.values++; p.values > maxValues {
		return nil, fmt.Errorf("it holds more than %d values", maxValues)
	}
	if err := p.take(valueSize); err != nil {
		return nil, err
	}
	switch p.decoder.PeekKind() {
	case '{':
		return p.object()
	case '[':
		return p.array()
	}
	raw, err := p.decoder.ReadValue()
	if err != nil {
		return nil, err
	}
	switch raw.Kind() {
	case '"':
		return p.unquote(raw)
	case '0':
		return number(raw)
	case 't':
		return true, nil
	case 'f':
		return false, nil
	}
	return nil, nil
}

func (p *parser) object() (any, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	if err := p.take(objectSize); err != nil {
		return nil, err
	}
	object := make(map[string]any, 4)
	for p.decoder.PeekKind() != '}' {
		if err := p.take(memberSize); err != nil {
			return nil, err
		}
		raw, err := p.decoder.ReadValue()
		if err != nil {
			return nil, err
		}
		name, err := p.name(raw)
		if err != nil {
			return nil, err
		}
		if object[name], err = p.value(); err != nil {
			return nil, err
		}
	}
	_, err := p.decoder.ReadToken()
	return object, err
}

func (p *parser) array() (any, error) {
	if err := p.open(); err != nil {
		return nil, err
	}
	array := []any{}
	for p.decoder.PeekKind() != ']' {
		value, err := p.value()
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := p.decoder.ReadToken()
	return array, err
}

func (p *parser) open() error {
	if p.decoder.StackDepth() >= maxDepth {
		return fmt.Errorf("it is nested deeper than %d levels", maxDepth)
	}
	_, err := p.decoder.ReadToken()
	return err
}

func (p *parser) name(raw jsontext.Value) (string, error) {
	if len(raw) > maxName+len(`""`) {
		return "", fmt.Errorf("a name is longer than %d bytes", maxName)
	}
	return p.unquote(raw)
}

// unquote returns the text of a JSON string. One without escapes shares memory with the body: an image
// is megabytes long, and the body neither changes nor goes away while its Document is in use.
func (p *parser) unquote(raw jsontext.Value) (string, error) {
	if bytes.IndexByte(raw, '\\') < 0 {
		return unsafe.String(unsafe.SliceData(raw[1:]), len(raw)-2), nil
	}
	if err := p.take(len(raw)); err != nil {
		return "", err
	}
	text, err := jsontext.AppendUnquote(make([]byte, 0, len(raw)), raw)
	return unsafe.String(unsafe.SliceData(text), len(text)), err
}

// number keeps the text of a number, so that nothing is rounded. One with an exponent becomes a float64:
// from its text the validator would compute a power as large as the caller likes.
func number(raw jsontext.Value) (any, error) {
	if len(raw) > maxNumber {
		return nil, fmt.Errorf("a number is longer than %d characters", maxNumber)
	}
	text := string(raw)
	if !bytes.ContainsAny(raw, "eE") {
		return json.Number(text), nil
	}
	value, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return nil, errors.New("a number is too large")
	}
	return value, nil
}

// explain puts a reader's error into one sentence that ends with the place.
func explain(err error, at int64) string {
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("%s at byte %d", reason(syntax), syntax.ByteOffset)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Sprintf("it ends too early, at byte %d", at)
	}
	return fmt.Sprintf("%s, at byte %d", err, at)
}

func reason(err *jsontext.SyntacticError) string {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return "it ends too early,"
	}
	if errors.Is(err, jsontext.ErrDuplicateName) {
		name := []rune(err.JSONPointer.LastToken())
		return fmt.Sprintf("the name %s appears twice in one object,", Quote(string(name[:min(len(name), maxQuoted)])))
	}
	return err.Err.Error()
}
