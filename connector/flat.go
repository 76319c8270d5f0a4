package connector

import (
	"bytes"
	"crypto/rand"
	"fmt"

	"inferenceconnector/schema"
)

// FromEnvelope makes an Invocation of a flat input: a JSON object of the action's parameters by name,
// wherever they travel. It is for hosts that are not HTTP. A missing api-version gets its default.
func FromEnvelope(action *schema.Action, text []byte) (*Invocation, error) {
	d, err := schema.Parse(text)
	if err != nil {
		return nil, &Error{Code: InvalidJSON, Message: "The input is not acceptable JSON: " + err.Error() + "."}
	}
	values := map[string][]string{}
	for _, p := range action.Parameters {
		if p.In == schema.Body {
			continue
		}
		given, ok := d.Value(p.Name)
		if ok && given != nil {
			value, isText := given.(string)
			if !isText {
				return nil, &Error{Code: InvalidRequest, Target: p.Name, Message: p.Name + " must be a text."}
			}
			values[p.Name] = []string{value}
		} else if p.Required && p.Default != "" {
			values[p.Name] = []string{schema.Unquote(p.Default)}
		}
		d.Remove(p.Name)
	}
	if names := d.Names(); !action.Has(schema.Body) && len(names) > 0 {
		return nil, &Error{Code: InvalidRequest, Target: Shorten(names[0], maxInput),
			Message: fmt.Sprintf("%s is not a parameter of %s.", Shorten(names[0], maxInput), action.ID)}
	}
	return &Invocation{
		Action:      action,
		Correlation: Correlation{ClientRequestID: rand.Text()},
		Values:      func(p *schema.Parameter) []string { return values[p.Name] },
		Body:        func() ([]byte, error) { return bytes.Join(d.Segments(), nil), nil },
		Record:      &Record{},
	}, nil
}
