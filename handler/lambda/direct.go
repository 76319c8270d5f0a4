package lambda

import (
	"context"
	"errors"
	"strings"

	"github.com/aws/aws-lambda-go/lambda/messages"
	"github.com/aws/aws-lambda-go/lambdacontext"

	"inferenceconnector/connector"
	"inferenceconnector/handler/trigger"
)

// direct answers a direct call. IAM has decided that the caller may. The result is the action's output; every
// failure is an error, which a state machine can name.
func (h *Host) direct(ctx context.Context, text []byte) (any, error) {
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	id := ""
	if invocation, ok := lambdacontext.FromContext(ctx); ok {
		id = invocation.AwsRequestID
	}
	_, output, err := h.Runner.RunDirect(ctx, lambdacontext.FunctionName, id, text)
	if errors.Is(err, trigger.ErrNoEnvelope) {
		err = unknownEvent()
	}
	if err == nil && len(output) > lambdaLimit.bytes {
		err = lambdaLimit.exceeded()
	}
	if err != nil {
		return nil, failure(connector.AsError(err))
	}
	return newPayload(output), nil
}

// failure makes a Lambda error whose errorType is our code, for Retry and Catch of a state machine.
func failure(e *connector.Error) error {
	code := e.Code
	if strings.HasPrefix(string(code), "States.") { // names that belong to the state machine
		code = connector.UpstreamError
	}
	// The runtime puts the message into a header too, and ends the process when that cannot be sent. In JSON, DEL
	// alone is a control character that stands as it is.
	return messages.InvokeResponse_Error{Type: string(code), Message: strings.ReplaceAll(e.Message, "\x7f", "\ufffd")}
}
