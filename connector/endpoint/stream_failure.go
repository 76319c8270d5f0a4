package endpoint

import (
	"context"
	"errors"

	"inferenceconnector/connector"
)

// fail ends the stream with an error event and without [DONE], so that no client takes it for whole.
func (s *stream) fail(err error) {
	failure := connector.AsError(s.call.failure(s.ctx, err))
	switch failure.Code {
	case connector.CallerGone, connector.ShuttingDown, connector.UpstreamStreamBroken, connector.ContentFilter, connector.Overloaded:
	default:
		failure = broken(err)
		if s.ctx.Err() != nil {
			failure = broken(context.Cause(s.ctx))
		}
	}
	s.release()
	s.ended = true
	s.call.record.Failure = failure
	s.out.WriteString("event: error\n")
	s.put(failure.JSON())
}

func broken(err error) *connector.Error {
	return &connector.Error{
		Code:    connector.UpstreamStreamBroken,
		Message: "The model endpoint's stream broke off, so the reply is incomplete: " + why(err) + ".",
		Err:     unquoted(err),
	}
}

// why tells a caller about a broken stream without the addresses that errors of the network hold.
func why(err error) string {
	if errors.Is(err, context.DeadlineExceeded) { // the host's own end of the call
		err = errStreamTooLong
	}
	for _, known := range []error{errNoDone, errGapTooLong, errStreamTooLong, errFirstByteLate, errEventTooLong} {
		if errors.Is(err, known) {
			return known.Error()
		}
	}
	if brokeOff(err) {
		return "the connection was closed"
	}
	return "it breaks the protocol"
}

// reported is the failure that the endpoint itself sent as an event.
func (s *stream) reported(data []byte) error {
	said := understand([]byte(s.endpoint.maskFor(s.call.request).Replace(string(data))))
	e := broken(errors.New("the endpoint reported an error"))
	e.Message = "The model endpoint reported an error, so the reply is incomplete. Try again."
	if said.message != "" {
		e.Message += " It said: " + connector.Shorten(said.message, 1024)
	}
	e.Details = said.original()
	if said.filtered {
		e.Code = connector.ContentFilter
	}
	return e
}
