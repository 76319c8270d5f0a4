package double

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// A gateway is what fronts that deliver whole answers differ in.
type gateway struct {
	read     readReply
	unusable int // the status for a function error and for an answer that means nothing
	late     int // the status when the function takes too long
}

// readReply makes the response of a payload. ok is false when the payload means nothing.
type readReply func(r *http.Request, payload []byte) (reply *http.Response, ok bool)

// invoke runs the function with an event, which is anything that is written as JSON.
func (g gateway) invoke(ctx context.Context, r *http.Request, f *Function, event any) (*http.Response, error) {
	payload, err := f.Invoke(ctx, write(event))
	if err != nil {
		return g.failed(r, err)
	}
	reply, ok := g.read(r, payload)
	if !ok {
		return refuse(r, g.unusable), nil
	}
	return reply, nil
}

// failed answers for a function that did not.
func (g gateway) failed(r *http.Request, err error) (*http.Response, error) {
	switch {
	case errors.Is(err, ErrTooLarge):
		return refuse(r, http.StatusRequestEntityTooLarge), nil
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case errors.Is(err, context.DeadlineExceeded):
		return refuse(r, g.late), nil
	}
	return refuse(r, g.unusable), nil
}

// write writes an event. In a text, what is not UTF-8 becomes U+FFFD.
func write(event any) []byte {
	text, err := json.Marshal(event)
	if err != nil {
		panic(err) // an authorizer or an input that is not JSON
	}
	return text
}
