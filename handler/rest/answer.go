package rest

import (
	"context"
	"errors"
	"io"
	"math"
	"net/http"
	"strconv"
	"time"

	"inferenceconnector/connector"
)

// refuse writes an error: the one place that does.
func (c *call) refuse(e *connector.Error) {
	c.code, c.cause = e.Code, e.Err
	if e.Code == connector.CallerGone {
		c.status = e.Status()
		panic(http.ErrAbortHandler) // nobody reads an answer
	}
	c.awaitRest()
	body := e.JSON()
	c.writeHead(e.Status(), e.Code, e.RetryAfter, int64(len(body)))
	c.write(body)
}

// awaitRest gives the rest of a refused call's body little time: net/http reads it, so that the caller can
// read the answer and use the connection again (R13).
func (c *call) awaitRest() {
	const linger = 5 * time.Second
	_ = http.NewResponseController(c.w).SetReadDeadline(time.Now().Add(min(linger, c.handler.BodyTimeout)))
}

// relay writes a response, and gives it back.
func (c *call) relay(response *connector.Response) error {
	defer response.Body.Close()
	c.code = response.ErrorCode
	if response.Stream {
		c.relayStream(response)
		return nil
	}
	c.writeHead(response.Status, response.ErrorCode, response.RetryAfter, response.Length)
	n, err := io.Copy(c.w, paced{response.Body, c})
	c.sent += n
	c.lost(err)
	return nil
}

// paced is a body that is read as fast as the caller takes it: every read is progress.
type paced struct {
	io.Reader
	call *call
}

func (p paced) Read(piece []byte) (int, error) {
	p.call.extendDeadline()
	return p.Reader.Read(piece)
}

// relayStream passes on whole events as they come.
func (c *call) relayStream(response *connector.Response) {
	c.stream = true
	c.writeHead(response.Status, "", 0, -1)
	control := http.NewResponseController(c.w)
	events := make([]byte, 16<<10)
	for {
		n, err := response.Body.Read(events)
		if n > 0 {
			c.write(events[:n])
			_ = control.Flush() // a host that delivers whole has nothing to flush
		}
		if failure := c.record.Failure; failure != nil {
			c.code, c.cause = failure.Code, failure.Err
		}
		if c.gone() {
			c.code, c.status = connector.CallerGone, connector.CallerGone.Status()
			return
		}
		if err != nil {
			return
		}
	}
}

// gone reports whether the caller left. A call that is cut by a shutdown has a reason of its own, and its
// caller is told.
func (c *call) gone() bool {
	cause := context.Cause(c.r.Context())
	_, ours := errors.AsType[*connector.Error](cause)
	return cause != nil && !ours
}

func (c *call) writeHead(status int, code connector.Code, retryAfter time.Duration, length int64) {
	header := c.w.Header()
	header["X-Ms-Request-Id"] = []string{c.requestID}
	header["X-Content-Type-Options"] = []string{"nosniff"}
	if c.clientID != "" {
		header["X-Ms-Client-Request-Id"] = []string{c.clientID}
	}
	if code != "" {
		header["X-Ms-Error-Code"] = []string{string(code)}
	}
	if retryAfter > 0 {
		header["Retry-After"] = []string{strconv.Itoa(int(math.Ceil(retryAfter.Seconds())))}
	}
	if c.record.Calls > 0 {
		header["X-Ratelimit-Limit-Requests"] = []string{strconv.Itoa(c.record.Calls)}
		header["X-Ratelimit-Remaining-Requests"] = []string{strconv.Itoa(c.record.Remaining)}
	}
	if length >= 0 {
		header["Content-Type"] = []string{"application/json"}
		header["Content-Length"] = []string{strconv.FormatInt(length, 10)}
	} else {
		header["Content-Type"] = []string{"text/event-stream; charset=utf-8"}
		header["Cache-Control"] = []string{"no-cache"}
	}
	c.status = status
	c.w.WriteHeader(status)
}

func (c *call) write(text []byte) {
	c.extendDeadline()
	n, err := c.w.Write(text)
	c.sent += int64(n)
	c.lost(err)
}

// extendDeadline gives a caller that makes progress more time. Hosts without a connection have none to give.
func (c *call) extendDeadline() {
	_ = http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(c.handler.WriteTimeout))
}

// lost notes that an answer did not reach the caller, and ends the call.
func (c *call) lost(err error) {
	if err == nil {
		return
	}
	c.status, c.code, c.cause = connector.CallerGone.Status(), connector.CallerGone, err
	panic(http.ErrAbortHandler)
}
