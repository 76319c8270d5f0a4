package endpoint

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"slices"
	"strings"
	"time"

	"inferenceconnector/connector"
)

// Limits of a delivery. After the first attempt three more follow, 1 s, 4 s and 16 s apart, and up to a quarter
// more, as nobody may wait exactly as long as others. A receiver may ask for longer waits, up to a minute.
const (
	deliveryAttempts = 4
	deliveryTime     = 20 * time.Second // of one attempt
	firstPause       = time.Second
	pauseGrowth      = 4
	longestPause     = time.Minute     // that a receiver can ask for
	leastDelivery    = 2 * time.Second // that ctx must leave for another attempt
	maxDrained       = 4 << 10         // bytes of an answer, which nobody reads
)

// Statuses that may pass by themselves, beside all from 500 on.
var passingDeliveries = []int{http.StatusRequestTimeout, http.StatusTooManyRequests}

// Deliver posts an output as JSON, up to four times in all: again after failures of the network and the statuses
// 408, 429 and 5xx. The id is sent with each attempt, as Idempotency-Key. Every error is a *connector.Error, with
// nothing of the address in it but its host.
func (r *Receiver) Deliver(ctx context.Context, id string, output []byte) error {
	pause := firstPause
	for made := 1; ; made++ {
		failure, asked := r.attempt(ctx, id, output)
		if failure == nil {
			return nil
		}
		wait := jittered(max(pause, min(asked, longestPause)))
		if !failure.Repeat.Allowed || made == deliveryAttempts || !pauseFor(ctx, wait) {
			return failure
		}
		pause *= pauseGrowth
	}
}

// attempt posts an output once. asked is how long the receiver wants to be left alone.
func (r *Receiver) attempt(ctx context.Context, id string, output []byte) (failure *connector.Error, asked time.Duration) {
	limited, cancel := context.WithTimeout(ctx, deliveryTime)
	defer cancel()
	reached := false
	trace := &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { reached = true }}
	reply, err := r.transport.RoundTrip(r.request(id, output).WithContext(httptrace.WithClientTrace(limited, trace)))
	if err != nil {
		return r.failed(limited, err, reached), 0
	}
	defer reply.Body.Close()
	_, _ = io.CopyN(io.Discard, reply.Body, maxDrained)
	if reply.StatusCode/100 == 2 {
		return nil, 0
	}
	asked, _ = seconds(reply.Header)
	return r.refused(reply.StatusCode), asked
}

// request returns the request of one attempt. It has no GetBody, so that net/http does not make more of it.
func (r *Receiver) request(id string, output []byte) *http.Request {
	target, _ := readReceiver(r.url) // it was read before
	return &http.Request{
		Method: http.MethodPost, URL: target, Host: target.Host,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{
			"Content-Type":    {"application/json"},
			"User-Agent":      {"inference-connector"},
			"Idempotency-Key": {quotedString(id)},
		},
		Body: io.NopCloser(bytes.NewReader(output)), ContentLength: int64(len(output)),
	}
}

// failed is the failure of an attempt without an answer. What net/http says of a connection that was there can
// repeat what came over it, and that can be the address: the words are ours then.
func (r *Receiver) failed(ctx context.Context, err error, reached bool) *connector.Error {
	e := &connector.Error{Code: connector.DeliveryFailed, Repeat: connector.Repeat{Allowed: true}}
	switch {
	case errors.Is(err, errBlocked):
		e.Message, e.Err, e.Repeat.Allowed = "The address of deliverTo may not be connected to. egress.allowCidrs can allow it.", errBlocked, false
	case ctx.Err() != nil:
		e.Message, e.Err = "deliverTo did not answer in time. It may have taken the output.", fmt.Errorf("%s: %w", r.host, context.Cause(ctx))
	case !reached:
		e.Message, e.Err = "deliverTo could not be reached. Check its address.", fmt.Errorf("%s: %w", r.host, err)
	default:
		e.Message, e.Err = "deliverTo closed the connection, or broke the protocol, before it answered. It may have taken the output.",
			fmt.Errorf("no usable answer of %s", r.host)
	}
	return e
}

// refused is the failure of an attempt that was answered.
func (r *Receiver) refused(status int) *connector.Error {
	e := &connector.Error{Code: connector.DeliveryFailed, Err: fmt.Errorf("%s answered with status %d", r.host, status)}
	e.Repeat.Allowed = status >= 500 || slices.Contains(passingDeliveries, status)
	switch {
	case status/100 == 3:
		e.Message = fmt.Sprintf("deliverTo answered with a redirect (status %d), which is not followed. Set the address that it leads to.", status)
	case e.Repeat.Allowed:
		e.Message = fmt.Sprintf("deliverTo answered with status %d. Try again later.", status)
	default:
		e.Message = fmt.Sprintf("deliverTo answered with status %d. Check its address, and whether its signature is still good.", status)
	}
	return e
}

func jittered(pause time.Duration) time.Duration {
	return pause + time.Duration(float64(pause)/4*rand.Float64())
}

// pauseFor waits, if ctx leaves time for another attempt after that, and reports whether it does.
func pauseFor(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d+leastDelivery {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}

// quotedString writes a text as a string of RFC 8941, which holds printable ASCII only. What is not is
// percent-encoded, and so is %: no two ids become one.
func quotedString(text string) string {
	var quoted strings.Builder
	for _, c := range []byte(text) {
		switch {
		case c < ' ' || c > '~' || c == '%':
			fmt.Fprintf(&quoted, "%%%02X", c)
		case c == '"' || c == '\\':
			quoted.WriteString(`\` + string(rune(c)))
		default:
			quoted.WriteByte(c)
		}
	}
	return `"` + quoted.String() + `"`
}
