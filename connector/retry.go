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

// attempts makes an attempt, and again as long as that can help. Each one takes a slot; without a free one
// the last outcome stands.
func (c *Connector) attempts(ctx context.Context, connection *Connection, target *Target, record *Record, attempt Attempt) (response *Response, err error) {
	if err := c.take(ctx, connection, target, record); err != nil {
		return nil, err
	}
	connection.repeats.call(time.Now())
	for made := 1; ; made++ {
		response, err = attempt(ctx)
		wait, again := connection.Retries.wait(made, repeatOf(response, err))
		if !again || !connection.repeats.allow(time.Now()) || !sleep(ctx, wait) || c.take(ctx, connection, target, record) != nil {
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

// wait returns how long to wait after so many attempts, and whether another one is worth it.
func (r Retries) wait(made int, repeat Repeat) (wait time.Duration, again bool) {
	wait = repeat.Asked
	if wait == 0 { // 0.5 s, then three times as long, each time a little more or less: not all at once
		wait = 500 * time.Millisecond
		for range made - 1 {
			wait *= 3
		}
		wait = time.Duration(float64(wait) * (0.8 + 0.5*rand.Float64()))
	}
	return wait, repeat.Allowed && made < r.Attempts && repeat.Asked <= r.Wait && wait < repeat.Left
}

// sleep waits, if the caller and its deadline will still be there.
func sleep(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) <= d {
		return false
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
