package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// envelope is the event of a direct call (design.md section 3).
type envelope struct {
	Action     string          `json:"action"`
	Connection string          `json:"connection"`
	Input      json.RawMessage `json:"input"`
}

// invoke runs an action for a direct call, and logs it. IAM has decided that the caller may. The result is
// the action's output; every failure is an error, which a state machine can name.
func (h *Host) invoke(ctx context.Context, text []byte) (result any, err error) {
	line := connector.Line{Start: time.Now(), Status: http.StatusOK, BytesIn: int64(len(text))}
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		line.RequestID = invocation.AwsRequestID
	}
	record := &connector.Record{}
	output, err := h.run(ctx, text, &line, record)
	line.BytesOut = int64(len(output))
	if err != nil {
		e := connector.AsError(err)
		line.Status, line.Code, line.Cause = e.Status(), e.Code, e.Err
		line.Write(h.Log, record)
		return nil, failure(e)
	}
	line.Write(h.Log, record)
	return newPayload(output), nil
}

// run runs the action of an envelope. A panic ends here: aws-lambda-go would end the process.
func (h *Host) run(ctx context.Context, text []byte, line *connector.Line, record *connector.Record) (output []byte, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	e := envelope{Input: json.RawMessage("{}")}
	if err := json.Unmarshal(text, &e); err != nil || e.Action == "" {
		return nil, unknownEvent()
	}
	action := h.action(e.Action)
	if action == nil {
		return nil, &connector.Error{Code: connector.InvalidRequest, Target: "action",
			Message: fmt.Sprintf("There is no action '%s'. Known: %s.", connector.Shorten(e.Action, 64), h.names())}
	}
	line.Action = action.ID
	call, err := connector.FromEnvelope(action, e.Input)
	if err != nil {
		return nil, err
	}
	call.Connection, call.Caller, call.NoStream, call.Record = e.Connection, connector.Caller{All: true}, true, record
	response, err := h.Connector.Invoke(ctx, call)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	output, err = io.ReadAll(response.Body)
	switch {
	case err != nil:
		return nil, err
	case response.Status >= 400:
		return nil, relayed(response.ErrorCode, output)
	case len(output) > maxAnswer:
		return nil, tooLarge()
	}
	return output, nil
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
func failure(e *connector.Error) error {
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
	return &connector.Error{Code: code, Message: message}
}
