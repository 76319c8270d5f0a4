package connector

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"strings"

	"inferenceconnector/schema"
)

// FromInput makes an Invocation for hosts that are not HTTP, whose callers may use every connection: action
// by name, and input a JSON object of its parameters by name, wherever they travel. A missing api-version
// gets its default. What is decoded is counted in part, which may be nil and becomes the Invocation's.
func FromInput(actions []*schema.Action, name, connection string, input []byte, part *Part) (*Invocation, error) {
	action, err := actionNamed(actions, name)
	if err != nil {
		return nil, err
	}
	d, err := schema.ParseWithin(input, part.Keep)
	if syntax, wrong := errors.AsType[*schema.SyntaxError](err); wrong {
		err = &Error{Code: InvalidJSON, Message: "The input must be strict JSON: " + syntax.Error() + "."}
	}
	if err != nil {
		return nil, err
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
			Message: fmt.Sprintf("%s is not a parameter of %s; remove it.", Shorten(names[0], maxInput), action.ID)}
	}
	return &Invocation{
		Action:      action,
		Connection:  connection,
		Caller:      Caller{All: true},
		Correlation: Correlation{ClientRequestID: rand.Text()},
		Values:      func(p *schema.Parameter) ([]string, error) { return values[p.Name], nil },
		Body:        func() ([]byte, error) { return bytes.Join(d.Segments(), nil), nil },
		Record:      &Record{},
		Part:        part,
	}, nil
}

func actionNamed(actions []*schema.Action, name string) (*schema.Action, error) {
	var known []string
	for _, a := range actions {
		if a.ID == name {
			return a, nil
		}
		known = append(known, a.ID)
	}
	return nil, &Error{Code: InvalidRequest, Target: "action",
		Message: fmt.Sprintf("There is no action '%s'. Known: %s.", Shorten(name, maxInput), strings.Join(known, ", "))}
}
