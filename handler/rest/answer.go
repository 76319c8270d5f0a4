package rest

import (
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
	body := e.JSON()
	c.writeHead(e.Status(), e.Code, e.RetryAfter, int64(len(body)))
	c.write(body)
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
	c.extendDeadline()
	n, err := io.Copy(c.w, response.Body)
	c.sent += n
	c.lost(err)
	return nil
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
		if c.r.Context().Err() != nil && c.code != connector.ShuttingDown {
			c.code, c.status = connector.CallerGone, connector.CallerGone.Status()
		}
		if err != nil || c.code == connector.CallerGone {
			return
		}
	}
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
