package endpoint

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// toolCalls adds to the tool calls of a stream what OpenAI's clients put their pieces together by. Some
// families send a call whole, with neither index nor type (contract/inference-api.md section 4).
type toolCalls struct {
	begun int // calls that had no index of their own
}

// complete returns the chunk with an index in each of its tool calls, and a type in each that begins here.
func (t *toolCalls) complete(data []byte) []byte {
	if !bytes.Contains(data, []byte(`"tool_calls"`)) {
		return data
	}
	d := jsontext.NewDecoder(bytes.NewReader(data), replyOptions...)
	var out []byte
	written := 0
	for {
		token, err := d.ReadToken()
		if err != nil {
			return append(out, data[written:]...) // the end: the chunk was inspected before
		}
		if token.Kind() != '{' || !isToolCall(d.StackPointer()) {
			continue
		}
		at := int(d.InputOffset())
		out = append(append(out, data[written:at]...), t.missing(d)...)
		written = at
	}
}

// missing reads a call to its end, and returns what is to stand at its beginning.
func (t *toolCalls) missing(d *jsontext.Decoder) string {
	has := map[string]bool{}
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return ""
		}
		has[name.String()] = true
		if d.SkipValue() != nil {
			return ""
		}
	}
	text := ""
	if has["id"] && !has["type"] {
		text = `"type":"function",`
	}
	if has["index"] || len(has) == 0 {
		return text
	}
	if has["id"] {
		t.begun++
	}
	return fmt.Sprintf(`"index":%d,`, max(t.begun-1, 0)) + text
}

// isToolCall reports whether a place is that of a call: /choices/0/delta/tool_calls/0.
func isToolCall(place jsontext.Pointer) bool {
	parts := strings.Split(string(place), "/")
	if len(parts) != 6 || parts[1] != "choices" || parts[3] != "delta" || parts[4] != "tool_calls" {
		return false
	}
	_, err := strconv.Atoi(parts[5])
	return err == nil
}
