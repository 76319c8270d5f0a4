package throttle

import (
	"context"
	"crypto/rand"
	_ "embed"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector"
)

// How long a decision may take, in all and at each of two tries (contract/reliability.md, R8).
const (
	decisionLimit = 500 * time.Millisecond
	tryLimit      = 200 * time.Millisecond
	tries         = 2
)

// retryAfter is when a caller is to come back while there are no decisions (R8).
const retryAfter = 5 * time.Second

//go:embed window.lua
var windowScript string

// Redis keeps windows that several processes share, on Redis's clock: one script and one round trip for a
// decision, and none for a window that is known to be full. Without a decision no attempt is admitted, as the
// limit is the ceiling of what calls may cost. Behind it stands a window of this process alone, which holds
// even when Redis forgets. The limit of a window is the same wherever it is used. It is safe for concurrent use.
type Redis struct {
	connect  func() client
	client   atomic.Pointer[client] // a new one after each outage
	script   *redis.Script
	fence    *Memory
	refusals refusals
	circuit  *circuit
}

var _ connector.Throttle = (*Redis)(nil)

// NewRedis returns a Redis, which its caller closes. It does not wait for a connection: Ready tells whether
// there is one. The error tells no part of the URL. The Redis client's log, of which a process has one for
// all, is switched off.
func NewRedis(c RedisConfig) (*Redis, error) {
	silence()
	connect, err := c.connector()
	if err != nil {
		return nil, err
	}
	r := &Redis{connect: connect, script: redis.NewScript(windowScript), fence: NewMemory()}
	first := connect()
	r.client.Store(&first)
	r.circuit = newCircuit()
	r.circuit.start(r.probe)
	return r, nil
}

// Ready reports whether decisions are to be had, as far as is known.
func (r *Redis) Ready() bool { return r.circuit.isReady() }

// Close ends the probes and closes the connections.
func (r *Redis) Close() error {
	r.circuit.stop()
	return (*r.client.Load()).Close()
}

// Take implements connector.Throttle. It takes 500 ms at most. Every error is a *connector.Error.
func (r *Redis) Take(ctx context.Context, window string, calls int, period time.Duration) (connector.Decision, error) {
	asked := time.Now()
	if wait := r.refusals.wait(window, asked); wait > 0 {
		return connector.Decision{Wait: wait}, nil
	}
	d, err := r.ask(ctx, window, calls, period)
	if err != nil {
		return connector.Decision{}, err
	}
	if d.Wait == 0 {
		own := r.passFence(ctx, asked.Add(decisionLimit), window, calls, period)
		if own.Wait > 0 && isOver(ctx) {
			return connector.Decision{}, gone(ctx)
		}
		d.Wait, d.Remaining = own.Wait, min(d.Remaining, own.Remaining)
	}
	if d.Wait > 0 {
		r.refusals.add(window, asked, time.Now(), d.Wait)
	}
	return d, nil
}

// passFence takes a slot of this process's own window. Answers of Redis do not all travel equally fast: what
// was a period apart there can be a little less here, and waits.
func (r *Redis) passFence(ctx context.Context, deadline time.Time, window string, calls int, period time.Duration) connector.Decision {
	for {
		own, _ := r.fence.Take(ctx, window, calls, period) // a Memory never fails
		if own.Wait == 0 || own.Wait > time.Until(deadline) || !sleep(ctx, own.Wait) {
			return own
		}
	}
}

// ask asks Redis, and once more where the answer may have been lost: the id makes that one attempt.
func (r *Redis) ask(ctx context.Context, window string, calls int, period time.Duration) (d connector.Decision, err error) {
	if !r.circuit.isClosed() {
		return d, unavailable(errOpen)
	}
	id := rand.Text()
	var c *client
	for range tries {
		c = r.client.Load()
		if d, err = r.try(ctx, tryLimit, *c, attempt{key(window), id, calls, period}); err == nil {
			r.circuit.succeeded()
			return d, nil
		}
		if isOver(ctx) { // says nothing about Redis
			return d, gone(ctx)
		}
	}
	ofOneKey := strings.Contains(err.Error(), "WRONGTYPE") // which older servers wrap; what somebody put at one key says nothing about others
	if beforeOutage := c != r.client.Load(); !ofOneKey && !beforeOutage {
		r.circuit.failed()
	}
	return d, unavailable(err)
}

// An attempt asks for a slot. Asked again, it is the same one.
type attempt struct {
	key, id string
	calls   int
	period  time.Duration
}

func (r *Redis) try(ctx context.Context, limit time.Duration, c client, a attempt) (d connector.Decision, err error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	microseconds := (a.period + time.Microsecond - 1).Microseconds() // never shorter
	reply, err := r.script.Run(ctx, c, []string{a.key}, a.id, a.calls, microseconds).Int64Slice()
	if err != nil {
		return d, err
	}
	if len(reply) != 2 || reply[0] < 0 || reply[0] > microseconds || reply[1] < 0 || reply[1] >= int64(a.calls) {
		return d, fmt.Errorf("Redis answered %d", reply)
	}
	return connector.Decision{Wait: time.Duration(reply[0]) * time.Microsecond, Remaining: int(reply[1])}, nil
}

// key names a window in Redis. The hash tag keeps all of it on one node of a cluster.
func key(window string) string { return "inference-connector:{" + window + "}" }

var errOpen = errors.New("Redis did not answer before, and is probed once a second")

func unavailable(err error) error {
	return &connector.Error{
		Code: connector.RateLimiterUnavailable, RetryAfter: retryAfter, Err: err,
		Message: "The limit of this connection cannot be checked just now; try again in 5 seconds.",
	}
}

// isOver reports whether a call has no time left. Its own timer may be a moment behind that of a socket.
func isOver(ctx context.Context) bool {
	if end, ok := ctx.Deadline(); ok && !time.Now().Before(end) {
		<-ctx.Done()
	}
	return ctx.Err() != nil
}

// gone is the end of a call whose caller left, whose host goes down, or whose time is over.
func gone(ctx context.Context) error {
	if cause, ok := errors.AsType[*connector.Error](context.Cause(ctx)); ok {
		return cause
	}
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return unavailable(ctx.Err())
	}
	return &connector.Error{Code: connector.CallerGone, Message: "The caller left.", Err: ctx.Err()}
}

// sleep waits, and reports whether it was not ended early.
func sleep(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
