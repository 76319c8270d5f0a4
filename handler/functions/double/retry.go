package double

import (
	"errors"
	"io"
	"net"
	"net/http"
	"time"
)

// retry sends again what the handler did not take: all that could not be sent, and a request without a body
// also when the connection broke before an answer.
type retry struct{ transport *http.Transport }

// How often and how fast.
const (
	mostTries  = 10
	firstDelay = 50 * time.Millisecond
	mostDelay  = 250 * time.Millisecond
)

// RoundTrip implements http.RoundTripper.
func (t retry) RoundTrip(r *http.Request) (*http.Response, error) {
	delay := firstDelay
	for try := 1; ; try++ {
		reply, err := t.transport.RoundTrip(kept(r))
		if err == nil || try == mostTries || !again(r, err) {
			return reply, err
		}
		select {
		case <-time.After(delay):
		case <-r.Context().Done():
			return nil, r.Context().Err()
		}
		delay = min(2*delay, mostDelay)
	}
}

func again(r *http.Request, err error) bool {
	unreached, ok := errors.AsType[*net.OpError](err)
	return r.Context().Err() == nil && (r.Body == nil || ok && unreached.Op == "dial")
}

// kept keeps the body of a request that could not be sent: the transport would close it.
func kept(r *http.Request) *http.Request {
	if r.Body == nil {
		return r
	}
	r = r.Clone(r.Context())
	r.Body = io.NopCloser(r.Body)
	return r
}
