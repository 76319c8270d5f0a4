package functions

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"

	"inferenceconnector/connector"
)

// maxReply bounds what is kept of a stream, which this way is delivered whole, in bytes.
const maxReply = 16 << 20

// A reply is a ResponseWriter that keeps a whole answer to a caller.
type reply struct {
	header http.Header
	status int
	body   bytes.Buffer
	part   *connector.Part // nil for one that is small
	full   error
}

func newReply(part *connector.Part) *reply {
	return &reply{header: http.Header{}, status: http.StatusOK, part: part}
}

// Header implements http.ResponseWriter.
func (r *reply) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *reply) WriteHeader(status int) { r.status = status }

// Write implements io.Writer.
func (r *reply) Write(text []byte) (int, error) {
	if r.full == nil && r.body.Len()+len(text) > maxReply {
		r.full = &connector.Error{Code: connector.ResponseTooLarge, Message: fmt.Sprintf(
			"The answer is larger than %d bytes, which this host keeps. Ask for fewer tokens with max_tokens.", maxReply)}
	}
	if r.full == nil {
		r.full = r.part.Keep(copies * int64(len(text)))
	}
	if r.full != nil {
		return 0, r.full
	}
	return r.body.Write(text)
}

// failure is why a reply was given up.
func (r *reply) failure() *connector.Error {
	if r.full != nil {
		return connector.AsError(r.full)
	}
	return connector.AsError(http.ErrAbortHandler)
}

// refuse puts an error in place of a reply that came to nothing; the ids among its headers stay.
func (r *reply) refuse(e *connector.Error) {
	r.header.Set("Content-Type", "application/json")
	r.header.Set("X-Ms-Error-Code", string(e.Code))
	if e.RetryAfter > 0 {
		r.header.Set("Retry-After", strconv.Itoa(int(math.Ceil(e.RetryAfter.Seconds()))))
	}
	r.status = e.Status()
	r.body.Reset()
	r.body.Write(connector.WithRequestID(e.JSON(), e.Code, r.header.Get("X-Ms-Request-Id")))
}

// ownHeaders are those that the host writes itself, for its own connection.
var ownHeaders = []string{"Content-Length", "Connection", "Transfer-Encoding"}

// httpValue is what an HTTP output takes. Without a body the host would write this object in its place, and
// without a Content-Type call it text/plain.
type httpValue struct {
	StatusCode string            `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
}

// answerHTTP puts a reply to a caller into the function's HTTP output.
func (f Function) answerHTTP(r *reply, took time.Duration) answer {
	for _, name := range ownHeaders {
		r.header.Del(name)
	}
	value := httpValue{strconv.Itoa(r.status), make(map[string]string, len(r.header)), r.body.String()}
	for name, values := range r.header {
		value.Headers[name] = strings.Join(values, ", ") // it takes one line of each
	}
	said := fmt.Sprintf("%s answered %d with %d bytes in %d ms.", f.Name, r.status, r.body.Len(), took.Milliseconds())
	if code := r.header.Get("X-Ms-Error-Code"); code != "" {
		said = fmt.Sprintf("%s answered %d %s in %d ms.", f.Name, r.status, code, took.Milliseconds())
	}
	return answer{Outputs: map[string]any{f.httpOutput(): value}, Logs: []string{said}}
}

// httpOutput is the name of the HTTP output, "" when there is none.
func (f Function) httpOutput() string {
	for _, o := range f.Outputs {
		if o.isHTTP() {
			return o.Name
		}
	}
	return ""
}
