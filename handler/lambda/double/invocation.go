package double

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"
)

// MaxPayload is the largest event, and the largest answer that is not streamed, in bytes.
const MaxPayload = 6_291_556

// ErrTooLarge says that an event was refused before the function saw it.
var ErrTooLarge = errors.New("RequestEntityTooLargeException: the event is larger than 6 MB")

// A FunctionError is what the caller gets in place of an answer. Step Functions compare its Type.
type FunctionError struct {
	Type    string `json:"errorType"`
	Message string `json:"errorMessage"`
}

// Error implements error.
func (e *FunctionError) Error() string { return e.Type + ": " + e.Message }

// A Stream is an answer that is read while the function writes it. Reading ends with io.EOF, or with a
// *FunctionError where the function failed on its way. Closing it does not stop the function.
type Stream struct {
	ContentType string
	Chunks      []Chunk // what was read so far
	io.ReadCloser
}

// A Chunk is a piece of a stream, and when it came.
type Chunk struct {
	Text string
	At   time.Time
}

// Read implements io.Reader.
func (s *Stream) Read(p []byte) (int, error) {
	n, err := s.ReadCloser.Read(p)
	if n > 0 {
		s.Chunks = append(s.Chunks, Chunk{string(p[:n]), time.Now()})
	}
	return n, err
}

// Invoke runs the function once and returns its payload, or a *FunctionError.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	answer, err := f.run(ctx, event, false)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(answer)
}

// Stream runs the function once and returns when its answer begins.
func (f *Function) Stream(ctx context.Context, event []byte) (*Stream, error) {
	return f.run(ctx, event, true)
}

// An invocation is one run of the function.
type invocation struct {
	id      string
	event   []byte
	streams bool // who invoked reads while the function writes
	expiry  *time.Timer

	once    sync.Once
	settled chan struct{}
	answer  *Stream
	err     error
}

func (f *Function) run(ctx context.Context, event []byte, streams bool) (*Stream, error) {
	if len(event) > MaxPayload {
		return nil, ErrTooLarge
	}
	i := &invocation{id: newID(), event: event, streams: streams, settled: make(chan struct{})}
	select {
	case f.queue <- i:
	case <-f.exited:
		return nil, f.exitError()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	select {
	case <-i.settled:
	case <-f.exited:
		i.settle(nil, f.exitError())
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return i.answer, i.err
}

// settle ends the waiting of who invoked. Only the first call counts.
func (i *invocation) settle(answer *Stream, err error) {
	i.once.Do(func() {
		i.answer, i.err = answer, err
		close(i.settled)
	})
}

func (i *invocation) settlePayload(contentType string, payload []byte) {
	i.settle(&Stream{ContentType: contentType, ReadCloser: io.NopCloser(bytes.NewReader(payload))}, nil)
}

// begin hands an invocation to the program: its time runs from now on.
func (f *Function) begin(i *invocation) (deadline time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running[i.id] = i
	i.expiry = time.AfterFunc(f.Timeout, func() { f.expire(i) })
	return time.Now().Add(f.Timeout)
}

// expire ends an invocation, and with it the environment.
func (f *Function) expire(i *invocation) {
	if f.finish(i.id) == nil {
		return
	}
	i.settle(nil, &FunctionError{"Sandbox.Timedout", fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", i.id, f.Timeout.Seconds())})
	_ = f.Shutdown()
}

// find returns a running invocation, nil when there is none of that id.
func (f *Function) find(id string) *invocation {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.running[id]
}

// finish takes an invocation off those that run.
func (f *Function) finish(id string) *invocation {
	f.mu.Lock()
	defer f.mu.Unlock()
	i := f.running[id]
	delete(f.running, id)
	if i != nil {
		i.expiry.Stop()
	}
	return i
}

func (f *Function) exitError() error {
	return &FunctionError{"Runtime.ExitError", "Error: Runtime exited with error: " + f.ended().Error()}
}
