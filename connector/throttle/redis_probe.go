package throttle

import (
	"context"
	"time"
)

// probeKey is no window's.
const probeKey = "inference-connector:probe"

// probe reports whether there are decisions: by the script itself, which a server that is loading, or may not
// be written to, refuses. After an outage the old connections may be dead without having noticed, so the probe
// makes a new one, and those that follow a success use it.
func (r *Redis) probe(ctx context.Context) bool {
	if r.circuit.isClosed() {
		return r.answers(ctx, *r.client.Load())
	}
	fresh := r.connect()
	hurry := context.AfterFunc(ctx, func() { _ = fresh.Close() })
	if !r.answers(ctx, fresh) || !hurry() {
		_ = fresh.Close()
		return false
	}
	old := r.client.Swap(&fresh)
	time.AfterFunc(decisionLimit, func() { _ = (*old).Close() }) // calls may still be waiting there
	return true
}

// answers reports whether a decision is to be had in time, once there is a connection: that may take longer.
func (r *Redis) answers(ctx context.Context, c client) bool {
	for _, limit := range []time.Duration{dialLimit, tryLimit} {
		if _, err := r.try(ctx, limit, c, attempt{probeKey, "probe", 1, time.Second}); err != nil {
			return false
		}
	}
	return true
}
