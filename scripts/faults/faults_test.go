package faults

import (
	"context"
	"errors"
	"fmt"
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

// slack is what a busy machine may add to a promised time.
const slack = 2 * time.Second

func open(t *testing.T, address string) *throttle.Redis {
	t.Helper()
	r, err := throttle.NewRedis(throttle.RedisConfig{URL: connector.NewSecret("redis://" + address)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = r.Close() })
	untilReady(t, r)
	return r
}

func untilReady(t *testing.T, r *throttle.Redis) {
	t.Helper()
	for began := time.Now(); !r.Ready(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > 5*time.Second+slack {
			t.Fatal("it is not ready within 5 s")
		}
	}
}

// take asks, and checks what holds of every answer.
func take(t *testing.T, r *throttle.Redis, window string, calls int, period time.Duration) (d connector.Decision, decided bool) {
	t.Helper()
	began := time.Now()
	d, err := r.Take(context.Background(), window, calls, period)
	if took := time.Since(began); took > 500*time.Millisecond+slack {
		t.Errorf("an answer took %v, want 500 ms at most", took)
	}
	if err == nil {
		return d, true
	}
	if e, ok := errors.AsType[*connector.Error](err); !ok || e.Code != connector.RateLimiterUnavailable || e.RetryAfter != 5*time.Second {
		t.Errorf("got %v, want RateLimiterUnavailable", err)
	}
	return d, false
}

// What a network does is survived, or is an outage: closed, and over soon after (R8).
func TestFaults(t *testing.T) {
	for name, test := range map[string]struct {
		toxics  []string
		decides bool
	}{
		"a far Redis":              {[]string{`{"type":"latency","attributes":{"latency":50,"jitter":10}}`}, true},
		"too far":                  {[]string{`{"type":"latency","attributes":{"latency":400}}`}, false},
		"questions too late":       {[]string{`{"type":"latency","stream":"upstream","attributes":{"latency":400}}`}, false},
		"in pieces":                {[]string{`{"type":"slicer","attributes":{"average_size":3,"size_variation":2,"delay":50}}`}, true},
		"questions in pieces":      {[]string{`{"type":"slicer","stream":"upstream","attributes":{"average_size":40,"size_variation":20,"delay":50}}`}, true},
		"a narrow line":            {[]string{`{"type":"bandwidth","attributes":{"rate":50}}`}, true},
		"answers are swallowed":    {[]string{`{"type":"timeout","attributes":{"timeout":0}}`}, false},
		"questions vanish":         {[]string{`{"type":"timeout","stream":"upstream","attributes":{"timeout":0}}`}, false},
		"nothing, then closed":     {[]string{`{"type":"timeout","attributes":{"timeout":100}}`}, false},
		"reset after the question": {[]string{`{"type":"reset_peer","attributes":{"timeout":0}}`}, false},
		"reset before it":          {[]string{`{"type":"reset_peer","stream":"upstream","attributes":{"timeout":0}}`}, false},
		"half an answer":           {[]string{`{"type":"limit_data","attributes":{"bytes":5}}`}, false},
		"closed late":              {[]string{`{"type":"slow_close","attributes":{"delay":1000}}`}, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t)
			p := startProxy(t, s.Address)
			r := open(t, p.Listen)
			for _, toxic := range test.toxics {
				p.fail(t, toxic)
			}
			for i := range 8 {
				if _, decided := take(t, r, fmt.Sprint(i), 5, time.Minute); decided != test.decides {
					t.Fatalf("call %d: got decided %v, want %v", i, decided, test.decides)
				}
			}
			if r.Ready() != test.decides {
				t.Errorf("got ready %v, want %v", r.Ready(), test.decides)
			}
			p.mend(t)
			untilReady(t, r)
			for range 5 {
				if d, decided := take(t, r, "after", 5, time.Minute); !decided || d.Wait > 0 {
					t.Errorf("got %+v, %v after it, want to be admitted", d, decided)
				}
			}
		})
	}
}

// noises come and go while the window must stay exact.
var noises = []string{
	`{"type":"latency","attributes":{"latency":30,"jitter":30}}`,
	`{"type":"latency","stream":"upstream","attributes":{"latency":150,"jitter":100}}`,
	`{"type":"timeout","attributes":{"timeout":0}}`,
	`{"type":"reset_peer","attributes":{"timeout":0},"toxicity":0.5}`,
	`{"type":"limit_data","attributes":{"bytes":30},"toxicity":0.5}`,
	`{"type":"slicer","attributes":{"average_size":3,"size_variation":2,"delay":1000}}`,
}

// R1 and R7 with answers that get lost, come late and are asked for again: no period holds more than it should,
// and each attempt that was admitted took one slot.
func TestNoiseKeepsTheWindowExact(t *testing.T) {
	const (
		calls  = 8
		period = 400 * time.Millisecond
		length = 12 * time.Second
	)
	s := redistest.Start(t)
	c := redis.NewClient(&redis.Options{Addr: s.Address})
	defer c.Close()
	stop := follow(t, c, period)
	var mu sync.Mutex
	var group sync.WaitGroup
	admitted := 0
	for i := range 3 {
		p := startProxy(t, s.Address)
		r := open(t, p.Listen)
		end := time.Now().Add(length)
		random := rand.New(rand.NewPCG(uint64(i), 7))
		group.Go(func() {
			for time.Now().Before(end) {
				p.fail(t, noises[random.IntN(len(noises))])
				time.Sleep(time.Duration(random.Int64N(int64(700 * time.Millisecond))))
				p.mend(t)
				time.Sleep(time.Duration(random.Int64N(int64(1500 * time.Millisecond))))
			}
		})
		for range 3 {
			group.Go(func() {
				for time.Now().Before(end) {
					if d, decided := take(t, r, "a", calls, period); decided && d.Wait == 0 {
						mu.Lock()
						admitted++
						mu.Unlock()
					}
					time.Sleep(5 * time.Millisecond)
				}
			})
		}
	}
	group.Wait()
	log := stop()
	for i := calls; i < len(log); i++ {
		if apart := log[i] - log[i-calls]; apart < period.Microseconds() {
			t.Errorf("attempts %d and %d are %d µs apart, want %d", i-calls, i, apart, period.Microseconds())
		}
	}
	if admitted > len(log) || admitted < len(log)/3 || admitted < 10*calls {
		t.Errorf("got %d admitted here and %d at Redis", admitted, len(log))
	}
}

// follow collects the times of admitted attempts from Redis itself, where each stays for a period at least.
func follow(t *testing.T, c *redis.Client, period time.Duration) (stop func() []int64) {
	ctx, cancel := context.WithCancel(t.Context())
	times, ended := map[string]int64{}, make(chan struct{})
	go func() {
		defer close(ended)
		for ctx.Err() == nil {
			entries, err := c.ZRangeWithScores(t.Context(), "inference-connector:{a}", 0, -1).Result()
			if err != nil {
				t.Error(err)
			}
			for _, e := range entries {
				times[e.Member.(string)] = int64(e.Score)
			}
			time.Sleep(period / 20)
		}
	}()
	return func() (list []int64) {
		time.Sleep(period / 5)
		cancel()
		<-ended
		for _, at := range times {
			list = append(list, at)
		}
		slices.Sort(list)
		return list
	}
}
