package throttle_test

import (
	"cmp"
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// asked is one decision, between two readings of the clock, which is Redis's too: it runs on this machine.
type asked struct {
	decision      connector.Decision
	before, after time.Time
}

// R1 and R2 against a model: the log of every admitted attempt, on Redis's clock.
func TestWindowIsExactOnRedis(t *testing.T) {
	for name, l := range map[string]limit{
		"1 in 100ms": {1, 100 * time.Millisecond}, "5 in 300ms": {5, 300 * time.Millisecond}, "40 in 700ms": {40, 700 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t)
			all := processes(t, s, 3)
			stop := follow(t, raw(t, s), l.period)
			calls := drive(t, all, l)
			admitted := stop()
			checkLog(t, admitted, l)
			checkDecisions(t, calls, admitted, l)
		})
	}
}

// follow collects the times of admitted attempts from Redis itself, where each stays for a period at least.
func follow(t *testing.T, c *redis.Client, period time.Duration) (stop func() []int64) {
	ctx, cancel := context.WithCancel(t.Context())
	times, ended := map[string]int64{}, make(chan struct{})
	look := func() {
		entries, err := c.ZRangeWithScores(t.Context(), keyOf("a"), 0, -1).Result()
		if err != nil {
			t.Error(err)
		}
		for _, e := range entries {
			times[e.Member.(string)] = int64(e.Score)
		}
	}
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			look()
			time.Sleep(period / 20)
		}
	}()
	return func() (list []int64) {
		cancel()
		<-ended
		look()
		for _, at := range times {
			list = append(list, at)
		}
		slices.Sort(list)
		return list
	}
}

// drive asks from several goroutines: in bursts, as a slot frees, and anywhere.
func drive(t *testing.T, all []*throttle.Redis, l limit) (calls []asked) {
	var mu sync.Mutex
	var group sync.WaitGroup
	end := time.Now().Add(3 * time.Second)
	for i := range 6 {
		random := rand.New(rand.NewPCG(uint64(i), 1))
		group.Go(func() {
			for time.Now().Before(end) {
				call := asked{before: time.Now()}
				d, err := all[i%len(all)].Take(t.Context(), "a", l.calls, l.period)
				call.after, call.decision = time.Now(), d
				mu.Lock()
				if err == nil { // a busy machine can be too slow for a decision
					calls = append(calls, call)
				}
				mu.Unlock()
				switch random.IntN(4) {
				case 0:
					time.Sleep(d.Wait)
				case 1:
					time.Sleep(time.Duration(random.Int64N(int64(l.period) / int64(l.calls))))
				case 2:
					time.Sleep(time.Millisecond)
				}
			}
		})
	}
	group.Wait()
	return calls
}

// checkLog checks that no period, wherever it begins, holds more than it should.
func checkLog(t *testing.T, admitted []int64, l limit) {
	for i := l.calls; i < len(admitted); i++ {
		if apart := admitted[i] - admitted[i-l.calls]; apart < l.period.Microseconds() {
			t.Errorf("attempts %d and %d are %d µs apart, want %d", i-l.calls, i, apart, l.period.Microseconds())
		}
	}
	if len(admitted) < 3*l.calls {
		t.Errorf("got %d admitted, want more", len(admitted))
	}
}

// checkDecisions checks that whoever was admitted stands in the log, and that whoever was refused met a full
// window.
func checkDecisions(t *testing.T, calls []asked, admitted []int64, l limit) {
	slices.SortFunc(calls, func(a, b asked) int { return cmp.Compare(a.before.UnixMicro(), b.before.UnixMicro()) })
	let, refused := 0, 0
	for _, call := range calls {
		if call.decision.Wait == 0 {
			let++
			continue
		}
		refused++
		// whenever it was decided, all that was admitted in the period before counts
		from, to := call.before.Add(-l.period).UnixMicro(), call.after.UnixMicro()
		taken := 0
		for _, at := range admitted {
			if at >= from && at <= to {
				taken++
			}
		}
		if taken < l.calls {
			t.Errorf("refused with %d of %d slots taken", taken, l.calls)
		}
	}
	if lost := len(admitted) - let; lost < 0 || lost > len(admitted)/10 {
		t.Errorf("got %d admitted here and %d there, want as many but for a few that met the process's own window", let, len(admitted))
	}
	if refused < 100 {
		t.Errorf("got %d refused, want more", refused)
	}
}
