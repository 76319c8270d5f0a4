package double

import (
	"encoding/json"
	"net/http"
)

// A FunctionURL is the function's own address.
type FunctionURL struct {
	Function   *Function
	Stream     bool            // the invoke mode RESPONSE_STREAM
	Authorizer json.RawMessage // whom AWS_IAM let in; nil with the auth type NONE
}

// RoundTrip implements http.RoundTripper. Of the request's URL only path and query count.
func (u *FunctionURL) RoundTrip(r *http.Request) (*http.Response, error) {
	event, err := newEvent(r, urlDomain, defaultStage, r.URL.EscapedPath(), u.Authorizer)
	if err != nil {
		return nil, err
	}
	whole := gateway{newReply, http.StatusBadGateway, http.StatusBadGateway} // there is no limit but the function's
	if !u.Stream {
		return whole.invoke(r.Context(), r, u.Function, event)
	}
	stream, err := u.Function.Stream(r.Context(), write(event))
	if err == nil {
		var reply *http.Response
		if reply, err = newStreamedReply(r, stream); err == nil {
			return reply, nil
		}
	}
	return whole.failed(r, err)
}
