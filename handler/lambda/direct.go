package lambda

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// direct answers a direct call, and logs it. IAM has decided that the caller may. The result is the action's
// output; every failure is an error, which a state machine can name.
func (h *Host) direct(ctx context.Context, text []byte) (any, error) {
	line := connector.LogLine{Start: time.Now(), Status: http.StatusOK, BytesIn: int64(len(text))}
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		line.RequestID = invocation.AwsRequestID
	}
	record := &connector.Record{}
	output, err := h.run(ctx, text, &line, record)
	var refused error
	if err != nil {
		e := connector.AsError(err)
		line.Status, line.Code, line.Cause = e.Status(), e.Code, e.Err
		refused = failure(e)
	}
	line.BytesOut = int64(len(output))
	line.Write(h.Log, record)
	if refused != nil {
		return nil, refused
	}
	return newPayload(output), nil
}

// run runs the action of an envelope. A panic ends here: aws-lambda-go would end the process.
func (h *Host) run(ctx context.Context, text []byte, line *connector.LogLine, record *connector.Record) (output []byte, err error) {
	defer func() {
		if reason := recover(); reason != nil {
			h.Log.Error("panic", "request_id", line.RequestID, "reason", fmt.Sprint(reason), "stack", string(debug.Stack()))
			err = fmt.Errorf("panic: %v", reason)
		}
	}()
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	call, err := h.open(text)
	if err != nil {
		return nil, err
	}
	line.Action, call.NoStream, call.Record = call.Action.ID, true, record
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

// open reads an envelope (design.md section 3): {"action","connection","input"} and nothing else.
func (h *Host) open(text []byte) (*connector.Invocation, error) {
	d, err := schema.Parse(text)
	if err != nil && bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return nil, &connector.Error{Code: connector.InvalidJSON, Message: "The input is not acceptable JSON: " + err.Error() + "."}
	}
	if err != nil || d.Text("action") == "" {
		return nil, unknownEvent()
	}
	for _, name := range d.Names() {
		value, _ := d.Value(name)
		if _, isText := value.(string); name != "input" && !(isText && (name == "action" || name == "connection")) {
			return nil, unknownEvent()
		}
	}
	input := d.Source("input")
	if input == nil {
		input = []byte("{}")
	}
	return connector.FromInput(h.Actions, d.Text("action"), d.Text("connection"), input)
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
