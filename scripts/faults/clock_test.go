package faults

import (
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// A clock is what a redis-server takes for the time of day.
type clock struct {
	file *os.File // how many microseconds it is ahead of this machine's
	c    *redis.Client
}

// startOnClock starts a server whose clock can be set.
func startOnClock(t *testing.T) (*redistest.Server, *clock) {
	t.Helper()
	folder := t.TempDir()
	library := filepath.Join(folder, "clock.so")
	if output, err := exec.CommandContext(t.Context(), "gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, "testdata/clock.c").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, output)
	}
	file, err := os.Create(filepath.Join(folder, "ahead"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = file.Close() })
	k := &clock{file: file}
	k.write(t, 0)
	t.Setenv("CLOCK_AHEAD", file.Name())
	t.Setenv("LD_PRELOAD", library) // for what starts from here on
	s := redistest.Start(t)
	k.c = redis.NewClient(&redis.Options{Addr: s.Address})
	t.Cleanup(func() { _ = k.c.Close() })
	return s, k
}

func (k *clock) write(t *testing.T, ahead time.Duration) {
	t.Helper()
	if _, err := k.file.WriteAt(binary.NativeEndian.AppendUint64(nil, uint64(ahead.Microseconds())), 0); err != nil {
		t.Fatal(err)
	}
}

// set sets the clock so far ahead of this machine's, and sees that Redis has it.
func (k *clock) set(t *testing.T, ahead time.Duration) {
	t.Helper()
	k.write(t, ahead)
	for began := time.Now(); ; time.Sleep(time.Millisecond) {
		now, err := k.c.Time(t.Context()).Result()
		if err != nil {
			t.Fatal(err)
		}
		if off := time.Until(now) - ahead; off.Abs() < slack {
			return
		}
		if time.Since(began) > slack {
			t.Fatalf("Redis says it is %v, want %v ahead", now, ahead)
		}
	}
}

// R6: set back, Redis refuses what it cannot judge, until its clock has caught up.
func TestClockIsSetBack(t *testing.T) {
	const calls, period = 3, 500 * time.Millisecond
	s, k := startOnClock(t)
	first, second := open(t, s.Address), open(t, s.Address)
	for range calls {
		if d, decided := take(t, first, "a", calls, period); !decided || d.Wait > 0 {
			t.Fatalf("got %+v, want to be admitted", d)
		}
	}
	k.set(t, -time.Hour)
	time.Sleep(period)
	if d, decided := take(t, second, "a", calls, period); !decided || d.Wait == 0 || d.Wait > period {
		t.Errorf("got %+v, want to be refused, for a period at most", d)
	}
	k.set(t, 0)
	time.Sleep(period)
	if d, decided := take(t, second, "a", calls, period); !decided || d.Wait > 0 {
		t.Errorf("got %+v, want to be admitted when the clock is right again", d)
	}
}

// A step forward frees slots at Redis too early. What one process admits stays exact, by its own fence.
func TestClockIsSetForward(t *testing.T) {
	const calls, period = 3, 2 * time.Second
	s, k := startOnClock(t)
	r, other := open(t, s.Address), open(t, s.Address)
	for range calls {
		take(t, r, "a", calls, period)
	}
	k.set(t, time.Hour)
	if d, decided := take(t, r, "a", calls, period); !decided || d.Wait == 0 {
		t.Errorf("got %+v, want the fence to refuse", d)
	}
	if d, decided := take(t, other, "a", calls, period); !decided || d.Wait > 0 {
		t.Errorf("got %+v from a process that admitted nothing yet: only Redis's clock counts", d)
	}
}

// steps are where the clock goes while calls are made. The hours end at the latest time, from which all goes on.
var steps = []time.Duration{0, -time.Hour, time.Hour, 300 * time.Millisecond, -300 * time.Millisecond, 2 * time.Hour, 90 * time.Minute}

// Wherever Redis's clock goes, no period holds more than it should of what a process admits.
func TestStepsOfTheClockKeepTheWindowExact(t *testing.T) {
	const (
		calls  = 5
		period = 300 * time.Millisecond
		length = 8 * time.Second
	)
	s, k := startOnClock(t)
	r := open(t, s.Address)
	end := time.Now().Add(length)
	var group sync.WaitGroup
	group.Go(func() {
		for random := rand.New(rand.NewPCG(6, 7)); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
			k.write(t, steps[random.IntN(len(steps))])
		}
	})
	admitted := admit(t, r, calls, period, end)
	group.Wait()
	k.set(t, 3*time.Hour)
	time.Sleep(period)
	for range calls {
		if d, decided := take(t, r, "a", calls, period); !decided || d.Wait > 0 {
			t.Errorf("got %+v, want to be admitted at a time later than all", d)
		}
	}
	if len(admitted) < 2*calls {
		t.Errorf("got %d admitted in %v", len(admitted), length)
	}
}

// admit asks until the end, and checks each call that is admitted against the one so many calls before it.
func admit(t *testing.T, r *throttle.Redis, calls int, period time.Duration, end time.Time) (asked []time.Time) {
	t.Helper()
	for ; time.Now().Before(end); time.Sleep(2 * time.Millisecond) {
		before := time.Now()
		if d, decided := take(t, r, "a", calls, period); !decided || d.Wait > 0 {
			continue
		}
		if asked = append(asked, before); len(asked) <= calls {
			continue
		}
		if apart := time.Since(asked[len(asked)-1-calls]); apart < period {
			t.Errorf("call %d was admitted %v after the one %d before it, want %v at least", len(asked), apart, calls, period)
		}
	}
	return asked
}
