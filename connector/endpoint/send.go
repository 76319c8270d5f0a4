package endpoint

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// call is one attempt and what its reply needs to know.
type call struct {
	changes
	request *http.Request
	stream  bool
	record  *connector.Record
	start   time.Time
	cancel  context.CancelCauseFunc
	reached bool // a connection was there: the endpoint may have seen the request
}

// Causes of a cancelled attempt that are ours; all others came with the caller's context.
var (
	errCallTooLong   = errors.New("the call took too long")
	errFirstByteLate = errors.New("the first byte came too late")
	errGapTooLong    = errors.New("the stream paused too long")
	errStreamTooLong = errors.New("the stream took too long")
)

// send makes the attempt. It returns when a whole reply was read, or the first event of a stream.
func (e *Endpoint) send(ctx context.Context, c *call) (*connector.Response, error) {
	ctx, c.cancel = context.WithCancelCause(ctx)
	budget, late := e.budgets.Call, errCallTooLong
	if c.stream {
		budget, late = e.budgets.FirstByte, errFirstByteLate
	}
	timer := time.AfterFunc(budget, func() { c.cancel(late) })
	reply, err := e.roundTrip(ctx, c)
	if err != nil {
		timer.Stop()
		err = c.failure(ctx, err) // before the cancelling, which it would take for the caller's
		c.cancel(nil)
		return nil, err
	}
	if c.stream && reply.StatusCode == http.StatusOK {
		return e.openStream(ctx, c, reply, timer)
	}
	defer c.cancel(nil)
	defer timer.Stop()
	defer reply.Body.Close()
	response, err := e.read(c, reply)
	if err != nil {
		return nil, c.failure(ctx, err)
	}
	return response, nil
}

// roundTrip sends the request and returns when the head of the reply is there.
func (e *Endpoint) roundTrip(ctx context.Context, c *call) (*http.Response, error) {
	c.start = time.Now()
	c.record.Attempts++
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { c.reached = true }}
	reply, err := e.transport.RoundTrip(c.request.WithContext(httptrace.WithClientTrace(ctx, trace)))
	c.record.Endpoint = time.Since(c.start)
	return reply, err
}

// setBody gives the request the document as it was validated; a repeat sends the same bytes (R19).
func setBody(request *http.Request, body *schema.Document) {
	if body == nil { // but none that can be read again: net/http would repeat a GET, and no slot was taken for that (R3)
		request.Body = io.NopCloser(strings.NewReader(""))
		return
	}
	segments := body.Segments()
	for _, segment := range segments {
		request.ContentLength += int64(len(segment))
	}
	request.Header["Content-Type"] = []string{"application/json"}
	if request.ContentLength <= maxJoined {
		text := bytes.Join(segments, nil)
		request.GetBody = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	} else {
		request.GetBody = func() (io.ReadCloser, error) {
			pieces := append(net.Buffers{}, segments...) // reading uses them up
			return io.NopCloser(&pieces), nil
		}
	}
	request.Body, _ = request.GetBody()
}

// maxJoined is how large a body may be, in bytes, to be put together: net/http sends a body that it knows to
// be in memory along with the headers. A larger one is sent in its pieces, which copies no image.
const maxJoined = 64 << 10

// failure says why there is no usable reply. An *Error passes.
func (c *call) failure(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*connector.Error](err); ok {
		return e
	}
	if ctx.Err() != nil {
		return interrupted(context.Cause(ctx), err)
	}
	fail := func(code connector.Code, message string) error {
		return &connector.Error{Code: code, Message: message, Err: err}
	}
	switch {
	case errors.Is(err, errBlocked):
		return fail(connector.UpstreamBlocked, "The model endpoint's address may not be connected to. Whoever runs this connector can allow it with egress.allowCidrs.")
	case !c.reached:
		return fail(connector.UpstreamUnreachable, "The model endpoint could not be reached. Try again later; if it stays, check the endpoint's address.")
	case brokeOff(err):
		return fail(connector.UpstreamReset, "The model endpoint closed the connection before it answered. It may have run the request.")
	}
	return fail(connector.UpstreamInvalid, "The model endpoint's answer breaks the protocol and was not used.")
}

// interrupted is the failure of an attempt that was cancelled, by its cause.
func interrupted(cause, err error) *connector.Error {
	if e, ok := errors.AsType[*connector.Error](cause); ok {
		return e // the host's own reason, such as a shutdown
	}
	switch cause {
	case errCallTooLong, errFirstByteLate, errGapTooLong, errStreamTooLong, context.DeadlineExceeded:
		return &connector.Error{
			Code:    connector.UpstreamTimeout,
			Message: "The model endpoint did not answer in time. It may still have run the request. Ask for fewer tokens, or stream.",
			Err:     cause,
		}
	}
	return &connector.Error{Code: connector.CallerGone, Message: "The caller left.", Err: err}
}

// brokeOff reports whether the endpoint closed the connection, as opposed to sending nonsense.
func brokeOff(err error) bool {
	var operation *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &operation) ||
		strings.Contains(err.Error(), "server closed idle connection") ||
		strings.Contains(err.Error(), "stream error") || strings.Contains(err.Error(), "GOAWAY")
}
