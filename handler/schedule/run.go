package schedule

import (
	"context"
	"sync"
	"time"

	"inferenceconnector/connector"
)

// longestWait is how long a wait goes on without a look at the clock on the wall, which may have been set, or
// have gone on while the machine was suspended.
const longestWait = time.Minute

// Run fires every schedule at its planned times until ctx is done, and then waits for those that run, which
// live in calls' context.
//
// Each planned time comes to exactly one of this: the firing runs; it is skipped, as the schedule is running; or
// it is missed, as it would be too late or another planned time has come meanwhile. All but the first is logged
// and not made up.
func (b *Book) Run(ctx, calls context.Context) {
	var all sync.WaitGroup
	for _, s := range b.Schedules {
		now := b.now()
		w := watch{book: b, schedule: s, seen: now, next: s.Next(now)}
		b.Log.Info("schedule", "schedule", s.Name, "next", w.next.Format(time.RFC3339), "last", s.last(now).Format(time.RFC3339))
		all.Go(func() {
			for wait(ctx, w.until()) {
				if f, due := w.look(b.now()); due {
					all.Go(func() { b.fireOnce(calls, f) })
				}
			}
		})
	}
	all.Wait()
}

// fireOnce runs a firing unless another process has it. Who cannot tell leaves it: a run that comes twice is paid for
// twice. All is logged.
func (b *Book) fireOnce(ctx context.Context, f firing) {
	if b.Claim != nil && !f.running.Load() { // one that runs still leaves it to the others
		ours, err := b.Claim(ctx, f.id())
		switch {
		case err != nil:
			b.Log.Error("missed", "schedule", f.Name, "id", f.id(), "code", string(connector.AsError(err).Code))
			return
		case !ours:
			b.Log.Info("fired elsewhere", "schedule", f.Name, "id", f.id())
			return
		}
	}
	_, _, _ = b.fire(ctx, f)
}

// A watch waits for the planned times of one schedule.
type watch struct {
	book     *Book
	schedule *Schedule
	seen     time.Time // on the wall, when it was looked at last
	next     time.Time
}

func (w *watch) until() time.Duration {
	return min(w.next.Sub(w.book.now()), longestWait)
}

// look says what to do about the clock on the wall.
func (w *watch) look(now time.Time) (f firing, due bool) {
	if now.Before(w.seen.Add(-tolerated)) { // it was wrong, and so may be what was next by it
		w.next = w.schedule.Next(now)
	}
	w.seen = now
	if now.Before(w.next) {
		return firing{}, false
	}
	first, last := firing{w.schedule, w.next}, firing{w.schedule, w.schedule.last(now)}
	w.next = w.schedule.Next(now)
	if now.Sub(last.planned) > tolerated {
		w.book.missed(first, last, now)
		return firing{}, false
	}
	if first.planned.Before(last.planned) {
		before := firing{w.schedule, w.schedule.last(last.planned.Add(-1))}
		w.book.missed(first, before, now)
	}
	return last, true
}

// wait waits, and reports whether it went on to the end.
func wait(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return ctx.Err() == nil
	}
}
