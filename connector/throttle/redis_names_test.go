package throttle_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector/throttle/redistest"
)

// R5: windows never share slots, and every process names them alike.
func TestWindowsDoNotShareOnRedis(t *testing.T) {
	s := redistest.Start(t)
	names := []string{
		"", "a", "A", "a ", " a", "a\x00", "ä", "a\u0308", "a/b", "a%2Fb", "{", "}", "{}", "{a}", "}{", "a}b", "a}c", "{a}b", "a}:{b", "a\r\nb", "a\nb", "probe", ":probe", "default\xff",
		"byo 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "byo 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a09",
		"schedule/morning/2026-03-29T07:00:00+01:00", "schedule/morning/2026-03-29T07:00:00Z",
	}
	for i := range 200 {
		names = append(names, fmt.Sprint("connection-", i))
	}
	l := limit{2, time.Hour}
	for i, r := range processes(t, s, 3) {
		for _, name := range names {
			d := ask(t, r, name, l)
			if admitted := d.Wait == 0; admitted != (i < l.calls) || admitted && d.Remaining != l.calls-1-i {
				t.Errorf("process %d: %q: got %+v", i, name, d)
			}
		}
	}
}

// One of several instances claims a firing of a schedule, by its name and time.
func TestOneOfSeveralClaims(t *testing.T) {
	s := redistest.Start(t)
	all := processes(t, s, 4)
	for firing := range 20 {
		window := fmt.Sprintf("schedule/morning/2026-03-%02dT07:00:00+00:00", firing+1)
		var mu sync.Mutex
		claims := 0
		var group sync.WaitGroup
		for _, r := range all {
			group.Go(func() {
				if d, err := r.Take(t.Context(), window, 1, time.Hour); err != nil {
					t.Error(err)
				} else if d.Wait == 0 {
					mu.Lock()
					claims++
					mu.Unlock()
				}
			})
		}
		group.Wait()
		if claims != 1 {
			t.Errorf("%s: got %d claims, want 1", window, claims)
		}
	}
}
