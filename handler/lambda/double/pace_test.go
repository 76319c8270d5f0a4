package double

import (
	"io"
	"testing"
	"testing/synctest"
	"time"
)

// Six megabytes go at once, and two in each second behind them, up to the limit.
func TestStreamsAreSlowedDown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := newPaced(io.Discard)
		start := time.Now()
		write := func(megabytes int) error {
			for range megabytes << 4 {
				if _, err := p.Write(make([]byte, 1<<16)); err != nil {
					return err
				}
			}
			return nil
		}
		for _, step := range []struct {
			megabytes int
			at        time.Duration
		}{{6, 0}, {2, time.Second}, {12, 7 * time.Second}} {
			if err := write(step.megabytes); err != nil {
				t.Fatal(err)
			}
			if took := time.Since(start); took > step.at || took < step.at-100*time.Millisecond {
				t.Errorf("%d bytes took %v, want %v", p.sent, took, step.at)
			}
		}
		if err := write(180); err != nil || p.full {
			t.Errorf("got %v before the limit", err)
		}
		if _, err := p.Write([]byte("x")); err == nil || !p.full {
			t.Error("the limit is passed")
		}
	})
}
