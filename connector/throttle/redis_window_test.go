package throttle_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// processes opens several shares of the same windows.
func processes(t testing.TB, s *redistest.Server, n int) []*throttle.Redis {
	t.Helper()
	list := make([]*throttle.Redis, n)
	for i := range list {
		list[i] = ready(t, open(t, s.Address))
	}
	return list
}

// R2: an idle connection admits as many calls as it allows, at once and no more, whoever asks.
func TestRushOnRedis(t *testing.T) {
	s := redistest.Start(t)
	all := processes(t, s, 4)
	for name, l := range map[string]limit{"1": {1, time.Hour}, "100": {100, time.Hour}, "300": {300, time.Hour}} {
		t.Run(name, func(t *testing.T) {
			var mu sync.Mutex
			var admitted []int
			var group sync.WaitGroup
			for i := range l.calls + 100 {
				group.Go(func() {
					d, err := all[i%len(all)].Take(t.Context(), name, l.calls, l.period)
					if err != nil {
						t.Error(err)
					}
					if mu.Lock(); d.Wait == 0 && err == nil {
						admitted = append(admitted, d.Remaining)
					}
					mu.Unlock()
				})
			}
			group.Wait()
			slices.Sort(admitted)
			if len(admitted) != l.calls {
				t.Fatalf("got %d admitted, want %d", len(admitted), l.calls)
			}
			for i, remaining := range admitted { // a process's own window may already know of less
				if remaining > i {
					t.Errorf("got %v remaining, want no number higher than its place", admitted)
					break
				}
			}
		})
	}
}

// R2 and R4: a slot is free a period after it was taken, which is what the refused are told; they take none.
func TestSlotIsFreeInTime(t *testing.T) {
	s := redistest.Start(t)
	all, l := processes(t, s, 2), limit{2, time.Second}
	before := time.Now()
	ask(t, all[0], "a", l)
	after := time.Now()
	time.Sleep(l.period * 2 / 5) // so that the two are free at different times
	ask(t, all[1], "a", l)
	refused := 0
	for {
		began := time.Now()
		d := ask(t, all[refused%2], "a", l)
		now := time.Now()
		if d.Wait == 0 {
			if free := before.Add(l.period); now.Before(free) {
				t.Fatalf("admitted %v too early", free.Sub(now))
			}
			if late := began.Sub(after.Add(l.period)); late > 250*time.Millisecond {
				t.Fatalf("admitted %v late", late)
			}
			break
		}
		refused++
		if free := now.Add(d.Wait); free.Before(before.Add(l.period)) {
			t.Fatalf("told to come back %v too early", before.Add(l.period).Sub(free))
		}
		if free := began.Add(d.Wait); free.After(after.Add(l.period + 100*time.Millisecond)) {
			t.Fatalf("told to come back %v late", free.Sub(after.Add(l.period)))
		}
		time.Sleep(time.Millisecond)
	}
	if refused < 50 {
		t.Fatalf("got %d refused, want many", refused)
	}
	if n := do(t, raw(t, s), "ZCARD "+keyOf("a")).(int64); n > 2 {
		t.Errorf("got %d slots taken, want those admitted only", n)
	}
}

// R4: a lone caller that waits as long as it is told is admitted, each time.
func TestTheWaitIsEnoughOnRedis(t *testing.T) {
	s := redistest.Start(t)
	r, l := processes(t, s, 1)[0], limit{3, 150 * time.Millisecond}
	waited := 0
	for range 30 {
		d := ask(t, r, "a", l)
		if d.Wait == 0 {
			continue
		}
		time.Sleep(d.Wait)
		waited++
		if again := ask(t, r, "a", l); again.Wait > 0 {
			t.Fatalf("got another wait of %v after one of %v", again.Wait, d.Wait)
		}
	}
	if waited < 5 {
		t.Errorf("got %d waits, want more", waited)
	}
}

// A process that starts with a lower limit finds more slots taken than there are now.
func TestLimitIsLoweredBetweenStarts(t *testing.T) {
	s := redistest.Start(t)
	period := 600 * time.Millisecond
	before := processes(t, s, 1)[0]
	var taken []time.Time
	for range 5 {
		taken = append(taken, time.Now())
		if d := ask(t, before, "a", limit{5, period}); d.Wait > 0 {
			t.Fatalf("got %+v, want to be admitted", d)
		}
		time.Sleep(40 * time.Millisecond)
	}
	after := processes(t, s, 1)[0]
	d := ask(t, after, "a", limit{2, period})
	now := time.Now()
	if free := taken[3].Add(period); d.Wait == 0 || now.Add(d.Wait).Before(free) || now.Add(d.Wait).After(free.Add(100*time.Millisecond)) {
		t.Fatalf("got a wait of %v, want until all but one slot are free, %v", d.Wait, free.Sub(now))
	}
	time.Sleep(d.Wait)
	if d := ask(t, after, "a", limit{2, period}); d != (connector.Decision{Remaining: 0}) {
		t.Errorf("got %+v, want the second of two slots", d)
	}
}

// R2 holds for a Redis that is not next door, too: as many connections as it takes are made at once.
func TestRushOverALongWay(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r := ready(t, open(t, w.address))
	w.set(func() { w.delay = 10 * time.Millisecond })
	var mu sync.Mutex
	admitted := 0
	var group sync.WaitGroup
	for range 120 {
		group.Go(func() {
			d, err := r.Take(t.Context(), "a", 100, time.Hour)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			if err == nil && d.Wait == 0 {
				admitted++
			}
			mu.Unlock()
		})
	}
	group.Wait()
	if admitted != 100 {
		t.Errorf("got %d admitted, want 100", admitted)
	}
}
