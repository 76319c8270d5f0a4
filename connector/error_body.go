package connector

import (
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"

	"inferenceconnector/schema"
)

// How much of a caller's value an answer repeats, in bytes, and how many mistakes it tells (contract/reliability.md, S16).
const (
	maxInput   = 64
	maxDetails = 20
)

// AsError returns err as the Error it is or wraps; any other error is an InternalError whose text stays inside.
func AsError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: InternalError, Message: "Something went wrong here. Try again; if it stays, report the request id.", Err: err}
}

type errorBody struct {
	Error errorObject `json:"error"`
	// The rest stands at the root of a 422 only, where SDK code looks for it.
	Status  int         `json:"status,omitempty"`
	Code    Code        `json:"code,omitempty"`
	Message string      `json:"message,omitempty"`
	Detail  []violation `json:"detail,omitempty"`
}

type errorObject struct {
	Code    Code     `json:"code"`
	Message string   `json:"message"`
	Status  int      `json:"status,omitempty"`
	Target  string   `json:"target,omitempty"`
	Details []Detail `json:"details,omitempty"`
}

// violation is an entry of detail in contract/inference-api.md section 8, the [choice] form.
type violation struct {
	Type  string   `json:"type"`
	Loc   []string `json:"loc"`
	Msg   string   `json:"msg"`
	Input any      `json:"input"`
}

// JSON returns the body that tells the caller about the error: the one writer of errors.
func (e *Error) JSON() []byte {
	answer := errorBody{Error: errorObject{Code: e.Code, Message: e.Message, Target: e.Target, Details: e.Details}}
	if e.Status() == ValidationFailed.Status() {
		answer.Error.Status = e.Status()
		answer.Status, answer.Code, answer.Message = e.Status(), e.Code, e.Message
		for _, v := range e.Violations {
			message := sentence(v)
			answer.Error.Details = append(answer.Error.Details, Detail{e.Code, message, v.Pointer()})
			loc := append([]string{string(schema.Body)}, v.Path...)
			answer.Detail = append(answer.Detail, violation{Type: v.Keyword, Loc: loc, Msg: message, Input: shorten(v.Input)})
		}
	}
	return compact(answer)
}

// invalid returns the error for what a schema found.
func invalid(code Code, violations []schema.Violation) *Error {
	first := violations[0]
	e := &Error{Code: code, Message: sentence(first), Target: first.Pointer(), Violations: violations}
	if more := len(violations) - 1; more == 1 {
		e.Message += " One more value is wrong, see details."
	} else if more > 1 {
		e.Message += " More values are wrong, see details."
	}
	return e
}

// sentence says what is wrong with one value: temperature must be between 0 and 1, not 1.5.
func sentence(v schema.Violation) string {
	text := "The body"
	if len(v.Path) > 0 {
		text = Shorten(v.Place(), 200)
	}
	text += " " + v.Rule
	if v.Keyword == "required" && v.Rule == "is missing" {
		return text + "; add it."
	}
	switch input := v.Input.(type) {
	case nil, map[string]any, []any:
	default:
		shown, err := json.Marshal(shorten(input))
		if err == nil && strings.HasPrefix(v.Rule, "must ") { // "is missing" and its like are not about a value
			text += ", not " + string(shown)
		}
	}
	return text + "."
}

// shorten cuts a value to what an answer may repeat of it; what lists and objects hold is left out.
func shorten(value any) any {
	switch value := value.(type) {
	case string:
		return Shorten(value, maxInput)
	case json.Number:
		if len(value) > maxInput {
			return Shorten(value.String(), maxInput)
		}
	case map[string]any:
		if len(value) > 0 {
			return "{...}"
		}
	case []any:
		if len(value) > 0 {
			return "[...]"
		}
	}
	return value
}

// Shorten cuts text to at most limit bytes, at the edge of a character.
func Shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	for limit > 0 && !utf8.RuneStart(text[limit]) {
		limit--
	}
	return text[:limit]
}
