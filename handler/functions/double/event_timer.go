package double

import (
	"context"
	"fmt"
	"time"
)

// Tick fires the timer of a function. The error tells that there is none, or no host any more; how the run
// went is in the Result.
func (h *Host) Tick(ctx context.Context, function string, pastDue bool) (Result, error) {
	f, err := h.named(function, "timerTrigger")
	if err != nil {
		return Result{}, err
	}
	if _, err := h.keeper.process(ctx); err != nil {
		return Result{}, err
	}
	h.note(f.name)
	data := map[string]any{
		"Schedule": map[string]any{"AdjustForDST": true}, "ScheduleStatus": h.scheduleStatus(f), "IsPastDue": pastDue,
	}
	meta := newMetadata(f.name)
	result, _ := h.run(ctx, f, newID(), event{map[string]any{f.trigger.Name: data}, meta.values})
	result.Tries = 1
	return result, nil
}

// scheduleStatus is what the host's monitor knows: nil when there is none. Before the first firing it knows
// a time without a zone. This double has no calendar, so that its next firing is made up.
func (h *Host) scheduleStatus(f *function) any {
	if f.trigger.UseMonitor != nil && !*f.trigger.UseMonitor || isFrequent(f.trigger.Schedule) {
		return nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	last, now := "0001-01-01T00:00:00", time.Now()
	if before, ok := h.ticked[f.name]; ok {
		last = offset(before)
	}
	h.ticked[f.name] = now
	return map[string]any{"Last": last, "Next": offset(now.Truncate(time.Minute).Add(5 * time.Minute)), "LastUpdated": last}
}

// named returns a function that has a trigger of a kind.
func (h *Host) named(name, kind string) (*function, error) {
	for i, f := range h.functions {
		if f.name == name && f.trigger.is(kind) && !f.disabled {
			return &h.functions[i], nil
		}
	}
	return nil, fmt.Errorf("there is no function %s with a %s", name, kind)
}
