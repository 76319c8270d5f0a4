package connector

import (
	"sync"
	"time"
)

// Over the last minute a connection repeats at most this share of its calls, and so many in any case: when an
// endpoint is down, repeats must not multiply what it has to bear (contract/reliability.md, R14).
const (
	repeatShare = 0.2
	repeatFloor = 3
	minute      = 60 // seconds
)

// repeats counts calls and repeats by the second. The zero repeats is ready; it is safe for concurrent use.
type repeats struct {
	mu      sync.Mutex
	start   time.Time // of counting; the clock is monotonic from there
	seconds [minute]struct{ at, calls, repeats int }
}

// call counts a call.
func (r *repeats) call(now time.Time) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.seconds[r.slot(now)].calls++
}

// allow counts a repeat, if there is room for one.
func (r *repeats) allow(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	current := r.slot(now)
	calls, made := 0, 0
	for _, s := range r.seconds {
		if s.at > r.seconds[current].at-minute {
			calls += s.calls
			made += s.repeats
		}
	}
	if float64(made+1) > max(repeatFloor, repeatShare*float64(calls)) {
		return false
	}
	r.seconds[current].repeats++
	return true
}

// slot returns the place of the current second, cleared of what it held a minute ago.
func (r *repeats) slot(now time.Time) int {
	if r.start.IsZero() {
		r.start = now
	}
	at := int(now.Sub(r.start)/time.Second) + minute // so that a place never used is long ago
	slot := at % minute
	if r.seconds[slot].at != at {
		r.seconds[slot].at, r.seconds[slot].calls, r.seconds[slot].repeats = at, 0, 0
	}
	return slot
}
