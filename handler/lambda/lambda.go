package lambda

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
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
}

// Start serves the Lambda runtime until the environment ends. It does not return.
func (h *Host) Start() { awslambda.StartWithOptions(h.handle) }

// margin is kept of the time that is left, so that the caller gets our error and not the platform's.
const margin = time.Second

// How long an invocation may take at most: API Gateway hangs up after 29 to 30 s (R11), Lambda after 900 s.
const (
	gatewayBudget  = 28 * time.Second
	functionBudget = 900 * time.Second
)

// event is an HTTP event, of a Function URL or an HTTP API.
type event struct {
	Version         string            `json:"version"`
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Headers         map[string]string `json:"headers"`
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
	RequestContext  *requestContext   `json:"requestContext"`
}

type requestContext struct {
	DomainName string                     `json:"domainName"`
	Stage      string                     `json:"stage"`
	Authorizer map[string]json.RawMessage `json:"authorizer"` // by the kind of authorizer
	HTTP       struct {
		Method string `json:"method"`
	} `json:"http"`
}

// isFunctionURL tells a Function URL from an API: an API's own domain, or a custom one, looks different.
func (c *requestContext) isFunctionURL() bool { return strings.Contains(c.DomainName, ".lambda-url.") }

// isAuthorized reports whether an authorizer in front let the caller in. The platform writes this part of
// the event; callers cannot.
func (c *requestContext) isAuthorized() bool { return len(c.Authorizer) > 0 }

// budget leaves a margin of the time that is left, and at most limit.
func budget(ctx context.Context, limit time.Duration) (context.Context, context.CancelFunc) {
	at := time.Now().Add(limit)
	if deadline, ok := ctx.Deadline(); ok && deadline.Add(-margin).Before(at) {
		at = deadline.Add(-margin)
	}
	return context.WithDeadline(ctx, at)
}

// handle answers one invocation. Its errors carry our code as errorType.
func (h *Host) handle(ctx context.Context, payload json.RawMessage) (any, error) {
	var e event
	if err := json.Unmarshal(payload, &e); err == nil && e.Version == "2.0" && e.RequestContext != nil {
		return h.serveHTTP(ctx, &e), nil
	}
	return h.direct(ctx, payload)
}

func unknownEvent() error {
	return &connector.Error{
		Code: connector.InvalidRequest,
		Message: `This event has no known shape. Known: Function URL and HTTP API (format 2.0), ` +
			`and for direct calls {"action":"GetChatCompletions","connection":"default","input":{...}}.`,
	}
}
