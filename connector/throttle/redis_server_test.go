package throttle_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

const patience = 30 * time.Second

// open returns a process's share of the windows at an address.
func open(t testing.TB, address string) *throttle.Redis {
	t.Helper()
	return openWith(t, throttle.RedisConfig{URL: connector.NewSecret("redis://" + address)})
}

func openWith(t testing.TB, c throttle.RedisConfig) *throttle.Redis {
	t.Helper()
	r, err := throttle.NewRedis(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := r.Close(); err != nil {
			t.Error(err)
		}
	})
	return r
}

// ready waits until decisions are to be had.
func ready(t testing.TB, r *throttle.Redis) *throttle.Redis {
	t.Helper()
	waitUntil(t, "it is ready", patience, r.Ready)
	return r
}

func waitUntil(t testing.TB, what string, limit time.Duration, is func() bool) {
	t.Helper()
	for began := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(began) > limit {
			t.Fatalf("waited %v in vain: %s", limit, what)
		}
	}
}

// raw speaks to a server without a throttle in between.
func raw(t testing.TB, s *redistest.Server) *redis.Client {
	t.Helper()
	c := redis.NewClient(&redis.Options{Addr: s.Address, DisableIdentity: true})
	t.Cleanup(func() { _ = c.Close() })
	return c
}

// do runs a command of Redis's, given as words.
func do(t testing.TB, c redis.UniversalClient, line string) any {
	t.Helper()
	var words []any
	for word := range strings.FieldsSeq(line) {
		words = append(words, word)
	}
	reply, err := c.Do(t.Context(), words...).Result()
	if err != nil {
		t.Fatalf("%s: %v", line, err)
	}
	return reply
}

func keyOf(window string) string { return "inference-connector:{" + window + "}" }

func ask(t testing.TB, r *throttle.Redis, window string, l limit) connector.Decision {
	t.Helper()
	d, err := r.Take(t.Context(), window, l.calls, l.period)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// askInVain expects that there is no decision, as soon as promised (R8).
func askInVain(t testing.TB, r *throttle.Redis, window string) *connector.Error {
	t.Helper()
	began := time.Now()
	d, err := r.Take(context.Background(), window, 5, time.Minute)
	took := time.Since(began)
	e, ok := errors.AsType[*connector.Error](err)
	if !ok || e.Code != connector.RateLimiterUnavailable || e.RetryAfter != 5*time.Second || d != (connector.Decision{}) {
		t.Fatalf("got %+v, %v, want RateLimiterUnavailable and to come back in 5 s", d, err)
	}
	if took > 500*time.Millisecond+slack {
		t.Fatalf("no decision took %v, want 500 ms at most", took)
	}
	return e
}

// slack is what a busy machine may add to a promised time.
const slack = 2 * time.Second

// countStacks counts the goroutines whose stack holds one of words.
func countStacks(stacks string, words ...string) (n int) {
	for stack := range strings.SplitSeq(stacks, "\n\n") {
		if slices.ContainsFunc(words, func(word string) bool { return strings.Contains(stack, word) }) {
			n++
		}
	}
	return n
}
