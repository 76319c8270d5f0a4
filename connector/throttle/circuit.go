package throttle

import (
	"context"
	"sync"
	"time"
)

// After so many failures in a row nothing is asked any more, but by a probe once in a while (R8).
const (
	openAfter  = 5
	probeEvery = time.Second
)

// circuit keeps calls from waiting for what has failed. It is closed, and lets them through, until it is known
// better.
type circuit struct {
	opened  chan struct{}
	cancel  context.CancelFunc
	watched chan struct{} // closed when watch is over

	mu       sync.Mutex
	failures int
	answered bool // since the start
}

// newCircuit returns a circuit, to be started.
func newCircuit() *circuit {
	return &circuit{opened: make(chan struct{}, 1), watched: make(chan struct{})}
}

// start lets probe be called, at once and then whenever needed, until stop.
func (c *circuit) start(probe func(context.Context) bool) {
	ctx, cancel := context.WithCancel(context.Background())
	c.cancel = cancel
	go c.watch(ctx, probe)
}

func (c *circuit) isClosed() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.failures < openAfter
}

// isReady reports whether an answer came, and no outage after it.
func (c *circuit) isReady() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.answered && c.failures < openAfter
}

func (c *circuit) succeeded() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.answered = true
	if c.failures < openAfter { // while it is open, an answer to an older question is no news
		c.failures = 0
	}
}

func (c *circuit) failed() { c.count(1) }

// count adds failures. At the last one that is needed watch learns of it: it has read of the time before, as
// only watch closes the circuit again.
func (c *circuit) count(failures int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	wasClosed := c.failures < openAfter
	if c.failures += failures; wasClosed && c.failures >= openAfter {
		c.opened <- struct{}{}
	}
}

func (c *circuit) close() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures, c.answered = 0, true
}

// watch probes at the start, and once a second while the circuit is open.
func (c *circuit) watch(ctx context.Context, probe func(context.Context) bool) {
	defer close(c.watched)
	if probe(ctx) {
		c.succeeded()
	} else {
		c.count(openAfter)
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.opened:
		}
		for next := time.Now().Add(probeEvery); !probe(ctx); next = time.Now().Add(probeEvery) {
			if !sleep(ctx, time.Until(next)) {
				return
			}
		}
		c.close()
	}
}

// stop ends the probes and waits for it.
func (c *circuit) stop() {
	c.cancel()
	<-c.watched
}
