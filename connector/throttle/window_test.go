package throttle_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
)

// A limit is what a connection allows.
type limit struct {
	calls  int
	period time.Duration
}

var limits = map[string]limit{
	"1 in 1s":          {1, time.Second},
	"2 in 10ms":        {2, 10 * time.Millisecond},
	"3 in 3ns":         {3, 3},
	"5 in 7s":          {5, 7 * time.Second},
	"100 in 60s":       {100, time.Minute},
	"250 in 1h":        {250, time.Hour},
	"17 in 1m and 1ns": {17, time.Minute + 1},
}

func take(t testing.TB, m *throttle.Memory, connection string, l limit) connector.Decision {
	t.Helper()
	d, err := m.Take(t.Context(), connection, l.calls, l.period)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// A log is the model: the time of every admitted call, and nothing forgotten.
type log struct {
	limit
	admitted []time.Time
}

// within returns the calls admitted less than a period ago.
func (l *log) within(now time.Time) []time.Time {
	first := len(l.admitted)
	for first > 0 && now.Sub(l.admitted[first-1]) < l.period {
		first--
	}
	return l.admitted[first:]
}

// check compares a decision made now with the model, and notes the call when it was admitted.
func (l *log) check(t testing.TB, got connector.Decision) {
	t.Helper()
	now := time.Now()
	taken := l.within(now)
	var want connector.Decision
	if len(taken) < l.calls {
		want.Remaining = l.calls - len(taken) - 1
		l.admitted = append(l.admitted, now)
	} else {
		want.Wait = taken[0].Add(l.period).Sub(now)
	}
	if got != want {
		t.Fatalf("call %d, %d slots taken: got %+v, want %+v", len(l.admitted), len(taken), got, want)
	}
}

// pause draws the time until the next call: bursts, calls that come as a slot frees or a nanosecond
// beside that, and rests.
func (l *log) pause(random *rand.Rand) time.Duration {
	taken := l.within(time.Now())
	if len(taken) < l.calls && random.IntN(2*l.calls) > 0 {
		if random.IntN(3) > 0 {
			return 0
		}
		return time.Duration(random.Int64N(int64(l.period)/int64(l.calls) + 1))
	}
	if len(taken) == 0 {
		return time.Duration(random.Int64N(int64(l.period)))
	}
	slot := taken[0]
	if random.IntN(8) == 0 {
		slot = taken[random.IntN(len(taken))]
	}
	untilFree := time.Until(slot.Add(l.period))
	switch n := random.IntN(32); {
	case n < 10:
		return untilFree
	case n < 14:
		return untilFree - 1
	case n < 17:
		return untilFree + 1
	case n == 17:
		return time.Duration(random.Int64N(int64(l.period)) + 1)
	case n == 18:
		return l.period * time.Duration(random.IntN(4))
	}
	return 0
}

// R1 and R2: nothing is admitted that the limit forbids, and nothing is refused that it allows.
func TestWindowIsExact(t *testing.T) {
	for name, l := range limits {
		for seed := range uint64(6) {
			t.Run(fmt.Sprintf("%s/%d", name, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { checkExact(t, l, rand.New(rand.NewPCG(seed, 1))) })
			})
		}
	}
}

func checkExact(t *testing.T, l limit, random *rand.Rand) {
	m, model, refused := throttle.NewMemory(), log{limit: l}, 0
	for range 6000 + 10*l.calls {
		time.Sleep(model.pause(random))
		d := take(t, m, "a", l)
		if model.check(t, d); d.Wait > 0 {
			refused++
		}
	}
	for i := l.calls; i < len(model.admitted); i++ {
		if apart := model.admitted[i].Sub(model.admitted[i-l.calls]); apart < l.period {
			t.Fatalf("calls %d and %d are %v apart, want %v", i-l.calls, i, apart, l.period)
		}
	}
	if len(model.admitted) < 3*l.calls || refused < 100 {
		t.Errorf("got %d calls admitted and %d refused, want more of each", len(model.admitted), refused)
	}
}

// R4: a lone caller that waits as long as it is told is admitted, and no shorter wait is enough.
func TestWaitIsExact(t *testing.T) {
	for name, l := range limits {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := throttle.NewMemory()
				for i := range l.calls { // spread over half a period
					if d := take(t, m, "a", l); d.Wait != 0 || d.Remaining != l.calls-1-i {
						t.Fatalf("call %d: got %+v, want %d remaining", i, d, l.calls-1-i)
					}
					time.Sleep(l.period / time.Duration(2*l.calls))
				}
				for range 3 * l.calls { // around the ring
					d := take(t, m, "a", l)
					for d.Wait == 0 {
						d = take(t, m, "a", l)
					}
					if d.Wait > l.period {
						t.Fatalf("got %+v, want a wait within the period", d)
					}
					time.Sleep(d.Wait - 1)
					for range 3 {
						if d := take(t, m, "a", l); d != (connector.Decision{Wait: 1}) {
							t.Fatalf("a nanosecond too early: got %+v, want to wait for it", d)
						}
					}
					time.Sleep(1 * time.Nanosecond)
					if d := take(t, m, "a", l); d.Wait != 0 {
						t.Fatalf("after the wait: got %+v, want to be admitted", d)
					}
				}
			})
		})
	}
}

// Calls over the limit push nothing back, however many there are.
func TestRefusedCallsTakeNoSlot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, l := throttle.NewMemory(), limit{2, time.Minute}
		take(t, m, "a", l)
		take(t, m, "a", l)
		for left := time.Minute; left > 0; left -= time.Second {
			if d := take(t, m, "a", l); d != (connector.Decision{Wait: left}) {
				t.Fatalf("got %+v, want a wait of %v", d, left)
			}
			time.Sleep(time.Second)
		}
		if d := take(t, m, "a", l); d != (connector.Decision{Remaining: 1}) {
			t.Fatalf("got %+v, want both slots free again", d)
		}
	})
}

// A decision costs nothing that could be cancelled.
func TestTakeIgnoresItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	m := throttle.NewMemory()
	if d, err := m.Take(ctx, "a", 2, time.Minute); err != nil || d != (connector.Decision{Remaining: 1}) {
		t.Errorf("got %+v, %v, want to be admitted", d, err)
	}
}
