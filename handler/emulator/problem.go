package emulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// A reason is why a request is refused.
type reason int

const (
	otherwise reason = iota // status, code and text say it all
	noKey                   // in the header that the family looks at first
	wrongKey
	noVersion
	noRoute
	noModel
	unknownModel    // about says which
	notOfModel      // about says which model, asked what it cannot do
	extraParameters // text says which
	promptFiltered
	parameterUnsupported // loc and value say which
	messageUnsupported   // loc and value say what of it
	overLimit            // of what was asked
	outOfService
)

// A problem is what stands in the way of an answer, before a family has found its words for it.
type problem struct {
	reason     reason
	status     int
	code, text string
	about      string
	asked      *modality
	loc        []string
	value      json.RawMessage
}

// refuse returns a problem that families tell alike.
func refuse(status int, code, text string) *problem {
	return &problem{status: status, code: code, text: text}
}

func (p *problem) Error() string { return fmt.Sprintf("reason %d: %s%s", p.reason, p.about, p.text) }

// object is a JSON object whose shape is seen best where it is written.
type object = map[string]any

// A refusal is an error as a family words it.
type refusal struct {
	status int
	body   object
	header map[string]string
}

func (r refusal) write(w http.ResponseWriter) error {
	for name, value := range r.header {
		w.Header().Set(name, value)
	}
	return writeJSON(w, r.status, r.body)
}

func (r refusal) with(name, value string) refusal {
	r.header = map[string]string{name: value}
	return r
}

// parameter is the place of what is refused, as OpenAI writes it: messages[0].role.
func (p *problem) parameter() string {
	var b strings.Builder
	for i, step := range p.loc[1:] {
		switch {
		case isIndex(step):
			b.WriteString("[" + step + "]")
			continue
		case i > 0:
			b.WriteByte('.')
		}
		b.WriteString(step)
	}
	return b.String()
}

func isIndex(step string) bool { return strings.Trim(step, "0123456789") == "" }
