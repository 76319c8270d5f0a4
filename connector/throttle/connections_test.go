package throttle_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector/throttle"
)

// rush calls from many goroutines at once and returns the Remaining of those admitted, in order.
func rush(t testing.TB, m *throttle.Memory, connection string, l limit, callers int) []int {
	t.Helper()
	var mu sync.Mutex
	var admitted []int
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			d, err := m.Take(t.Context(), connection, l.calls, l.period)
			if err != nil {
				t.Error(err)
			}
			if d.Wait == 0 {
				mu.Lock()
				admitted = append(admitted, d.Remaining)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	slices.Sort(admitted)
	return admitted
}

func countdown(calls int) []int {
	numbers := make([]int, calls)
	for i := range numbers {
		numbers[i] = i
	}
	return numbers
}

// R2: an idle connection admits as many calls as it allows, at once and no more, again and again.
func TestRushIsAdmitted(t *testing.T) {
	for name, l := range limits {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := throttle.NewMemory()
				for range 3 {
					if got := rush(t, m, "a", l, 3*l.calls+5); !slices.Equal(got, countdown(l.calls)) {
						t.Fatalf("got %v remaining, want each number below %d once", got, l.calls)
					}
					time.Sleep(l.period - 1)
					if got := rush(t, m, "a", l, 5); len(got) != 0 {
						t.Fatalf("got %d admitted a nanosecond too early", len(got))
					}
					time.Sleep(1 * time.Nanosecond)
				}
			})
		})
	}
}

// The same on the real clock, where calls truly run side by side.
func TestRushOnTheRealClock(t *testing.T) {
	m, l := throttle.NewMemory(), limit{100, time.Hour}
	if got := rush(t, m, "a", l, 2000); !slices.Equal(got, countdown(l.calls)) {
		t.Errorf("got %v remaining, want each number below %d once", got, l.calls)
	}
}

// R5: connections never share a window, whatever their names.
func TestConnectionsDoNotShare(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := throttle.NewMemory(), limit{3, time.Minute}
		names := []string{"", "a", "A", "a ", "a\x00", "ä", "a/b", "a%2Fb"}
		for i := range 500 { // more than there are parts of a Memory
			names = append(names, fmt.Sprint("connection-", i))
		}
		for i := range l.calls + 2 {
			for _, name := range names {
				d := take(t, m, name, l)
				if admitted := d.Wait == 0; admitted != (i < l.calls) || admitted && d.Remaining != l.calls-1-i {
					t.Fatalf("call %d of %q: got %+v", i, name, d)
				}
			}
		}
	})
}

// Each connection has a limit of its own, also where they come and go at different times.
func TestConnectionsKeepTheirOwnLimits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := throttle.NewMemory()
		models := map[string]*log{}
		for i := range 300 {
			models[fmt.Sprint(i)] = &log{limit: limit{1 + i%7, time.Duration(1+i%11) * time.Second}}
		}
		for step := range 400 {
			for i := range 300 {
				if name := fmt.Sprint(i); (step+i)%3 == 0 {
					models[name].check(t, take(t, m, name, models[name].limit))
				}
			}
			time.Sleep(time.Duration(step%17) * 100 * time.Millisecond)
		}
	})
}

// Two Memories are two processes: nothing is shared.
func TestMemoriesDoNotShare(t *testing.T) {
	l := limit{1, time.Hour}
	for i := range 3 {
		if d := take(t, throttle.NewMemory(), "a", l); d.Wait != 0 {
			t.Errorf("process %d: got %+v, want to be admitted", i, d)
		}
	}
}
