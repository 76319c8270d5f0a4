package throttle_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle/redistest"
)

// seed writes attempts into a window as if they had been admitted at some time from now, on Redis's clock.
func seed(t *testing.T, c *redis.Client, window string, n int, from time.Duration) (at int64) {
	t.Helper()
	now, err := c.Time(t.Context()).Result()
	if err != nil {
		t.Fatal(err)
	}
	at = now.Add(from).UnixMicro()
	seedAt(t, c, window, n, at)
	return at
}

func seedAt(t *testing.T, c *redis.Client, window string, n int, at int64) {
	t.Helper()
	for i := range n {
		if err := c.ZAdd(t.Context(), keyOf(window), redis.Z{Score: float64(at), Member: fmt.Sprint("seed-", at, "-", i)}).Err(); err != nil {
			t.Fatal(err)
		}
	}
}

// R6: when Redis's clock was set back, as after a failover, time stands still at the latest time seen.
func TestClockSetBackStandsStill(t *testing.T) {
	s := redistest.Start(t)
	r, c, l := processes(t, s, 1)[0], raw(t, s), limit{5, time.Minute}
	ahead := seed(t, c, "a", 3, time.Hour)
	for remaining := 1; remaining >= 0; remaining-- {
		if d := ask(t, r, "a", l); d != (connector.Decision{Remaining: remaining}) {
			t.Fatalf("got %+v, want to be admitted with %d remaining", d, remaining)
		}
	}
	entries, err := c.ZRangeWithScores(t.Context(), keyOf("a"), 0, -1).Result()
	if err != nil || len(entries) != 5 {
		t.Fatalf("got %v, %v, want 5 attempts", entries, err)
	}
	for _, e := range entries {
		if int64(e.Score) != ahead {
			t.Errorf("%v was admitted at %.0f, want %d", e.Member, e.Score, ahead)
		}
	}
	if d := ask(t, r, "a", l); d != (connector.Decision{Wait: l.period}) {
		t.Errorf("got %+v, want a whole period, from the time at which the clock stands", d)
	}
	if left := c.PTTL(t.Context(), keyOf("a")).Val(); left < time.Hour+l.period-patience || left > time.Hour+l.period+2*time.Second {
		t.Errorf("got %v left of the window, want it until its last slot is free", left)
	}
}

// R1 and R2 to the microsecond, which only a clock that stands still can show: a slot is free a period after it
// was taken, and not before.
func TestSlotIsFreeToTheMicrosecond(t *testing.T) {
	s := redistest.Start(t)
	c, l := raw(t, s), limit{3, time.Minute}
	for name, test := range map[string]struct {
		later int64
		want  connector.Decision
	}{
		"a period ago":    {0, connector.Decision{Remaining: 1}},
		"a moment before": {-1, connector.Decision{Remaining: 1}},
		"a moment later":  {1, connector.Decision{Wait: time.Microsecond}},
	} {
		t.Run(name, func(t *testing.T) {
			ahead := seed(t, c, name, 1, time.Hour)
			seedAt(t, c, name, 2, ahead-l.period.Microseconds()+test.later)
			if d := ask(t, processes(t, s, 1)[0], name, l); d != test.want {
				t.Errorf("got %+v, want %+v", d, test.want)
			}
		})
	}
}

// Whatever this process's clock says, only the time at Redis counts.
func TestClockSetForwardFreesSlots(t *testing.T) {
	s := redistest.Start(t)
	c, l := raw(t, s), limit{2, time.Minute}
	for name, test := range map[string]struct {
		from time.Duration
		want connector.Decision
	}{
		"a period ago":   {-time.Minute, connector.Decision{Remaining: 1}},
		"long ago":       {-24 * time.Hour, connector.Decision{Remaining: 1}},
		"not a period":   {-time.Minute + patience/2, connector.Decision{Wait: patience / 2}},
		"a moment ahead": {0, connector.Decision{Wait: time.Minute}},
	} {
		t.Run(name, func(t *testing.T) {
			seed(t, c, name, 2, test.from)
			d := ask(t, processes(t, s, 1)[0], name, l)
			if d.Remaining != test.want.Remaining || d.Wait > test.want.Wait || d.Wait < test.want.Wait-slack {
				t.Errorf("got %+v, want %+v", d, test.want)
			}
		})
	}
}

// A window leaves nothing behind when all of it is free.
func TestWindowExpires(t *testing.T) {
	s := redistest.Start(t)
	r, c := processes(t, s, 1)[0], raw(t, s)
	ask(t, r, "long", limit{5, time.Minute})
	if left := c.PTTL(t.Context(), keyOf("long")).Val(); left < time.Minute-slack || left > time.Minute+time.Second {
		t.Errorf("got %v left of the window, want a minute and a second at most", left)
	}
	ask(t, r, "short", limit{5, 100 * time.Millisecond})
	if n := c.Exists(t.Context(), keyOf("short")).Val(); n != 1 {
		t.Fatalf("the key is not %s", keyOf("short"))
	}
	waitUntil(t, "the key is gone", 1100*time.Millisecond+slack, func() bool { return c.Exists(t.Context(), keyOf("short")).Val() == 0 })
}

// Refusals do not prolong anything.
func TestRefusedCallsProlongNothing(t *testing.T) {
	s := redistest.Start(t)
	c, l := raw(t, s), limit{1, time.Minute}
	ask(t, processes(t, s, 1)[0], "a", l)
	do(t, c, "PEXPIRE "+keyOf("a")+" 50000")
	for _, r := range processes(t, s, 3) {
		if d := ask(t, r, "a", l); d.Wait == 0 {
			t.Fatalf("got %+v, want to be refused", d)
		}
	}
	if left := c.PTTL(t.Context(), keyOf("a")).Val(); left > 50*time.Second {
		t.Errorf("got %v left, want no more than before", left)
	}
	if n := c.ZCard(t.Context(), keyOf("a")).Val(); n != 1 {
		t.Errorf("got %d slots taken, want 1", n)
	}
}
