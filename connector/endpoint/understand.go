package endpoint

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// refusal is what was understood of an endpoint's error.
type refusal struct {
	text     []byte // all of it
	standard bool   // it has an error object, and can travel as it is if that has a message
	filtered bool
	code     string
	message  string
	detail   []any // entries of a 422's detail, in whatever form they came
}

// understand reads the forms of contract/inference-api.md section 8.
func understand(text []byte) refusal {
	r := refusal{text: text}
	d, err := schema.Parse(text)
	if err != nil {
		return r
	}
	r.code, r.message = d.Text("code"), d.Text("message")
	if r.message == "" {
		r.message = d.Text("error")
	}
	r.addDetail(value(d, "detail"))
	if r.message == "" {
		r.message = d.Text("status")
	}
	if object, ok := value(d, "error").(map[string]any); ok {
		r.standard = true
		r.readError(object)
	}
	r.filtered = r.filtered || r.code == string(connector.ContentFilter)
	return r
}

func (r *refusal) readError(object map[string]any) {
	r.code, _ = object["code"].(string)
	r.message, _ = object["message"].(string)
	for _, name := range []string{"innererror", "inner_error"} {
		inner, _ := object[name].(map[string]any)
		r.filtered = r.filtered || inner["code"] == "ResponsibleAIPolicyViolation"
	}
	r.filtered = r.filtered || strings.Contains(r.message, "violates azure ai content safety")
	r.addDetail(object["details"])
	if d, err := schema.Parse([]byte(r.message)); err == nil { // a 422 that carries its detail as JSON text
		r.addDetail(value(d, "detail"))
	}
}

func (r *refusal) addDetail(detail any) {
	switch detail := detail.(type) {
	case string:
		if r.message == "" {
			r.message = detail
		}
	case map[string]any:
		r.detail = append(r.detail, detail)
	case []any:
		r.detail = append(r.detail, detail...)
	}
}

func value(d *schema.Document, name string) any {
	v, _ := d.Value(name)
	return v
}

// body is what the caller reads: as it came where that is good enough, else our envelope around the text.
func (r refusal) body(code connector.Code, status int) []byte {
	whole := len(r.text) <= maxRefusal
	switch {
	case r.standard && whole && code == connector.ContentFilter:
		return r.withCode(code)
	case r.standard && whole && r.message != "" && status != http.StatusUnprocessableEntity && !r.filtered:
		return r.text
	case status == http.StatusUnprocessableEntity:
		return r.unprocessable().JSON()
	}
	e := &connector.Error{Code: code, Message: connector.Shorten(r.message, 1024)}
	if e.Message == "" {
		e.Message = fmt.Sprintf("The model endpoint answered with status %d. ", status)
		if status < 500 && status != http.StatusTooManyRequests && status != http.StatusRequestTimeout {
			e.Message += "Check the request, and the endpoint's address; a repeat cannot help."
		} else {
			e.Message += "Try again later."
		}
	}
	e.Details = r.original()
	return e.JSON()
}

// withCode is the endpoint's own error under another code, for those that tell of their content filter in other
// words. What it holds of the filter's verdicts stays where it is, and the original text in the details.
func (r refusal) withCode(code connector.Code) []byte {
	if r.code == string(code) {
		return r.text
	}
	d, err := schema.Parse(r.text)
	if err != nil {
		return r.text // cannot be: it was understood
	}
	object, err := schema.Parse(d.Source("error"))
	if err != nil {
		return r.text
	}
	object.Set("code", schema.Quote(string(code)))
	if r.message == "" {
		object.Set("message", schema.Quote("The model endpoint's content filter refused the call."))
	}
	if value(object, "details") == nil {
		details, err := json.Marshal(r.original())
		if err != nil {
			return r.text
		}
		object.Set("details", string(details))
	}
	d.Set("error", string(bytes.Join(object.Segments(), nil)))
	return bytes.Join(d.Segments(), nil)
}

// original keeps the endpoint's own text inside our envelope.
func (r refusal) original() []connector.Detail {
	if len(r.text) == 0 {
		return nil
	}
	return []connector.Detail{{Code: connector.UpstreamError, Message: connector.Shorten(string(r.text), maxRefusal)}}
}

// unprocessable puts an endpoint's 422 into the one form that SDK code reads.
func (r refusal) unprocessable() *connector.Error {
	e := &connector.Error{Code: connector.ParameterNotSupported, Message: "The model does not support a value of the request. Leave out what is optional, or choose another model."}
	for _, entry := range r.detail[:min(len(r.detail), 20)] {
		entry, _ := entry.(map[string]any)
		v := schema.Violation{Keyword: string(connector.ParameterNotSupported), Rule: "is not supported by the model"}
		if kind, ok := entry["type"].(string); ok {
			v.Keyword = connector.Shorten(kind, maxWord)
		}
		if v.Path = location(entry["loc"]); v.Path == nil {
			continue
		}
		if v.Input = entry["input"]; v.Input == nil {
			v.Input = entry["value"]
		}
		e.Violations = append(e.Violations, v)
	}
	if len(e.Violations) > 0 {
		e.Message = e.Violations[0].Place() + " is not supported by the model; leave it out or change it."
		e.Target = e.Violations[0].Pointer()
	} else { // readers of detail find an entry in any case
		e.Violations = []schema.Violation{{Keyword: string(connector.ParameterNotSupported), Rule: "is not supported by the model"}}
	}
	e.Details = r.original()
	return e
}

// maxWord bounds what an endpoint's 422 calls a value and its mistake, in bytes: there are twenty of them (S18).
const maxWord = 64

// location reads a loc, without the "body" at its front.
func location(loc any) []string {
	list, _ := loc.([]any)
	path := make([]string, 0, len(list))
	for i, token := range list {
		if text := fmt.Sprint(token); i > 0 || text != string(schema.Body) {
			path = append(path, connector.Shorten(text, maxWord))
		}
	}
	if len(path) == 0 {
		return nil
	}
	return path
}
