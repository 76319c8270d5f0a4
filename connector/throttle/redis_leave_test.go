package throttle_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// Callers who leave, or whose time is over, say nothing about Redis.
func TestCallersWhoLeaveAreNoFailures(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r := ready(t, open(t, w.address))
	w.set(func() { w.delay = 300 * time.Millisecond }) // longer than a try
	down := &connector.Error{Code: connector.ShuttingDown}
	for name, test := range map[string]struct {
		leave func(context.Context) (context.Context, context.CancelFunc)
		want  connector.Code
	}{
		"left": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(20*time.Millisecond, cancel)
			return ctx, cancel
		}, connector.CallerGone},
		"gone before": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			cancel()
			return ctx, cancel
		}, connector.CallerGone},
		"out of time": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 20*time.Millisecond)
		}, connector.RateLimiterUnavailable},
		"going down": {func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			cancel(down)
			return ctx, func() { cancel(nil) }
		}, connector.ShuttingDown},
	} {
		t.Run(name, func(t *testing.T) {
			for i := range 6 {
				ctx, cancel := test.leave(t.Context())
				_, err := r.Take(ctx, fmt.Sprint(name, i), 5, time.Minute)
				cancel()
				if e, ok := errors.AsType[*connector.Error](err); !ok || e.Code != test.want {
					t.Fatalf("got %v, want %s", err, test.want)
				}
			}
			if !r.Ready() {
				t.Error("it is not ready")
			}
		})
	}
	w.mend()
	ask(t, r, "a", limit{1, time.Minute})
}

// Nothing outlives Close by more than 5 s, whatever state it is in (R13).
func TestCloseLeavesNothing(t *testing.T) {
	for name, begin := range map[string]func(*wire, *redistest.Server){
		"nothing": func(*wire, *redistest.Server) {}, "refused": outages["connections are refused"].begin,
		"hangs": outages["the server hangs"].begin, "cut": outages["nothing gets there"].begin,
	} {
		t.Run(name, func(t *testing.T) {
			s := redistest.Start(t)
			w := newWire(t, s.Address)
			before := goroutines()
			r, err := throttle.NewRedis(throttle.RedisConfig{URL: connector.NewSecret("redis://" + w.address)})
			if err != nil {
				t.Fatal(err)
			}
			ready(t, r)
			crowd(t, r, 20)
			begin(w, s)
			if name != "nothing" {
				for range 6 {
					askInVain(t, r, "a")
				}
			}
			began := time.Now()
			if err := r.Close(); err != nil {
				t.Error(err)
			}
			if took := time.Since(began); took > 500*time.Millisecond+slack {
				t.Errorf("Close took %v", took)
			}
			if _, err := r.Take(t.Context(), "a", 5, time.Minute); err == nil {
				t.Error("got a decision after Close")
			}
			waitUntil(t, "its goroutines end", 5*time.Second+slack, func() bool { return goroutines() <= before })
		})
	}
}

// goroutines counts those of the Redis client and of ours, not the wire's.
func goroutines() (n int) {
	text := make([]byte, 1<<20)
	text = text[:runtime.Stack(text, true)]
	return countStacks(string(text), "go-redis", "throttle.(*")
}
