package lambda

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"

	"inferenceconnector/connector"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/trigger"
)

// A Host answers invocations. It is safe for concurrent use: managed instances run several at once in one
// process.
type Host struct {
	HTTP    http.Handler
	Runner  *trigger.Runner
	Book    *schedule.Book
	Log     *slog.Logger
	Trusted bool // an authorizer of the gateway in front is enough (auth.trustPlatform)
	Stream  bool // Function URLs are in the mode RESPONSE_STREAM, which their events do not tell

	// CloseIdle closes connections that nothing uses, which may be dead after a freeze; nil where there are none.
	CloseIdle func()

	watch watch
}

// Start serves the Lambda runtime until the environment ends. It does not return.
func (h *Host) Start() { awslambda.StartWithOptions(h.handle) }

// handle answers one invocation. Its errors carry our code as errorType.
func (h *Host) handle(ctx context.Context, event json.RawMessage) (any, error) {
	if h.CloseIdle != nil && h.watch.slept() {
		h.CloseIdle()
	}
	defer h.watch.stop()
	return h.dispatch(ctx, event)
}

func (h *Host) dispatch(ctx context.Context, event []byte) (any, error) {
	o := outlineOf(event)
	for _, f := range fronts {
		if !f.is(&o) {
			continue
		}
		if in, err := f.read(event); err == nil {
			return h.serveHTTP(ctx, f, in), nil
		}
	}
	switch {
	case o.isBatch():
		return h.serveBatch(ctx, event)
	case o.Schedule != "":
		return h.serveSchedule(ctx, event)
	case o.DetailType != "":
		return h.serveRule(ctx, event)
	}
	return h.direct(ctx, event)
}

// margin is kept of the time that is left, so that the caller gets our error and not the platform's.
const margin = time.Second

// How long an invocation may take at most: API Gateway hangs up after 29 to 30 s (R11), Lambda after 900 s.
const (
	gatewayBudget  = 28 * time.Second
	functionBudget = 900 * time.Second
)

// budget leaves a margin of the time that is left, and at most limit.
func budget(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	at := time.Now().Add(limit)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-margin).Before(at) {
		at = deadline.Add(-margin)
	}
	return context.WithDeadline(ctx, at)
}

// reject logs a failure that nothing else has logged, and makes it a Lambda error.
func (h *Host) reject(e *connector.Error) error {
	h.Log.Error("event refused", "code", string(e.Code), "message", e.Message)
	return failure(e)
}
