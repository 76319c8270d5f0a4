package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/aws/aws-lambda-go/lambda/messages"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// envelope is the event of a direct call (design.md section 3).
type envelope struct {
	Action     string          `json:"action"`
	Connection string          `json:"connection"`
	Input      json.RawMessage `json:"input"`
}

// invoke runs an action for a direct call. IAM has decided that the caller may. The result is the action's
// output; every failure is an error, which a state machine can name.
func (h *Host) invoke(ctx context.Context, text []byte) (result any, err error) {
	defer func() {
		if reason := recover(); reason != nil { // aws-lambda-go would end the process
			result, err = nil, failure(fmt.Errorf("panic: %v", reason))
		}
	}()
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	e := envelope{Input: json.RawMessage("{}")}
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, unknownEvent()
	}
	action := h.action(e.Action)
	if action == nil {
		return nil, failure(&connector.Error{Code: connector.InvalidRequest, Target: "action",
			Message: fmt.Sprintf("There is no action '%s'. Known: %s.", connector.Shorten(e.Action, 64), h.names())})
	}
	call, err := connector.FromEnvelope(action, e.Input)
	if err != nil {
		return nil, failure(err)
	}
	call.Connection, call.Caller, call.NoStream = e.Connection, connector.Caller{All: true}, true
	response, err := h.Connector.Invoke(ctx, call)
	if err != nil {
		return nil, failure(err)
	}
	defer response.Body.Close()
	output, err := io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, failure(err)
	case response.Status >= 400:
		return nil, relayed(response.ErrorCode, output)
	case len(output) > maxAnswer:
		return nil, failure(tooLarge())
	}
	return newPayload(output), nil
}

func (h *Host) action(name string) *schema.Action {
	for _, a := range h.Actions {
		if a.ID == name {
			return a
		}
	}
	return nil
}

func (h *Host) names() string {
	var names []string
	for _, a := range h.Actions {
		names = append(names, a.ID)
	}
	return strings.Join(names, ", ")
}

// failure makes a Lambda error whose errorType is our code, for Retry and Catch of a state machine.
func failure(err error) error {
	e := connector.AsError(err)
	return messages.InvokeResponse_Error{Type: string(e.Code), Message: e.Message}
}

// relayed is the failure for an error of the endpoint's own.
func relayed(code connector.Code, body []byte) error {
	var said struct {
		Error struct {
			Message string `json:"message"`
		} `json:"error"`
	}
	message := string(body)
	if json.Unmarshal(body, &said) == nil && said.Error.Message != "" {
		message = said.Error.Message
	}
	if strings.HasPrefix(string(code), "States.") { // names that belong to the state machine
		code = connector.UpstreamError
	}
	return messages.InvokeResponse_Error{Type: string(code), Message: message}
}
