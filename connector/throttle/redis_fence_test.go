package throttle_test

import (
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle/redistest"
)

// R9: when Redis forgets, each process still keeps its own window.
func TestFenceHoldsWhenRedisForgets(t *testing.T) {
	s := redistest.Start(t)
	all, c, l := processes(t, s, 2), raw(t, s), limit{5, time.Minute}
	for range l.calls {
		ask(t, all[0], "a", l)
	}
	for range 3 {
		do(t, c, "FLUSHALL")
		if d := ask(t, all[0], "a", l); d.Wait < l.period-patience || d.Wait > l.period {
			t.Fatalf("got %+v, want to be refused until its own first slot is free", d)
		}
	}
	do(t, c, "FLUSHALL")
	admitted := 0
	for range 3 * l.calls {
		if d := ask(t, all[1], "a", l); d.Wait == 0 {
			admitted++
		}
	}
	if admitted != l.calls {
		t.Errorf("got %d of the other process admitted, want %d", admitted, l.calls)
	}
}

// The same while calls go on.
func TestFenceIsExact(t *testing.T) {
	s := redistest.Start(t)
	r, c, l := processes(t, s, 1)[0], raw(t, s), limit{4, 250 * time.Millisecond}
	var before, after []time.Time
	for end := time.Now().Add(2500 * time.Millisecond); time.Now().Before(end); time.Sleep(3 * time.Millisecond) {
		do(t, c, "FLUSHALL")
		began := time.Now()
		if d := ask(t, r, "a", l); d.Wait == 0 {
			before, after = append(before, began), append(after, time.Now())
		}
	}
	for i := l.calls; i < len(after); i++ {
		if apart := after[i].Sub(before[i-l.calls]); apart < l.period {
			t.Errorf("attempts %d and %d are %v apart, want %v", i-l.calls, i, apart, l.period)
		}
	}
	if len(after) < 5*l.calls {
		t.Errorf("got %d admitted, want more", len(after))
	}
}

// What Redis admits in time waits here when its answer travelled faster than the one before: nobody is refused
// for that.
func TestFenceWaitsForASlowAnswer(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r, l := ready(t, open(t, w.address)), limit{1, 700 * time.Millisecond}
	const slow = 80 * time.Millisecond
	w.set(func() { w.delay = slow })
	began := time.Now()
	ask(t, r, "a", l)
	w.mend()
	time.Sleep(time.Until(began.Add(l.period + slow/4))) // it is free at Redis, and not yet here
	if d := ask(t, r, "a", l); d != (connector.Decision{}) {
		t.Fatalf("got %+v, want to be admitted", d)
	}
	if apart := time.Since(began); apart < slow+l.period {
		t.Errorf("got two answers %v apart, want %v", apart-slow, l.period)
	}
}

// A Redis that answers wrongly is none.
func TestWrongAnswersAreNoDecision(t *testing.T) {
	for name, reply := range map[string]string{
		"nothing": "*0\r\n", "one number": "*1\r\n:0\r\n", "a text": "$2\r\nOK\r\n", "null": "$-1\r\n", "a negative wait": "*2\r\n:-1\r\n:0\r\n",
		"too long a wait": "*2\r\n:61000000\r\n:0\r\n", "too many left": "*2\r\n:0\r\n:5\r\n", "too few left": "*2\r\n:0\r\n:-1\r\n", "no protocol": "HTTP/1.1 400 Bad Request\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			r := open(t, answering(t, reply))
			askInVain(t, r, "a")
		})
	}
}
