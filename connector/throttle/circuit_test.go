package throttle

import (
	"context"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// watched starts a circuit whose probes answer as works says, and counts them.
func watched(t *testing.T, works *atomic.Bool) (c *circuit, probes *atomic.Int64) {
	t.Helper()
	c, probes = newCircuit(), &atomic.Int64{}
	c.start(func(context.Context) bool {
		probes.Add(1)
		return works.Load()
	})
	t.Cleanup(c.stop)
	synctest.Wait()
	return c, probes
}

func expect(t *testing.T, c *circuit, closed, ready bool) {
	t.Helper()
	if got := c.isClosed(); got != closed {
		t.Errorf("got closed %v, want %v", got, closed)
	}
	if got := c.isReady(); got != ready {
		t.Errorf("got ready %v, want %v", got, ready)
	}
}

// R8: after 5 failures in a row, one probe a second, and closed again with the first that works.
func TestCircuitOpensAndProbes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		works := &atomic.Bool{}
		works.Store(true)
		c, probes := watched(t, works)
		expect(t, c, true, true)
		time.Sleep(time.Hour)
		if n := probes.Load(); n != 1 {
			t.Fatalf("got %d probes while all is well, want the first one only", n)
		}
		for range 4 {
			c.failed()
		}
		c.succeeded()
		works.Store(false)
		for range 4 {
			c.failed()
		}
		expect(t, c, true, true)
		c.failed()
		expect(t, c, false, false)
		c.succeeded() // of a question from before
		expect(t, c, false, false)
		time.Sleep(10*time.Second - 1)
		for range 10 {
			c.failed()
		}
		if n := probes.Load(); n != 1+10 {
			t.Errorf("got %d probes in 10 s, want 10", n-1)
		}
		works.Store(true)
		time.Sleep(time.Second)
		expect(t, c, true, true)
		c.failed() // counts from the start
		expect(t, c, true, true)
	})
}

// What is known of the start is that first probe, or a decision before it.
func TestCircuitAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCircuit()
		expect(t, c, true, false)
		c.succeeded()
		expect(t, c, true, true)
		works := &atomic.Bool{}
		failing, probes := watched(t, works)
		expect(t, failing, false, false)
		works.Store(true)
		time.Sleep(time.Second)
		synctest.Wait()
		expect(t, failing, true, true)
		if n := probes.Load(); n != 3 { // at the start, once it is open, a second later
			t.Errorf("got %d probes, want 3", n)
		}
	})
}

// A probe that takes its time does not put off the next one.
func TestCircuitProbesOnceASecondFromStartToStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		probes := 0
		c := newCircuit()
		c.start(func(ctx context.Context) bool {
			probes++
			sleep(ctx, 900*time.Millisecond)
			return false
		})
		time.Sleep(20 * time.Second)
		c.stop()
		if probes < 20 || probes > 22 {
			t.Errorf("got %d probes in 20 s, want one a second", probes)
		}
	})
}
