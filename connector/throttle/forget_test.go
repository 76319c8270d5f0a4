package throttle

import (
	"fmt"
	"runtime"
	"testing"
	"testing/synctest"
	"time"
)

// windows counts the windows that m still keeps, and the shards that keep a map or a timer.
func windows(m *Memory) (kept, busy int) {
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		kept += len(s.windows)
		if s.windows != nil || s.timer != nil {
			busy++
		}
		s.mu.Unlock()
	}
	return kept, busy
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}

// fill lets each connection from one number to another make a call.
func fill(t testing.TB, m *Memory, from, to int, period time.Duration) {
	t.Helper()
	for i := from; i < to; i++ {
		if d, err := m.Take(t.Context(), fmt.Sprint("idle-", i), 100, period); err != nil || d.Remaining != 99 {
			t.Fatalf("call of %d: got %+v, %v", i, d, err)
		}
	}
}

const keys = 100_000

func TestIdleConnectionsLeaveNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory()
		before := heap()
		for range 2 { // the second time the timers start anew
			fill(t, m, 0, keys/2, time.Minute)
			time.Sleep(40 * time.Second)
			fill(t, m, keys/2, keys, time.Minute)
			time.Sleep(20*time.Second - 1)
			synctest.Wait()
			if got, _ := windows(m); got != keys {
				t.Fatalf("got %d windows while a slot of each is taken, want %d", got, keys)
			}
			time.Sleep(1 * time.Nanosecond)
			synctest.Wait()
			if got, _ := windows(m); got != keys/2 {
				t.Fatalf("got %d windows while a slot of half is taken, want %d", got, keys/2)
			}
			time.Sleep(2*time.Minute - 20*time.Second)
			synctest.Wait()
			if kept, busy := windows(m); kept != 0 || busy != 0 {
				t.Fatalf("got %d windows in %d shards after two periods, want none", kept, busy)
			}
		}
		if after := heap(); after > before+1<<20 {
			t.Errorf("got %d KiB left behind, want less than 1024", (after-before)>>10)
		}
		runtime.KeepAlive(m)
	})
}

// Nor do they where other connections of the same shard are busy all the time.
func TestIdleConnectionsLeaveNothingBesideBusyOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory()
		const busy = 1000
		call := func() {
			for i := range busy {
				if d, err := m.Take(t.Context(), fmt.Sprint("busy-", i), 100, time.Minute); err != nil || d.Wait > 0 {
					t.Fatalf("call of %d: got %+v, %v", i, d, err)
				}
			}
		}
		call()
		before := heap()
		fill(t, m, 0, keys, time.Minute)
		for range 6 {
			time.Sleep(20 * time.Second)
			call()
		}
		synctest.Wait()
		if got, _ := windows(m); got != busy {
			t.Fatalf("got %d windows, want %d", got, busy)
		}
		if after := heap(); after > before+1<<20 {
			t.Errorf("got %d KiB left behind, want less than 1024", (after-before)>>10)
		}
		runtime.KeepAlive(m)
	})
}

// A window is never forgotten while a slot of it is taken.
func TestBusyWindowIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory()
		admitted := []time.Time{}
		for range 1000 {
			d, err := m.Take(t.Context(), "a", 2, time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if d.Wait == 0 {
				admitted = append(admitted, time.Now())
			}
			time.Sleep(130 * time.Millisecond) // calls and sweeps drift past one another
		}
		for i := 2; i < len(admitted); i++ {
			if apart := admitted[i].Sub(admitted[i-2]); apart < time.Second {
				t.Fatalf("calls %d and %d are %v apart, want 1s", i-2, i, apart)
			}
		}
	})
}

// A window grows with its use, never beyond its limit.
func TestWindowGrowsAsNeeded(t *testing.T) {
	for _, calls := range []int{1, 3, 4, 5, 100, 1000} {
		m := NewMemory()
		for i := range calls + 1 {
			if _, err := m.Take(t.Context(), "a", calls, time.Hour); err != nil {
				t.Fatal(err)
			}
			for j := range m.shards {
				if w := m.shards[j].windows["a"]; w != nil && len(w.times) > min(calls, max(4, 2*(i+1))) {
					t.Fatalf("got room for %d times after %d of %d calls", len(w.times), i+1, calls)
				}
			}
		}
	}
}

// A window of a long period does not keep those of a short one.
func TestShortPeriodsAreForgottenBesideLongOnes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := NewMemory()
		fill(t, m, 0, 1000, 24*time.Hour) // every shard has some
		fill(t, m, 1000, keys, time.Minute)
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if got, _ := windows(m); got != 1000 {
			t.Errorf("got %d windows, want the 1000 of a day", got)
		}
		time.Sleep(24 * time.Hour)
		synctest.Wait()
		if got, busy := windows(m); got != 0 || busy != 0 {
			t.Errorf("got %d windows in %d shards after a day, want none", got, busy)
		}
	})
}
