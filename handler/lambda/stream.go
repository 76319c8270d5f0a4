package lambda

import (
	"io"
	"net/http"
	"sync"

	"github.com/aws/aws-lambda-go/events"
)

// stream answers a Function URL as the handler writes. The handler runs until its answer is written or the
// runtime closes the response; then done is called.
func stream(handler http.Handler, request *http.Request, done func()) *events.LambdaFunctionURLStreamingResponse {
	reader, writer := io.Pipe()
	w := &pipe{header: http.Header{}, writer: writer, begun: make(chan struct{})}
	go func() {
		defer done()
		whole := serve(handler, w, request)
		if !whole && w.status == 0 {
			refuse(w, errAborted)
			whole = true
		}
		w.begin(http.StatusOK)
		var end error
		if !whole {
			end = failure(errAborted)
		}
		_ = writer.CloseWithError(end)
	}()
	<-w.begun
	return &events.LambdaFunctionURLStreamingResponse{StatusCode: w.status, Headers: flatten(w.sent), Body: reader}
}

// pipe is a ResponseWriter whose body is read while it is written. It does not buffer.
type pipe struct {
	header http.Header
	sent   http.Header
	writer *io.PipeWriter
	status int
	once   sync.Once
	begun  chan struct{}
}

func (p *pipe) Header() http.Header { return p.header }

func (p *pipe) WriteHeader(status int) { p.begin(status) }

func (p *pipe) Write(text []byte) (int, error) {
	p.begin(http.StatusOK)
	return p.writer.Write(text)
}

// Flush implements http.Flusher: what was written has left already.
func (p *pipe) Flush() {}

func (p *pipe) begin(status int) {
	p.once.Do(func() {
		p.status, p.sent = status, p.header.Clone()
		close(p.begun)
	})
}
