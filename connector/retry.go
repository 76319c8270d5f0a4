package connector

import (
	"context"
	"math/rand/v2"
	"time"
)

// A Repeat says whether an attempt that failed may be made again, and when (contract/reliability.md section 3).
// The zero Repeat: it may not.
type Repeat struct {
	Allowed bool
	Asked   time.Duration // what the endpoint asked to wait, 0 when it did not say
	Left    time.Duration // of the time that the call has for all of its attempts
}

// Retries are the limits of repeats. The zero Retries allow none.
type Retries struct {
	Attempts int           // of one call, all in all
	Wait     time.Duration // the longest that an endpoint may ask for
}

// leastUseful is the time that another attempt must have: one that is cut off may have run, and costs the caller
// the answer that says when to come back.
const leastUseful = 2 * time.Second

// attempts makes an attempt, and again as long as that can help. Each one takes a slot; without a free one
// the last outcome stands.
func (c *Connector) attempts(ctx context.Context, connection *Connection, target *Target, record *Record, attempt Attempt) (response *Response, err error) {
	if err := c.take(ctx, connection, target, record); err != nil {
		return nil, err
	}
	connection.repeats.call(time.Now())
	for made := 1; ; made++ {
		began := time.Now()
		response, err = attempt(ctx)
		useful := max(leastUseful, time.Since(began))
		wait, again := connection.Retries.wait(made, repeatOf(response, err), useful)
		if !again || !sleep(ctx, wait, useful) {
			return response, err
		}
		if ctx.Err() != nil {
			return nil, gone(ctx, response)
		}
		if !connection.repeats.allow(time.Now()) || c.take(ctx, connection, target, record) != nil {
			return response, err
		}
		if response != nil {
			_ = response.Body.Close() // an error of the endpoint's, which is in memory
		}
	}
}

func repeatOf(response *Response, err error) Repeat {
	if err != nil {
		return AsError(err).Repeat
	}
	return response.Repeat
}

// wait returns how long to wait after so many attempts, and whether another one is worth it. Nobody waits exactly
// as long as others: they would all come back at once.
func (r Retries) wait(made int, repeat Repeat, useful time.Duration) (wait time.Duration, again bool) {
	if repeat.Asked > 0 {
		wait = time.Duration(float64(repeat.Asked) * (1 + 0.1*rand.Float64())) // never earlier
	} else {
		wait = 500 * time.Millisecond
		for range made - 1 {
			wait *= 3
		}
		wait = time.Duration(float64(wait) * (0.8 + 0.5*rand.Float64()))
	}
	return wait, repeat.Allowed && made < r.Attempts && repeat.Asked <= r.Wait && wait+useful <= repeat.Left
}

// sleep waits, if the caller's deadline leaves time for what comes after. It ends early when the caller leaves.
func sleep(ctx context.Context, d, useful time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d+useful {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
	return true
}

// gone is the end of a call whose caller left, or whose host goes down, between two attempts.
func gone(ctx context.Context, response *Response) error {
	if response != nil {
		_ = response.Body.Close()
	}
	if cause := AsError(context.Cause(ctx)); cause.Code != InternalError {
		return cause
	}
	return &Error{Code: CallerGone, Message: "The caller left.", Err: ctx.Err()}
}
