package rest

import (
	"context"
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
	if e.Code == connector.Unauthenticated {
		c.w.Header().Set("WWW-Authenticate", c.challenge())
	}
	if e.Code == connector.Overloaded {
		c.w.Header().Set("Connection", "close") // at once, however much of the body is still to come (R24)
	}
	c.awaitRest()
	body := connector.WithRequestID(e.JSON(), e.Code, c.requestID)
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
	if response.ErrorCode != "" {
		return c.relayError(response)
	}
	c.writeHead(response.Status, "", 0, response.Length)
	_, err := io.Copy(paced{c}, response.Body)
	c.lost(err)
	return nil
}

// relayError writes an error of the endpoint's, which is small and in memory, with our request id in it.
func (c *call) relayError(response *connector.Response) error {
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	body = connector.WithRequestID(body, response.ErrorCode, c.requestID)
	c.writeHead(response.Status, response.ErrorCode, response.RetryAfter, int64(len(body)))
	c.write(body)
	return nil
}

// paced writes an answer in pieces: every piece that the caller takes is progress, and buys more time.
type paced struct{ call *call }

const piece = 64 << 10 // bytes

func (p paced) Write(text []byte) (written int, err error) {
	for err == nil && written < len(text) {
		// Hosts without a connection have no deadline to set.
		_ = http.NewResponseController(p.call.w).SetWriteDeadline(time.Now().Add(p.call.handler.WriteTimeout))
		var n int
		n, err = p.call.w.Write(text[written:min(written+piece, len(text))])
		written += n
	}
	p.call.sent += int64(written)
	return written, err
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

// gone reports whether the caller left. A call that is cut by a deadline or a shutdown has a reason of its
// own, and its caller is told.
func (c *call) gone() bool { return context.Cause(c.r.Context()) == context.Canceled }

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
	_, err := paced{c}.Write(text)
	c.lost(err)
}

// lost notes that an answer did not reach the caller, and ends the call.
func (c *call) lost(err error) {
	if err == nil {
		return
	}
	c.status, c.code, c.cause = connector.CallerGone.Status(), connector.CallerGone, err
	panic(http.ErrAbortHandler)
}
