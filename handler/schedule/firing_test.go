package schedule

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// The bubbles of synctest begin at midnight UTC, 2000-01-01, a Saturday.
func TestFire(t *testing.T) {
	for name, test := range map[string]struct {
		after time.Duration // midnight
		late  bool
		id    string // "" for a firing that is missed
	}{
		"on time":                   {7 * time.Hour, false, "morning/2000-01-01T07:00:00Z"},
		"a moment early":            {7*time.Hour - 900*time.Millisecond, false, "morning/2000-01-01T07:00:00Z"},
		"late, and nobody knows":    {9 * time.Hour, false, "morning/2000-01-01T07:00:00Z"},
		"late, but not too late":    {7*time.Hour + 5*time.Minute, true, "morning/2000-01-01T07:00:00Z"},
		"too late":                  {7*time.Hour + 5*time.Minute + time.Second, true, ""},
		"said to be late, but only": {7 * time.Hour, true, "morning/2000-01-01T07:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				to := &desk{}
				s := listing(t, "morning", "0 0 7 * * *", to)
				b, written := newBook(t, s)
				time.Sleep(test.after)
				output, ran, err := b.Fire(t.Context(), b.Find("morning"), test.late)
				if err != nil || ran != (test.id != "") {
					t.Fatalf("got %s, %t, %v", output, ran, err)
				}
				if !ran {
					wantLines(t, written.lines(t, "missed", "schedule", "id", "late_s"), "morning morning/2000-01-01T07:00:00Z 301")
					wantLines(t, to.ids())
					return
				}
				if string(output) != listed || to.body != listed {
					t.Errorf("got %s, delivered %s", output, to.body)
				}
				wantLines(t, to.ids(), test.id)
				wantLines(t, written.lines(t, "call", "request_id", "action", "status"), test.id+" ListModels 200")
				wantLines(t, written.lines(t, "fired", "schedule", "id", "bytes"), "morning "+test.id+" 48")
			})
		})
	}
}

// Of an hour that the clock shows twice, a platform may take the second.
func TestFireInTheSecondOfTwoHours(t *testing.T) {
	to := &desk{}
	s := listing(t, "night", "0 30 1 * * *", to)
	s.Times = parse(t, "0 30 1 * * *", "Europe/Lisbon")
	b, _ := newBook(t, s)
	b.clock = func() time.Time { return at(t, "2026-10-25T01:30:02Z") }
	if _, ran, err := b.Fire(t.Context(), s, true); !ran || err != nil {
		t.Errorf("got %t, %v", ran, err)
	}
	wantLines(t, to.ids(), "night/2026-10-25T00:30:00Z")
}

func TestFind(t *testing.T) {
	b, _ := newBook(t, listing(t, "morning", "0 0 7 * * *", nil), listing(t, "evening", "0 0 19 * * *", nil))
	if got := b.Find("evening"); got != b.Schedules[1] {
		t.Errorf("got %v", got)
	}
	if got := b.Find("noon"); got != nil {
		t.Errorf("got %v", got)
	}
}

// A schedule does not run twice at once, whoever fires it; others are not held up, and nor is the next time.
func TestFireNeverOverlaps(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow, other := listing(t, "slow", "0 * * * * *", &desk{takes: time.Hour}), listing(t, "other", "0 * * * * *", nil)
		b, written := newBook(t, slow, other)
		done := make(chan error)
		go func() {
			_, _, err := b.Fire(t.Context(), slow, false)
			done <- err
		}()
		time.Sleep(time.Minute)
		if _, ran, err := b.Fire(t.Context(), slow, false); ran || err != nil {
			t.Errorf("got %t, %v", ran, err)
		}
		if _, ran, err := b.Fire(t.Context(), other, false); !ran || err != nil {
			t.Errorf("the other: got %t, %v", ran, err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
		wantLines(t, written.lines(t, "skipped: still running", "schedule", "id"), "slow slow/2000-01-01T00:01:00Z")
		if _, ran, err := b.Fire(t.Context(), slow, false); !ran || err != nil {
			t.Errorf("after it: got %t, %v", ran, err)
		}
	})
}

// What fails is told by its code, and a schedule that failed can run again.
func TestFireFails(t *testing.T) {
	mistaken := listing(t, "mistaken", "0 * * * * *", &desk{})
	mistaken.Input = []byte(`{"prompt":"s3cret"}`)
	elsewhere := listing(t, "elsewhere", "0 * * * * *", &desk{})
	elsewhere.Connection = "other"
	panics := listing(t, "panics", "0 * * * * *", (*desk)(nil))
	undelivered := listing(t, "undelivered", "0 * * * * *", &desk{takes: time.Hour})
	b, written := newBook(t)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	for s, want := range map[*Schedule]connector.Code{
		mistaken: connector.InvalidRequest, elsewhere: connector.NotFound, panics: connector.InternalError, undelivered: connector.DeliveryFailed,
	} {
		for range 2 {
			_, ran, err := b.Fire(ended, s, false)
			if e := connector.AsError(err); !ran || err == nil || e.Code != want {
				t.Errorf("%s: got %t, %v, want %s", s.Name, ran, err, want)
			}
		}
		if _, ok := s.Receiver.(*desk); ok && s != undelivered && s != panics {
			wantLines(t, s.Receiver.(*desk).ids())
		}
	}
	if got := len(written.lines(t, "firing failed")); got != 8 {
		t.Errorf("got %d failures in the log, want 8", got)
	}
	if strings.Contains(written.text.String(), "s3cret") {
		t.Errorf("got %s", written.text.String())
	}
}
