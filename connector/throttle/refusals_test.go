package throttle

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// A refusal is told until it surely is over, and asked about as soon as it may be.
func TestRefusalLiesBetweenTwoMoments(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r refusals
		if wait := r.wait("a", time.Now()); wait != 0 {
			t.Fatalf("got %v of an unknown window, want 0", wait)
		}
		asked := time.Now()
		time.Sleep(150 * time.Millisecond)
		r.add("a", asked, time.Now(), 10*time.Second)
		if wait := r.wait("a", time.Now()); wait != 10*time.Second {
			t.Errorf("got %v as the answer comes, want all of it", wait)
		}
		time.Sleep(time.Until(asked.Add(10*time.Second - 10*time.Millisecond - 1)))
		if wait := r.wait("a", time.Now()); wait != 160*time.Millisecond+1 {
			t.Errorf("got %v, want as long as the slot may still be taken", wait)
		}
		time.Sleep(1 * time.Nanosecond)
		if wait := r.wait("a", time.Now()); wait != 0 {
			t.Errorf("got %v, want to ask again", wait)
		}
		if len(r.known) != 0 {
			t.Errorf("got %d windows kept, want none", len(r.known))
		}
	})
}

// Names that never come again are dropped.
func TestRefusalsAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var r refusals
		before := heap()
		const names, each = 200_000, 10 * time.Millisecond
		most := 0
		for i := range names {
			r.add(fmt.Sprint("window-", i), time.Now(), time.Now(), time.Second)
			time.Sleep(each)
			most = max(most, len(r.known))
		}
		if most > leastKnown {
			t.Errorf("got %d windows kept of %d that are full at a time, want %d at most", most, time.Second/each, leastKnown)
		}
		if after := heap(); after > before+1<<20 {
			t.Errorf("got %d KiB left behind, want less than 1024", (after-before)>>10)
		}
		runtime.KeepAlive(&r)
	})
}

// None that is still full is dropped.
func TestRefusalsAreKept(t *testing.T) {
	var r refusals
	now := time.Now()
	const names = 10 * leastKnown
	for i := range names {
		r.add(fmt.Sprint("window-", i), now, now, time.Hour)
	}
	for i := range names {
		if wait := r.wait(fmt.Sprint("window-", i), now); wait != time.Hour {
			t.Fatalf("got %v for window %d, want an hour", wait, i)
		}
	}
}
