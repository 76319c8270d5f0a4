package endpoint

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"strings"
	"sync/atomic"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// call is one call with its attempts, which follow one another, and what a reply needs to know of it.
type call struct {
	changes
	request *http.Request
	body    func() io.ReadCloser // the same bytes for each attempt
	stream  bool
	record  *connector.Record
	part    *connector.Part
	begun   time.Time // of the first attempt: budgets do not start over (R11)
	cancel  context.CancelCauseFunc
	reached bool // a connection was there
	answers bool // the head of a good reply was there
}

// Causes of a cancelled attempt that are ours; all others came with the caller's context.
var (
	errCallTooLong   = errors.New("the call took too long")
	errFirstByteLate = errors.New("the first byte came too late")
	errGapTooLong    = errors.New("the stream paused too long")
	errStreamTooLong = errors.New("the stream took too long")
)

// send makes an attempt. It returns when a whole reply was read, or the first event of a stream.
func (e *Endpoint) send(ctx context.Context, c *call) (response *connector.Response, err error) {
	if c.begun.IsZero() {
		c.begun = time.Now()
	}
	ctx, c.cancel = context.WithCancelCause(ctx)
	budget, late := e.budgets.Call, errCallTooLong
	if c.stream {
		budget, late = e.budgets.FirstByte, errFirstByteLate
	}
	defer func() { c.judge(response, err, budget) }()
	timer := time.AfterFunc(budget-time.Since(c.begun), func() { c.cancel(late) })
	reply, err := e.roundTrip(ctx, c)
	if err != nil {
		timer.Stop()
		err = c.failure(ctx, err) // before the cancelling, which it would take for the caller's
		c.cancel(nil)
		return nil, err
	}
	c.answers = reply.StatusCode == http.StatusOK
	if c.stream && c.answers {
		return e.openStream(ctx, c, reply, timer)
	}
	defer c.cancel(nil)
	defer timer.Stop()
	defer reply.Body.Close()
	response, err = e.read(c, reply)
	if err != nil {
		return nil, c.failure(ctx, err)
	}
	return response, nil
}

// roundTrip sends the request and returns when the head of the reply is there.
func (e *Endpoint) roundTrip(ctx context.Context, c *call) (*http.Response, error) {
	start := time.Now()
	c.record.Attempts++
	c.reached = false
	over2 := false
	var sent atomic.Bool // headers were written over HTTP/2, which another goroutine does
	trace := &httptrace.ClientTrace{
		GotConn: func(info httptrace.GotConnInfo) {
			c.reached = true
			secure, ok := info.Conn.(*tls.Conn)
			if over2 = ok && secure.ConnectionState().NegotiatedProtocol == "h2"; over2 {
				e.http2.Store(true)
			}
		},
		WroteHeaders: func() { sent.Store(over2) },
	}
	request := c.request.WithContext(httptrace.WithClientTrace(ctx, trace))
	request.Body = c.body()
	if c.request.ContentLength > 0 && !e.http2.Load() {
		request.GetBody = func() (io.ReadCloser, error) {
			if sent.Load() {
				return nil, errUnclear
			}
			return c.body(), nil
		}
	}
	reply, err := e.transport.RoundTrip(request)
	c.record.Endpoint = time.Since(start)
	return reply, err
}

// errUnclear keeps net/http from repeating over HTTP/2 what the endpoint may have run: it would do so after more
// resets than those that say that nothing was processed, and without a slot (R3, R17). Where an endpoint is known
// to speak HTTP/2, a request has no second body to begin with, and the error says why it was not repeated. What
// net/http may repeat is a request of which nothing was written.
var errUnclear = errors.New("the endpoint gave the request up, and may have run it")

// unprocessed reports whether an endpoint said that it had not looked at the request (RFC 9113 section 8.7).
func unprocessed(err error) bool {
	text, cannot := strings.CutPrefix(err.Error(), "http2: Transport: cannot retry err [")
	return cannot && (strings.HasPrefix(text, "stream error") && strings.Contains(text, "REFUSED_STREAM") || strings.Contains(text, "graceful shutdown GOAWAY"))
}

// setBody gives the call the document as it was validated; a repeat sends the same bytes (R19).
func (c *call) setBody(body *schema.Document) {
	if body == nil { // but none that can be read again: net/http would repeat a GET, and no slot was taken for that (R3)
		c.body = func() io.ReadCloser { return io.NopCloser(strings.NewReader("")) }
		return
	}
	segments := body.Segments()
	for _, segment := range segments {
		c.request.ContentLength += int64(len(segment))
	}
	c.request.Header["Content-Type"] = []string{"application/json"}
	if c.request.ContentLength <= maxJoined {
		text := bytes.Join(segments, nil)
		c.body = func() io.ReadCloser { return io.NopCloser(bytes.NewReader(text)) }
		return
	}
	c.body = func() io.ReadCloser {
		pieces := append(net.Buffers{}, segments...) // reading uses them up
		return io.NopCloser(&pieces)
	}
}

// maxJoined is how large a body may be, in bytes, to be put together: net/http sends a body that it knows to
// be in memory along with the headers. A larger one is sent in its pieces, which copies no image.
const maxJoined = 64 << 10
