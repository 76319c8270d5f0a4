package throttle

import (
	"sync"
	"time"
)

// refusals are the windows known to be full: nobody need be asked about them. The zero refusals is ready.
type refusals struct {
	mu    sync.Mutex
	known map[string]refusal
	sweep int // size at which those that are over are dropped
}

// refusal is until when a window is full. The moment lies between two, as the question and its answer took time.
type refusal struct {
	maybe  time.Time     // from then on it is worth asking again
	surely time.Time     // what a caller is told
	wait   time.Duration // never longer
}

// leastKnown are so few that they are not worth dropping.
const leastKnown = 1024

// wait returns how long a caller of a window that is known to be full is to wait, else 0.
func (r *refusals) wait(window string, now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	known, ok := r.known[window]
	if !ok {
		return 0
	}
	if !now.Before(known.maybe) {
		delete(r.known, window)
		return 0
	}
	return min(known.surely.Sub(now), known.wait)
}

// add notes a wait that was counted from a moment between the question and its answer, on another clock: two
// may differ in speed by a thousandth.
func (r *refusals) add(window string, asked, answered time.Time, wait time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.known) >= r.sweep {
		kept := map[string]refusal{} // a new one: a map keeps the room it once had
		for other, known := range r.known {
			if known.maybe.After(answered) {
				kept[other] = known
			}
		}
		r.known, r.sweep = kept, max(leastKnown, 2*len(kept))
	}
	r.known[window] = refusal{maybe: asked.Add(wait - wait/1000), surely: answered.Add(wait), wait: wait}
}
