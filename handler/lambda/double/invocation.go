package double

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
)

// MaxPayload is the largest event, and the largest answer that is not streamed, in bytes.
const MaxPayload = 6_291_556

// ErrTooLarge says that an event was refused before the function saw it.
var ErrTooLarge = errors.New("RequestEntityTooLargeException: the event is larger than 6 MB")

// ErrNotJSON says the same of an event that is no JSON.
var ErrNotJSON = errors.New("InvalidRequestContentException: the event is not JSON")

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

// Invoke runs the function once and returns its payload, or a *FunctionError. A state machine calls so, too.
func (f *Function) Invoke(ctx context.Context, event []byte) ([]byte, error) {
	return f.invoke(ctx, newID(), event)
}

func (f *Function) invoke(ctx context.Context, id string, event []byte) ([]byte, error) {
	answer, err := f.run(ctx, newInvocation(id, event, false))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(answer)
}

// Stream runs the function once and returns when its answer begins.
func (f *Function) Stream(ctx context.Context, event []byte) (*Stream, error) {
	return f.run(ctx, newInvocation(newID(), event, true))
}

func (f *Function) run(ctx context.Context, i *invocation) (*Stream, error) {
	if len(i.event) > MaxPayload {
		return nil, ErrTooLarge
	}
	if !json.Valid(i.event) {
		return nil, ErrNotJSON
	}
	e, err := f.deliver(ctx, i)
	if err != nil {
		return nil, err
	}
	select {
	case <-i.settled:
	case <-e.exited:
		i.settle(nil, e.exitError())
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return i.answer, i.err
}

// deliver hands an invocation to the environment that lives when its turn comes.
func (f *Function) deliver(ctx context.Context, i *invocation) (*environment, error) {
	for ctx.Err() == nil {
		e, err := f.ready()
		if err != nil {
			return nil, &FunctionError{"Runtime.ExitError", err.Error()}
		}
		select {
		case e.queue <- i:
			return e, nil
		case <-e.exited:
		case <-ctx.Done():
		}
	}
	return nil, ctx.Err()
}

// An invocation is one run of the function.
type invocation struct {
	id       string
	event    []byte
	streams  bool // who invoked reads while the function writes
	expiry   *time.Timer
	answered bool           // the program has begun its answer
	done     bool           // the answer is whole
	late     *FunctionError // why the environment was ended

	once    sync.Once
	settled chan struct{}
	answer  *Stream
	err     error
}

func newInvocation(id string, event []byte, streams bool) *invocation {
	return &invocation{id: id, event: event, streams: streams, settled: make(chan struct{})}
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
