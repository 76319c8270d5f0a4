package double

import (
	"testing"
	"time"
)

func TestFaultsAreForgotten(t *testing.T) {
	var f faults
	now := time.Now()
	for _, step := range []struct {
		after time.Duration
		want  int
	}{{0, 1}, {30 * time.Minute, 2}, {30*time.Minute + 1, 1}, {time.Hour, 1}, {0, 2}, {29 * time.Minute, 3}} {
		now = now.Add(step.after)
		if got := f.add(now); got != step.want {
			t.Errorf("%v later: got %d, want %d", step.after, got, step.want)
		}
	}
}
