package connector

import (
	"cmp"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"inferenceconnector/schema"
)

// input is what a caller gave, checked as far as it goes without knowing the deployment.
type input struct {
	values map[string]string // query and headers
	body   *schema.Document
}

// read checks query and headers, then reads and parses the body.
func read(call *Invocation) (*input, error) {
	in := &input{values: map[string]string{}}
	for _, place := range []schema.Place{schema.Query, schema.Header} {
		if err := in.readValues(call, place); err != nil {
			return nil, err
		}
	}
	if !call.Action.Has(schema.Body) {
		return in, nil
	}
	text, err := call.Body()
	if err != nil {
		return nil, err
	}
	if len(text) == 0 {
		return nil, &Error{Code: InvalidJSON, Message: "The body is empty. Send a JSON object, with its Content-Length: some hosts lose chunked bodies."}
	}
	in.body, err = schema.ParseWithin(text, call.Part.Keep)
	if syntax, wrong := errors.AsType[*schema.SyntaxError](err); wrong {
		err = &Error{Code: InvalidJSON, Message: "The body must be strict JSON: " + syntax.Error() + "."}
	}
	return in, err
}

func (in *input) readValues(call *Invocation, place schema.Place) error {
	values := map[string]string{}
	for _, p := range call.Action.Parameters {
		if p.In != place {
			continue
		}
		given, err := call.Values(p)
		if err != nil {
			return err
		}
		if len(given) > 1 {
			return &Error{Code: InvalidRequest, Target: p.Name, Message: fmt.Sprintf("%s must be given once in the %s, and came more often.", p.Name, place)}
		}
		if len(given) == 0 {
			continue
		}
		value := given[0]
		if !isPlain(value) {
			return &Error{Code: InvalidRequest, Target: p.Name, Message: fmt.Sprintf("%s must be text in the %s, without control characters.", p.Name, place)}
		}
		if final, ok := p.Aliases[value]; ok {
			value = final
		}
		values[p.Name], in.values[p.Name] = value, value
	}
	violations := call.Action.CheckValues(place, values)
	if violations == nil {
		return nil
	}
	code := InvalidRequest
	if violations[0].Code != "" && violations[0].Input != nil {
		code = Code(violations[0].Code)
	}
	e := invalid(code, violations)
	e.Target = violations[0].Place()
	if violations[0].Input == nil {
		e.Message = fmt.Sprintf("%s is missing from the %s; add it, for example %s.", e.Target, place, example(call.Action, place, e.Target))
	}
	return e
}

// isPlain reports whether a value is text without control characters (contract/reliability.md, S15).
func isPlain(value string) bool {
	return utf8.ValidString(value) && strings.IndexFunc(value, unicode.IsControl) < 0
}

// example shows how a missing value may look.
func example(action *schema.Action, place schema.Place, name string) string {
	p := action.Parameter(place, name)
	if p == nil || p.Default == "" {
		return name
	}
	return name + "=" + schema.Unquote(p.Default)
}

// route chooses the deployment: by path, by header, else by model in query or body. routed tells that the name
// was chosen as a deployment's: it is listed, or did not come from model.
func (c *Connection) route(call *Invocation, in *input, target *Target) (d *Deployment, routed bool, err error) {
	name := cmp.Or(call.Deployment, in.values[deploymentHeader], in.values[meshHeader])
	routed = name != "" || len(c.Deployments) > 0
	if len(call.Deployment) > maxName || !isPlain(call.Deployment) {
		return nil, false, &Error{Code: UnknownModel, Target: "deployment", Message: "Correct the deployment in the address: no name is that long, or has such characters."}
	}
	if name == "" {
		name = in.values[model]
	}
	if name == "" && in.body != nil {
		given, _ := in.body.Value(model)
		text, isText := given.(string)
		if given != nil && !isText { // the schema has the better words for it
			return nil, false, invalid(ValidationFailed, call.Action.CheckBody(in.body))
		}
		name = text
	}
	d, err = c.deployment(name, call.Action, target)
	return d, routed, err
}

// maxName is the length of the longest name of a deployment, in bytes; the action files say it of model.
const maxName = 256
