package endpoint

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"inferenceconnector/connector"
)

// What may pass by itself. After some of it the endpoint may have run the request, so only one that asks for
// nothing to be run is made again (R17).
var (
	passing      = []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} // R16
	passingReads = []int{http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout}
	passingCodes = []connector.Code{connector.UpstreamReset, connector.UpstreamTimeout}
)

// judge says whether the call, which has so much time in all, may be made again (contract/reliability.md section 3).
func (c *call) judge(response *connector.Response, err error, budget time.Duration) {
	isRead, left := c.request.Method == http.MethodGet, budget-time.Since(c.begun)
	if err != nil {
		e := connector.AsError(err)
		unread := e.Code == connector.UpstreamUnreachable || e.Err != nil && unprocessed(e.Err) // R15
		again := isRead && !c.answers && slices.Contains(passingCodes, e.Code)
		if unread || again { // any other error may be shared with more calls
			e.Repeat = connector.Repeat{Allowed: true, Left: left}
		}
		return
	}
	response.Repeat.Left = left
	response.Repeat.Allowed = slices.Contains(passing, response.Status) || isRead && slices.Contains(passingReads, response.Status)
}

// failure says why there is no usable reply. An *Error passes.
func (c *call) failure(ctx context.Context, err error) error {
	if e, ok := errors.AsType[*connector.Error](err); ok {
		return e
	}
	cause := err
	if c.reached {
		cause = unquoted(err)
	}
	if ctx.Err() != nil {
		return interrupted(context.Cause(ctx), cause)
	}
	fail := func(code connector.Code, message string) error {
		return &connector.Error{Code: code, Message: message, Err: cause}
	}
	switch {
	case errors.Is(err, errBlocked):
		return fail(connector.UpstreamBlocked, "The model endpoint's address may not be connected to. Whoever runs this connector can allow it with egress.allowCidrs.")
	case !c.reached:
		return fail(connector.UpstreamUnreachable, "The model endpoint could not be reached. Try again later; if it stays, check the endpoint's address.")
	case unprocessed(err):
		return fail(connector.UpstreamReset, "The model endpoint refused the request unread. Try again.")
	case errors.Is(err, errUnclear), brokeOff(err):
		return fail(connector.UpstreamReset, "The model endpoint closed the connection before it answered. Try again; it may have run the request.")
	}
	return fail(connector.UpstreamInvalid, "The model endpoint's answer breaks the protocol and was not used. Try again; if it stays, check the endpoint.")
}

// unquoted is an error without what it quotes of the endpoint's answer: that could hold the key, or be a completion,
// and the error is for the log (S17, S19).
func unquoted(err error) error {
	if words, _, quotes := strings.Cut(err.Error(), `"`); quotes {
		return errors.New(words + "...")
	}
	return err
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

// brokeOff reports whether the endpoint closed the connection, as opposed to sending nonsense. Over HTTP/2, what is
// wrong with a stream of ours is a "stream error", too.
func brokeOff(err error) bool {
	var operation *net.OpError
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &operation) ||
		slices.ContainsFunc(breaks, func(words string) bool { return strings.Contains(err.Error(), words) })
}

// breaks are the words of net/http, which has no values for them, when a connection or stream was ended by the other
// side, or is dead.
var breaks = []string{"server closed idle connection", "received from peer", "GOAWAY", "client connection lost"}
