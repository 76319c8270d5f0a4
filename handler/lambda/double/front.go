package double

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"time"
)

// defaultStage is the stage that is not part of a path.
const defaultStage = "$default"

// gatewayLimit is how long an API waits for its function.
const gatewayLimit = 30 * time.Second

// An HTTPAPI is an API Gateway HTTP API whose every route leads to the function. It delivers whole answers.
type HTTPAPI struct {
	Function   *Function
	Stage      string          // "" for the one that is not part of a path
	Authorizer json.RawMessage // what an authorizer said of the caller; nil when there is none
}

// RoundTrip implements http.RoundTripper. Of the request's URL only path and query count.
func (a *HTTPAPI) RoundTrip(r *http.Request) (*http.Response, error) {
	stage, path := a.Stage, r.URL.Path // an event tells the path decoded
	if stage == "" {
		stage = defaultStage
	} else if below, ok := strings.CutPrefix(path, "/"+stage); !ok || below != "" && below[0] != '/' {
		return refuse(r, http.StatusNotFound), nil
	}
	path, _, _ = strings.Cut(path, "?") // one that was encoded
	event, err := newEvent(r, "abc123.execute-api."+region+".amazonaws.com", stage, path, a.Authorizer)
	if err != nil {
		return nil, err
	}
	delete(event.Headers, "cookie") // taken out, into cookies
	ctx, cancel := context.WithTimeout(r.Context(), gatewayLimit)
	defer cancel()
	return invoke(ctx, r, a.Function, event.json(), http.StatusInternalServerError)
}

// A FunctionURL is the function's own address.
type FunctionURL struct {
	Function   *Function
	Stream     bool            // the invoke mode RESPONSE_STREAM
	Authorizer json.RawMessage // whom AWS_IAM let in; nil with the auth type NONE
}

// RoundTrip implements http.RoundTripper. Of the request's URL only path and query count.
func (u *FunctionURL) RoundTrip(r *http.Request) (*http.Response, error) {
	event, err := newEvent(r, "abc123.lambda-url."+region+".on.aws", defaultStage, r.URL.EscapedPath(), u.Authorizer)
	if err != nil {
		return nil, err
	}
	if !u.Stream {
		return invoke(r.Context(), r, u.Function, event.json(), http.StatusBadGateway)
	}
	stream, err := u.Function.Stream(r.Context(), event.json())
	if err == nil {
		var reply *http.Response
		if reply, err = newStreamedReply(r, stream); err == nil {
			return reply, nil
		}
	}
	return failed(r, err, http.StatusBadGateway)
}

// invoke runs the function for a front that delivers whole answers. unusable is the status for a function
// error and for an answer that means nothing.
func invoke(ctx context.Context, r *http.Request, f *Function, event []byte, unusable int) (*http.Response, error) {
	payload, err := f.Invoke(ctx, event)
	if err != nil {
		return failed(r, err, unusable)
	}
	reply, ok := newReply(r, payload)
	if !ok {
		return refuse(r, unusable), nil
	}
	return reply, nil
}

// failed answers for a function that did not.
func failed(r *http.Request, err error, unusable int) (*http.Response, error) {
	switch {
	case errors.Is(err, ErrTooLarge):
		return refuse(r, http.StatusRequestEntityTooLarge), nil
	case r.Context().Err() != nil:
		return nil, r.Context().Err()
	case errors.Is(err, context.DeadlineExceeded):
		return refuse(r, http.StatusServiceUnavailable), nil
	}
	return refuse(r, unusable), nil
}
