package connector

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"inferenceconnector/schema"
)

// complete validates the body against extra parameters and schema, and applies the defaults.
func (d *Deployment) complete(call *Invocation, in *input) (*Request, error) {
	request := &Request{
		Action:      call.Action.Sent,
		Model:       d.Model,
		APIVersion:  in.values[apiVersion],
		Correlation: call.Correlation,
		Body:        in.body,
		Part:        call.Part,
		Record:      call.Record,
	}
	if in.body == nil {
		return request, nil
	}
	var err error
	if request.PassThrough, err = settle(call.Action, in.body, in.values[extraParameters]); err != nil {
		return nil, err
	}
	if violations := call.Action.CheckBody(in.body); violations != nil {
		return nil, invalid(ValidationFailed, violations)
	}
	if call.Action.ID == getChatReply {
		request.reply = &chatReply{record: call.Record, part: call.Part}
		if request.Body, err = request.reply.translate(in.body); err != nil {
			return nil, err
		}
	}
	if err := d.fit(request); err != nil {
		return nil, request.reply.inItsWords(err)
	}
	request.Stream = request.Body.True(stream) && request.Action.Parameter(schema.Body, stream) != nil
	if request.Stream && (call.NoStream || call.Action.OneValue) {
		return nil, &Error{Code: InvalidRequest, Target: stream, Message: "stream cannot be true here, where one value is returned. Leave it out."}
	}
	return request, nil
}

// fit checks that the deployment has what the request asks for, and adds what is left out.
func (d *Deployment) fit(request *Request) error {
	lacking := d.lacking()
	if err := checkCapabilities(lacking, request.Action, request.Body); err != nil {
		return err
	}
	if err := d.applyDefaults(request.Action, lacking, request.Body); err != nil {
		return err
	}
	if _, renamed := request.Body.Value(maxCompletionTokens); renamed && d.Reasoning {
		request.PassThrough = true // for the interface it is an extra parameter, too
	}
	return nil
}

// settle treats the fields that the interface does not define as mode says, and reports whether any stay.
func settle(action *schema.Action, body *schema.Document, mode string) (stay bool, err error) {
	if action.Dialect != schema.Inference {
		mode = "pass-through" // OpenAI's clients do not know the header
	}
	var extra []string
	for _, name := range body.Names() {
		if action.Parameter(schema.Body, name) == nil && (name != streamOptions || action.Dialect == schema.Inference) {
			extra = append(extra, name)
		}
	}
	switch {
	case len(extra) == 0:
		return false, nil
	case mode == "pass-through":
		return true, nil
	case mode == "drop":
		for _, name := range extra {
			body.Remove(name)
		}
		return false, nil
	}
	return false, extraError(action, extra)
}

func extraError(action *schema.Action, extra []string) *Error {
	e := &Error{Code: ExtraParameters}
	var names []string
	for _, name := range extra[:min(len(extra), maxDetails)] {
		name = Shorten(name, maxInput)
		names = append(names, name)
		e.Details = append(e.Details, Detail{ExtraParameters, name + " is not defined by " + action.ID + ".", name})
	}
	e.Target = names[0]
	are := "it is not a parameter"
	if len(extra) > 1 {
		are = "they are not parameters"
	}
	e.Message = fmt.Sprintf("Remove %s: %s of %s", strings.Join(names, ", "), are, action.ID)
	if action.Parameter(schema.Header, extraParameters) != nil {
		e.Message += ". Or set the header extra-parameters to drop or pass-through"
	}
	e.Message += "."
	return e
}

// applyDefaults adds what the caller left out and the deployment does not lack.
func (d *Deployment) applyDefaults(action *schema.Action, lacking []string, body *schema.Document) error {
	if d.Reasoning && action.Parameter(schema.Body, messages) != nil {
		if err := renameTokens(body); err != nil {
			return err
		}
	}
	for _, p := range action.Parameters {
		preset, ok := d.Defaults[p.Name]
		if !ok {
			preset = p.Default
		}
		if _, given := body.Value(p.Name); p.SendDefault && !given && preset != "null" && !slices.Contains(lacking, p.Name) {
			body.Set(p.Name, preset)
		}
	}
	return nil
}

// renameTokens gives the limit of tokens the name that reasoning models know it by.
func renameTokens(body *schema.Document) error {
	_, short := body.Value(maxTokens)
	_, long := body.Value(maxCompletionTokens)
	if short && long {
		return &Error{Code: InvalidRequest, Target: maxTokens, Message: "max_tokens and max_completion_tokens are both given; keep one of them."}
	}
	body.Rename(maxTokens, maxCompletionTokens)
	return nil
}

// sameNumber reports whether a decoded number equals one given as JSON text.
func sameNumber(value any, text string) bool {
	a, errA := strconv.ParseFloat(fmt.Sprint(value), 64)
	b, errB := strconv.ParseFloat(text, 64)
	return errA == nil && errB == nil && a == b
}
