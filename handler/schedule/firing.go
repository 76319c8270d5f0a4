package schedule

import (
	"context"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/trigger"
)

// A firing is one run of a schedule, for one of its planned times.
type firing struct {
	*Schedule
	planned time.Time
}

// id is the same whenever and by whomever the firing is brought about.
func (f firing) id() string { return f.Name + "/" + f.planned.UTC().Format(time.RFC3339) }

// fire runs a firing and delivers its output, unless the schedule is running.
func (b *Book) fire(ctx context.Context, f firing) (output []byte, ran bool, err error) {
	if !f.running.CompareAndSwap(false, true) {
		b.Log.Warn("skipped: still running", "schedule", f.Name, "id", f.id())
		return nil, false, nil
	}
	defer f.running.Store(false)
	start := time.Now()
	output, err = b.run(ctx, f)
	attrs := []any{"schedule", f.Name, "id", f.id(), "bytes", len(output), "ms", time.Since(start).Milliseconds()}
	if err != nil {
		b.Log.Error("firing failed", append(attrs, "code", string(connector.AsError(err).Code))...)
		return output, true, connector.AsError(err)
	}
	b.Log.Info("fired", attrs...)
	return output, true, nil
}

func (b *Book) run(ctx context.Context, f firing) ([]byte, error) {
	call := trigger.Call{ID: f.id(), Action: f.Action, Connection: f.Connection, Input: f.Input}
	output, err := b.Runner.Run(ctx, call)
	if err == nil {
		err = b.Runner.Deliver(ctx, f.Receiver, f.Name, call.ID, output)
	}
	return output, err
}

// missed logs that no firing was run from one planned time to another.
func (b *Book) missed(from, to firing, now time.Time) {
	b.Log.Warn("missed", "schedule", from.Name, "id", from.id(), "last", to.id(), "late_s", int64(now.Sub(to.planned).Seconds()))
}
