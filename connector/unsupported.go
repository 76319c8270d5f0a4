package connector

import (
	"strings"

	"inferenceconnector/schema"
)

// explained says of an endpoint's 422 what helps whoever reads it: parameters are called as the action calls them, and
// what is sent by default can be left out by the operator only.
func (r *Request) explained(response *Response) *Response {
	e := response.Refusal
	if e == nil || len(e.Violations) == 0 || len(e.Violations[0].Path) == 0 {
		return response
	}
	name, place := e.Violations[0].Path[0], e.Violations[0].Place()
	renamed := r.reply != nil && rename(e.Violations)
	switch {
	case r.isPreset(name):
		e.Message = name + " is sent by default, and the model does not support it: set it to null in defaults of the deployment."
	case renamed:
		e.Message = strings.Replace(e.Message, place, e.Violations[0].Place(), 1)
	default:
		return response
	}
	e.Target = e.Violations[0].Pointer()
	told := NewResponse(response.Status, e.JSON())
	told.ErrorCode = response.ErrorCode
	return told
}

// isPreset reports whether a parameter goes to the endpoint as it does when its author says nothing.
func (r *Request) isPreset(name string) bool {
	p := r.Action.Parameter(schema.Body, name)
	if p == nil || !p.SendDefault || r.Body == nil {
		return false
	}
	given, said := r.Body.Value(name) // what was added is not among the values
	return !said || isDefault(r.Action, name, given)
}
