package schedule

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"
)

// runFor runs a book in a bubble for so long, then ends its waiting. It returns how long the rest took.
func runFor(t testing.TB, b *Book, d time.Duration) (rest time.Duration) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	b.Run(ctx, t.Context())
	end, _ := ctx.Deadline()
	return time.Since(end)
}

func TestRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		morning, minutes := &desk{}, &desk{}
		b, written := newBook(t, listing(t, "morning", "0 0 7 * * *", morning), listing(t, "often", "30 */20 0 * * *", minutes))
		if rest := runFor(t, b, 32*time.Hour); rest != 0 {
			t.Errorf("it took %v to end", rest)
		}
		wantLines(t, morning.ids(), "morning/2000-01-01T07:00:00Z", "morning/2000-01-02T07:00:00Z")
		wantLines(t, minutes.ids(),
			"often/2000-01-01T00:00:30Z", "often/2000-01-01T00:20:30Z", "often/2000-01-01T00:40:30Z",
			"often/2000-01-02T00:00:30Z", "often/2000-01-02T00:20:30Z", "often/2000-01-02T00:40:30Z")
		wantLines(t, written.lines(t, "schedule", "schedule", "next", "last"),
			"morning 2000-01-01T07:00:00Z 1999-12-31T07:00:00Z", "often 2000-01-01T00:00:30Z 1999-12-31T00:40:30Z")
		wantLines(t, written.lines(t, "missed"))
	})
}

// Each second is one firing, none twice and none left out.
func TestRunEachSecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &desk{}
		b, _ := newBook(t, listing(t, "tick", "* * * * * *", to))
		runFor(t, b, 150*time.Second+time.Millisecond)
		got := to.ids()
		for i := range 150 {
			want := "tick/" + time.Date(2000, 1, 1, 0, 0, i+1, 0, time.UTC).Format(time.RFC3339)
			if i >= len(got) || got[i] != want {
				t.Fatalf("firing %d: got %v, want %s", i, got, want)
			}
		}
		if len(got) != 150 {
			t.Errorf("got %d firings, want 150", len(got))
		}
	})
}

func TestRunSkipsWhileRunning(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &desk{takes: 150 * time.Second}
		b, written := newBook(t, listing(t, "slow", "0 * * * * *", to))
		runFor(t, b, 6*time.Minute+time.Second)
		wantLines(t, to.ids(), "slow/2000-01-01T00:01:00Z", "slow/2000-01-01T00:04:00Z")
		wantLines(t, written.lines(t, "skipped: still running", "id"),
			"slow/2000-01-01T00:02:00Z", "slow/2000-01-01T00:03:00Z", "slow/2000-01-01T00:05:00Z", "slow/2000-01-01T00:06:00Z")
	})
}

// Whoever ends the waiting waits for what runs, and the end of calls' context ends that.
func TestRunWaitsForTheRunning(t *testing.T) {
	for name, test := range map[string]struct{ grace, rest time.Duration }{
		"to its end":     {time.Hour, 9 * time.Minute},
		"to the grace's": {2 * time.Minute, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b, written := newBook(t, listing(t, "slow", "0 1 * * * *", &desk{takes: 10 * time.Minute}))
				ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
				defer cancel()
				calls, cut := context.WithTimeout(t.Context(), 2*time.Minute+test.grace)
				defer cut()
				start := time.Now()
				b.Run(ctx, calls)
				if got := time.Since(start) - 2*time.Minute; got != test.rest {
					t.Errorf("it ended after %v, want %v", got, test.rest)
				}
				fired, failed := len(written.lines(t, "fired")), len(written.lines(t, "firing failed"))
				if whole := test.grace > test.rest; fired+failed != 1 || whole != (fired == 1) {
					t.Errorf("got %d fired and %d failed", fired, failed)
				}
			})
		})
	}
}

// A clock on the wall that is put on or back while timers run as ever, as for a machine that was suspended.
func TestRunAfterAJump(t *testing.T) {
	for name, test := range map[string]struct {
		cron   string
		at, by time.Duration // the jump
		until  time.Duration
		ids    []string // planned times on 2000-01-01
		missed []string // from, to
	}{
		"over a firing":               {"0 0 1 * * *", 10 * time.Minute, 2 * time.Hour, time.Hour, nil, []string{"01:00:00 01:00:00"}},
		"seven minutes over a firing": {"0 0 1 * * *", 10*time.Minute + 30*time.Second, 56 * time.Minute, 20 * time.Minute, nil, []string{"01:00:00 01:00:00"}},
		"to just after a firing":      {"0 0 1 * * *", 10*time.Minute + 30*time.Second, 52 * time.Minute, time.Hour, []string{"01:00:00"}, nil},
		"over several, to just after": {"0 0 * * * *", 10*time.Minute + 30*time.Second, 172 * time.Minute, 20 * time.Minute, []string{"03:00:00"}, []string{"01:00:00 02:00:00"}},
		"over several":                {"0 0 * * * *", 10*time.Minute + 30*time.Second, 182 * time.Minute, 20 * time.Minute, nil, []string{"01:00:00 03:00:00"}},
		"back a little":               {"0 */10 0 * * *", 10*time.Minute + 30*time.Second, -4 * time.Minute, 20 * time.Minute, []string{"00:10:00"}, nil},
		"back from a wrong time":      {"0 */10 0 * * *", 30*time.Minute + 30*time.Second, -25 * time.Minute, 36 * time.Minute, []string{"00:10:00", "00:20:00", "00:30:00", "00:10:00"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				to := &desk{}
				b, written := newBook(t, listing(t, "s", test.cron, to))
				start := time.Now()
				b.clock = func() time.Time {
					if now := time.Now(); now.Sub(start) >= test.at {
						return now.Add(test.by).Round(0)
					}
					return time.Now().Round(0)
				}
				runFor(t, b, test.until)
				var ids, missed []string
				for _, one := range test.ids {
					ids = append(ids, "s/2000-01-01T"+one+"Z")
				}
				for _, one := range test.missed {
					missed = append(missed, fmt.Sprintf("s/2000-01-01T%sZ s/2000-01-01T%sZ", one[:8], one[9:]))
				}
				wantLines(t, to.ids(), ids...)
				wantLines(t, written.lines(t, "missed", "id", "last"), missed...)
			})
		})
	}
}

// The change of clocks is none of the machine's: in the zone of the schedule the firings keep their hour.
func TestRunOverAChangeOfClocks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &desk{}
		s := listing(t, "daily", "0 0 7 * * *", to)
		s.Times = parse(t, "0 30 1 * * *", "Europe/Lisbon")
		b, _ := newBook(t, s)
		time.Sleep(time.Until(time.Date(2000, 3, 25, 0, 0, 0, 0, time.UTC)))
		runFor(t, b, 72*time.Hour)
		wantLines(t, to.ids(), "daily/2000-03-25T01:30:00Z", "daily/2000-03-26T01:00:00Z", "daily/2000-03-27T00:30:00Z")
	})
}

// A schedule whose run panics goes on, and so do the others.
func TestRunAfterAPanic(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		to := &desk{}
		b, written := newBook(t, listing(t, "panics", "0 * * * * *", (*desk)(nil)), listing(t, "other", "0 * * * * *", to))
		runFor(t, b, 2*time.Minute+time.Second)
		wantLines(t, written.lines(t, "firing failed", "schedule", "code"), "panics InternalError", "panics InternalError")
		wantLines(t, to.ids(), "other/2000-01-01T00:01:00Z", "other/2000-01-01T00:02:00Z")
	})
}
