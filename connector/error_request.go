package connector

import (
	"bytes"
	"encoding/json"

	"inferenceconnector/schema"
)

// requestID is the code of the detail that names the request.
const requestID Code = "RequestId"

// WithRequestID completes the body of an error for its caller: its details end with the id under which the log has
// the call, as designers show a body before its headers, and its code is a text. A body that is no error's stays as
// it is, and so does one of a call that has no id.
func WithRequestID(body []byte, code Code, id string) []byte {
	whole, err := schema.Parse(body)
	if err != nil || id == "" {
		return body
	}
	object, err := schema.Parse(whole.Source("error"))
	if err != nil {
		return body
	}
	switch given, _ := object.Value("code"); given.(type) {
	case string:
	case json.Number:
		object.Set("code", schema.Quote(string(object.Source("code"))))
	default:
		object.Set("code", schema.Quote(string(code)))
	}
	details := append(listed(object.Source("details"), code), Detail{Code: requestID, Message: id})
	object.Set("details", string(compact(details)))
	whole.Set("error", string(bytes.Join(object.Segments(), nil)))
	return bytes.Join(whole.Segments(), nil)
}

// listed returns details as a list, which endpoints have as a text, too.
func listed(source []byte, code Code) []any {
	var entries []any
	var list []json.RawMessage
	var text *string
	switch {
	case source == nil:
	case json.Unmarshal(source, &list) == nil: // null as well
		for _, entry := range list {
			entries = append(entries, entry)
		}
	case json.Unmarshal(source, &text) == nil:
		entries = append(entries, Detail{Code: code, Message: *text})
	default:
		entries = append(entries, json.RawMessage(source))
	}
	return entries
}

// compact returns JSON text that people can read: without the escapes that a page would need.
func compact(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // no part of what is written here can fail
		return []byte("{}")
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}
