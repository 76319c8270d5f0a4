package double

import (
	"context"
	"errors"
	"io"
	"time"
)

// errIdle says that no byte moved for too long.
var errIdle = errors.New("no byte moved")

// activity ends a context when nothing happens for some time.
type activity struct {
	timer *time.Timer
	idle  time.Duration
}

func watchActivity(ctx context.Context, idle time.Duration) (context.Context, *activity) {
	ctx, cancel := context.WithCancelCause(ctx)
	return ctx, &activity{time.AfterFunc(idle, func() { cancel(errIdle) }), idle}
}

func (a *activity) note() { a.timer.Reset(a.idle) }

func (a *activity) stop() { a.timer.Stop() }

// reader notes whenever something is read from body.
func (a *activity) reader(body io.ReadCloser) io.ReadCloser {
	if body == nil {
		return nil
	}
	return &activeReader{body, a}
}

type activeReader struct {
	io.ReadCloser
	activity *activity
}

// Read implements io.Reader.
func (r *activeReader) Read(into []byte) (int, error) {
	n, err := r.ReadCloser.Read(into)
	if n > 0 {
		r.activity.note()
	}
	return n, err
}
