package double

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"
)

// httpOutput is what a function answers to a caller.
type httpOutput struct {
	StatusCode any
	Status     any
	Body       json.RawMessage
	Headers    map[string]any
}

func (o httpOutput) hasBody() bool { return len(o.Body) > 0 && string(o.Body) != "null" }

// readHTTPOutput reads an object, or a string that holds one; the zero value where there is no output.
func readHTTPOutput(output json.RawMessage) (o httpOutput, err error) {
	if len(output) == 0 {
		return o, nil
	}
	object := text(output)
	if !bytes.HasPrefix(bytes.TrimSpace(object), []byte("{")) {
		return o, errors.New("is no object")
	}
	d := json.NewDecoder(bytes.NewReader(object))
	d.UseNumber()
	if err := d.Decode(&o); err != nil {
		return o, err
	}
	for _, value := range []*any{&o.StatusCode, &o.Status} {
		if *value == nil {
			continue
		}
		if *value, err = scalarText(*value); err != nil {
			return o, err
		}
	}
	for _, value := range o.Headers {
		if written, _ := headerText(value); strings.ContainsFunc(written, func(r rune) bool { return r < ' ' || r > '~' }) {
			return o, errors.New("has a header that the server refuses to write")
		}
	}
	if status := o.status(); o.hasBody() && string(o.Body) != `""` && (status == http.StatusNoContent || status == http.StatusNotModified) {
		return o, errors.New("has a body where the server refuses to write one")
	}
	return o, nil
}

// status is statusCode, else status, else 200; and 200 when it is no number.
func (o httpOutput) status() int {
	for _, value := range []any{o.StatusCode, o.Status} {
		if given, ok := value.(string); ok {
			if status, err := strconv.Atoi(given); err == nil && status >= 100 && status <= 999 {
				return status
			}
			return http.StatusOK
		}
	}
	return http.StatusOK
}

// writeOutput answers a caller. Without a body, status and headers mean nothing: what there is of the object is
// itself the body. Whether the server adds a charset to the type is not known here.
func writeOutput(w http.ResponseWriter, f *function, a answer) {
	if a.Outputs == nil {
		return // 200, and empty
	}
	for _, b := range f.outputs {
		if !b.is("http") {
			continue
		}
		raw, given := a.Outputs[b.Name]
		o, err := readHTTPOutput(raw)
		switch {
		case err != nil:
			w.WriteHeader(http.StatusInternalServerError)
		case !o.hasBody():
			w.Header().Set("Content-Type", "application/json; charset=utf-8")
			_, _ = w.Write(o.whole(given))
		default:
			o.write(w)
		}
	}
}

func (o httpOutput) whole(given bool) []byte {
	if !given {
		return []byte("{}")
	}
	text, _ := encode(o) // it came as JSON
	return text
}

func (o httpOutput) write(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	for name, value := range o.Headers {
		line, ok := headerText(value)
		if canonical := http.CanonicalHeaderKey(name); ok && canonical != "Content-Length" && canonical != "Transfer-Encoding" {
			w.Header().Set(name, line)
		}
	}
	w.WriteHeader(o.status())
	if strings.HasPrefix(string(o.Body), `"`) {
		_, _ = w.Write(text(o.Body))
		return
	}
	var indented bytes.Buffer
	_ = json.Indent(&indented, o.Body, "", "  ") // it came as JSON
	_, _ = w.Write(indented.Bytes())
}

// headerText writes the one value that a header can have.
func headerText(value any) (text string, ok bool) {
	if value == nil {
		return "", false
	}
	if text, err := scalarText(value); err == nil {
		return text, true
	}
	whole, err := encode(value)
	return string(whole), err == nil
}
