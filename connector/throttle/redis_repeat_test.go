package throttle_test

import (
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle/redistest"
)

// R7: an answer that got lost is asked for again, and was the same attempt.
func TestLostAnswerTakesOneSlot(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r, c, l := ready(t, open(t, w.address)), raw(t, s), limit{3, time.Minute}
	for i := range l.calls {
		do(t, c, "CONFIG RESETSTAT")
		w.set(func() { w.lose = 1 })
		if d := ask(t, r, "a", l); d != (connector.Decision{Remaining: l.calls - 1 - i}) {
			t.Fatalf("attempt %d: got %+v, want %d remaining", i, d, l.calls-1-i)
		}
		if n := ran(t, c, "evalsha"); n != 2 {
			t.Fatalf("attempt %d: got %d questions, want one whose answer was lost and one more", i, n)
		}
		if n := c.ZCard(t.Context(), keyOf("a")).Val(); n != int64(i+1) {
			t.Fatalf("attempt %d: got %d slots taken", i, n)
		}
	}
	w.set(func() { w.lose = 1 })
	if d := ask(t, r, "a", l); d.Wait == 0 {
		t.Errorf("got %+v, want to be refused", d)
	}
}

// The last slot is the attempt's own also when everyone else found the window full meanwhile.
func TestLostAnswerOfTheLastSlot(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r, l := ready(t, open(t, w.address)), limit{1, time.Minute}
	w.set(func() { w.lose = 1 })
	if d := ask(t, r, "a", l); d != (connector.Decision{}) {
		t.Errorf("got %+v, want to be admitted", d)
	}
	if d := ask(t, open(t, s.Address), "a", l); d.Wait == 0 {
		t.Errorf("got %+v, want to be refused", d)
	}
}

// When no answer comes at all there is no decision, though a slot was taken: too much may be refused.
func TestLostAnswersAreNoDecision(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r, c := ready(t, open(t, w.address)), raw(t, s)
	w.set(func() { w.lose = 2 })
	askInVain(t, r, "a")
	if n := c.ZCard(t.Context(), keyOf("a")).Val(); n != 1 {
		t.Errorf("got %d slots taken, want 1", n)
	}
}
