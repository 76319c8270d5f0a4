package connector

import (
	"testing"
	"time"
)

// Over any minute a fifth of the calls may be repeated, and three in any case.
func TestRepeatsAreAShareOfTheCalls(t *testing.T) {
	for name, test := range map[string]struct {
		calls, want int
	}{"few calls": {0, 3}, "some": {15, 3}, "more": {20, 4}, "many": {1000, 200}} {
		t.Run(name, func(t *testing.T) {
			var r repeats
			now := time.Now()
			for range test.calls {
				r.call(now)
			}
			if got := allowed(&r, now); got != test.want {
				t.Errorf("got %d, want %d", got, test.want)
			}
			if got := allowed(&r, now.Add(59*time.Second)); got != 0 {
				t.Errorf("59 s later: got %d more, want none", got)
			}
			if got := allowed(&r, now.Add(60*time.Second)); got != repeatFloor {
				t.Errorf("a minute later: got %d, want %d", got, repeatFloor)
			}
		})
	}
}

// Calls and repeats count for a minute, whichever second they fell into and however long nothing happened.
func TestRepeatsForget(t *testing.T) {
	var r repeats
	now := time.Now()
	for second := range 200 {
		for range 10 {
			r.call(now.Add(time.Duration(second) * time.Second))
		}
	}
	last := now.Add(199 * time.Second)
	if got := allowed(&r, last); got != 120 {
		t.Errorf("got %d of 600 calls, want 120", got)
	}
	if got := allowed(&r, last.Add(30*time.Second)); got != 0 {
		t.Errorf("half a minute later: got %d, want none", got)
	}
	if got := allowed(&r, last.Add(24*time.Hour)); got != repeatFloor {
		t.Errorf("a day later: got %d, want %d", got, repeatFloor)
	}
}

// allowed is how many repeats there is room for.
func allowed(r *repeats, now time.Time) (n int) {
	for r.allow(now) {
		n++
	}
	return n
}

func TestWait(t *testing.T) {
	const long = time.Hour
	limits := Retries{Attempts: 3, Wait: 10 * time.Second}
	for name, test := range map[string]struct {
		limits      Retries
		made        int
		repeat      Repeat
		least, most time.Duration
		again       bool
	}{
		"first":                {limits, 1, Repeat{true, 0, long}, 400 * time.Millisecond, 650 * time.Millisecond, true},
		"second":               {limits, 2, Repeat{true, 0, long}, 1200 * time.Millisecond, 1950 * time.Millisecond, true},
		"third":                {limits, 3, Repeat{true, 0, long}, 0, long, false},
		"not allowed":          {limits, 1, Repeat{false, 0, long}, 0, long, false},
		"asked":                {limits, 1, Repeat{true, 7 * time.Second, long}, 7 * time.Second, 7700 * time.Millisecond, true},
		"asked for the most":   {limits, 1, Repeat{true, 10 * time.Second, long}, 10 * time.Second, 11 * time.Second, true},
		"asked for too long":   {limits, 1, Repeat{true, 11 * time.Second, long}, 0, long, false},
		"asked beyond the end": {limits, 1, Repeat{true, 7 * time.Second, 9 * time.Second}, 0, long, false},
		"little left":          {limits, 1, Repeat{true, 0, 2300 * time.Millisecond}, 0, long, false},
		"nothing left":         {limits, 1, Repeat{true, 0, -time.Second}, 0, long, false},
		"no repeats":           {Retries{}, 1, Repeat{true, 0, long}, 0, long, false},
	} {
		t.Run(name, func(t *testing.T) {
			different := map[time.Duration]bool{}
			for range 1000 {
				wait, again := test.limits.wait(test.made, test.repeat, leastUseful)
				if again != test.again || again && (wait < test.least || wait > test.most) {
					t.Fatalf("got %s, %t, want %s to %s, %t", wait, again, test.least, test.most, test.again)
				}
				different[wait] = true
			}
			if len(different) < 100 {
				t.Errorf("got %d waits in 1000: those who wait would come back at once", len(different))
			}
		})
	}
}
