package schedule

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"inferenceconnector/handler/trigger"
)

// A Schedule is one action at planned times.
type Schedule struct {
	Name string
	Times
	Action, Connection string
	Input              []byte           // a JSON object of the action's parameters
	Receiver           trigger.Receiver // gets every output; nil for none

	running atomic.Bool
}

// A Book is all schedules. It is safe for concurrent use.
type Book struct {
	Runner    *trigger.Runner
	Schedules []*Schedule // in the order of the connections file
	Log       *slog.Logger

	// Claim makes a firing this process's: of several that keep the same time, one gets it. Nil where there is one.
	Claim func(ctx context.Context, id string) (bool, error)

	clock func() time.Time // of the wall, for tests of clocks that jump; nil for the machine's
}

// Find returns a schedule by name, nil when there is none.
func (b *Book) Find(name string) *Schedule {
	for _, s := range b.Schedules {
		if s.Name == name {
			return s
		}
	}
	return nil
}

// tolerated is how late a firing may be: a cold start, a busy platform.
const tolerated = 5 * time.Minute

// Fire runs a schedule once, for the planned time nearest to now, and delivers its output. A schedule that is
// running already is left alone: ran is false. late says that the platform knows the firing to be late: one
// that is more than tolerated is logged as missed, and not made up. Every error is a *connector.Error.
func (b *Book) Fire(ctx context.Context, s *Schedule, late bool) (output []byte, ran bool, err error) {
	now := b.now()
	f := firing{s, s.Planned(now)}
	if late && s.behind(f.planned, now) > tolerated {
		b.missed(f, f, now)
		return nil, false, nil
	}
	return b.fire(ctx, f)
}

// now is what the clock on the wall shows. The other clock of a machine, by which timers run, stands still while
// the machine is suspended.
func (b *Book) now() time.Time {
	if b.clock != nil {
		return b.clock()
	}
	return time.Now().Round(0)
}
