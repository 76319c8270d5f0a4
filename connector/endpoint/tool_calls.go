package endpoint

import (
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// toolCalls adds to the tool calls of a stream what OpenAI's clients put their pieces together by. Some
// families send a call whole, with neither index nor type (contract/inference-api.md section 4).
type toolCalls struct {
	ids map[int][]string // of the calls without an index of their own, by the choice they are in
}

// complete returns the chunk with an index in each of its tool calls, and a type in each that has an id.
func (t *toolCalls) complete(data []byte) []byte {
	if !bytes.Contains(data, []byte(`"tool_calls"`)) {
		return data
	}
	var chunk struct {
		Choices []struct {
			Index int `json:"index"`
		} `json:"choices"`
	}
	_ = json.Unmarshal(data, &chunk, replyOptions[0], replyOptions[1]) // odd choices are no fault of ours
	d := jsontext.NewDecoder(bytes.NewReader(data), replyOptions...)
	var out []byte
	written := 0
	for {
		token, err := d.ReadToken()
		if err != nil {
			return append(out, data[written:]...) // the end: the chunk was inspected before
		}
		position, ok := placeOfCall(d.StackPointer())
		if token.Kind() != '{' || !ok {
			continue
		}
		choice := position
		if position < len(chunk.Choices) {
			choice = chunk.Choices[position].Index
		}
		begin := int(d.InputOffset())
		call := readCall(d)
		if more := t.missing(choice, call); more != "" {
			out = append(append(append(out, data[written:begin]...), more...), call.members...)
			written = int(d.InputOffset())
		}
	}
}

// toolCall is what was read of one.
type toolCall struct {
	members           []byte // all but an index and a type that are null
	id                string
	hasIndex, hasType bool
}

// readCall reads a call up to its closing brace.
func readCall(d *jsontext.Decoder) (c toolCall) {
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return c
		}
		member, kind := name.String(), d.PeekKind()
		value, err := d.ReadValue()
		if err != nil {
			return c
		}
		switch {
		case member == "index" || member == "type":
			if kind == 'n' {
				continue
			}
			c.hasIndex, c.hasType = c.hasIndex || member == "index", c.hasType || member == "type"
		case member == "id" && kind == '"':
			_ = json.Unmarshal(value, &c.id, replyOptions[1])
		}
		if len(c.members) > 0 {
			c.members = append(c.members, ',')
		}
		quoted, _ := jsontext.AppendQuote(nil, member) // it was quoted before
		c.members = append(append(append(c.members, quoted...), ':'), value...)
	}
	return c
}

// missing returns the members that a call lacks, before those that it has.
func (t *toolCalls) missing(choice int, c toolCall) (text string) {
	if len(c.members) == 0 {
		return ""
	}
	if !c.hasIndex {
		text = fmt.Sprintf(`"index":%d,`, t.index(choice, c.id))
	}
	if !c.hasType && c.id != "" {
		text += `"type":"function",`
	}
	return text
}

// index numbers the calls of a choice by their ids; a piece without an id belongs to the last one.
func (t *toolCalls) index(choice int, id string) int {
	if t.ids == nil {
		t.ids = map[int][]string{}
	}
	if at := slices.Index(t.ids[choice], id); at >= 0 {
		return at
	}
	if id != "" {
		t.ids[choice] = append(t.ids[choice], id)
	}
	return max(len(t.ids[choice])-1, 0)
}

// placeOfCall reads a place such as /choices/0/delta/tool_calls/0 and returns the first number, if it is one.
func placeOfCall(place jsontext.Pointer) (choice int, ok bool) {
	parts := strings.Split(string(place), "/")
	if len(parts) != 6 || parts[1] != "choices" || parts[3] != "delta" || parts[4] != "tool_calls" {
		return 0, false
	}
	choice, err := strconv.Atoi(parts[2])
	_, errCall := strconv.Atoi(parts[5])
	return choice, err == nil && errCall == nil && choice >= 0
}
