package throttle_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle/redistest"
)

// R7: what a server answers when it cannot decide is an outage, with its own words in the log, and over as soon
// as the server can again.
func TestServerThatCannotDecide(t *testing.T) {
	for name, test := range map[string]struct {
		arguments  []string
		begin, end func(*testing.T, *redis.Client)
		says       string
	}{
		"a replica": {nil, commands("REPLICAOF 127.0.0.1 1"), commands("REPLICAOF NO ONE"), "READONLY"},
		"a replica without its master": {nil, commands("CONFIG SET replica-serve-stale-data no", "REPLICAOF 127.0.0.1 1"),
			commands("REPLICAOF NO ONE"), "MASTERDOWN"},
		"busy": {[]string{"--lua-time-limit", "20"}, neverEnding, commands("SCRIPT KILL"), "BUSY"},
		"loading": {[]string{"--enable-debug-command", "yes", "--loading-process-events-interval-bytes", "1024"},
			reload, untilLoaded, "LOADING"},
		"too few replicas": {nil, commands("CONFIG SET min-replicas-to-write 1"), commands("CONFIG SET min-replicas-to-write 0"), "NOREPLICAS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t, test.arguments...)
			c, r := raw(t, s), ready(t, open(t, s.Address))
			ask(t, r, "a", limit{5, time.Minute})
			test.begin(t, c)
			if e := askInVain(t, r, "a"); !strings.Contains(e.Err.Error(), test.says) {
				t.Errorf("got the cause %v, want %s", e.Err, test.says)
			}
			waitUntil(t, "it knows", patience, func() bool {
				_, _ = r.Take(t.Context(), "a", 5, time.Minute)
				return !r.Ready()
			})
			test.end(t, c)
			waitUntil(t, "it is ready again", 5*time.Second+slack, r.Ready)
			ask(t, r, "b", limit{5, time.Minute})
		})
	}
}

func commands(lines ...string) func(*testing.T, *redis.Client) {
	return func(t *testing.T, c *redis.Client) {
		t.Helper()
		for _, line := range lines {
			do(t, c, line)
		}
	}
}

// neverEnding runs a script of somebody else's until it is killed.
func neverEnding(t *testing.T, c *redis.Client) {
	go func() { _ = c.Eval(context.Background(), "while true do end", nil).Err() }()
	waitUntil(t, "the server is busy", patience, func() bool { return redis.HasErrorPrefix(c.Ping(t.Context()).Err(), "BUSY") })
}

// reload lets the server read what it holds once more, slowly.
func reload(t *testing.T, c *redis.Client) {
	do(t, c, "DEBUG POPULATE 20000")
	do(t, c, "CONFIG SET key-load-delay 50") // µs
	go func() { _ = c.Do(context.Background(), "DEBUG", "RELOAD").Err() }()
	waitUntil(t, "the server is loading", patience, func() bool { return redis.HasErrorPrefix(c.Get(t.Context(), "x").Err(), "LOADING") })
}

func untilLoaded(t *testing.T, c *redis.Client) {
	waitUntil(t, "the server has loaded", patience, func() bool { return !redis.HasErrorPrefix(c.Get(t.Context(), "x").Err(), "LOADING") })
}

// A window is small and goes by itself: a server that is out of memory still decides.
func TestServerOutOfMemory(t *testing.T) {
	s := redistest.Start(t)
	r, c := ready(t, open(t, s.Address)), raw(t, s)
	commands("CONFIG SET maxmemory-policy noeviction", "CONFIG SET maxmemory 1")(t, c)
	if err := c.Set(t.Context(), "x", "y", 0).Err(); !redis.HasErrorPrefix(err, "OOM") {
		t.Fatalf("got %v, want the server to be out of memory", err)
	}
	for remaining := 1; remaining >= 0; remaining-- {
		if d := ask(t, r, "a", limit{2, time.Minute}); d != (connector.Decision{Remaining: remaining}) {
			t.Fatalf("got %+v, want to be admitted with %d remaining", d, remaining)
		}
	}
	if d := ask(t, r, "a", limit{2, time.Minute}); d.Wait == 0 {
		t.Fatalf("got %+v, want to be refused", d)
	}
}

// A server that forgot the script is given it again, within the decision.
func TestForgottenScript(t *testing.T) {
	s := redistest.Start(t)
	c, r := raw(t, s), ready(t, open(t, s.Address))
	for remaining := 4; remaining >= 0; remaining-- {
		do(t, c, "SCRIPT FLUSH")
		if d := ask(t, r, "a", limit{5, time.Minute}); d.Wait > 0 || d.Remaining != remaining {
			t.Fatalf("got %+v, want %d remaining", d, remaining)
		}
	}
}

// Something else at the key of a window harms that one only.
func TestForeignValue(t *testing.T) {
	s := redistest.Start(t)
	c, r := raw(t, s), ready(t, open(t, s.Address))
	if err := c.Set(t.Context(), keyOf("a"), "foreign", 0).Err(); err != nil {
		t.Fatal(err)
	}
	for range 20 {
		if e := askInVain(t, r, "a"); !strings.Contains(e.Err.Error(), "WRONGTYPE") {
			t.Fatalf("got the cause %v, want WRONGTYPE", e.Err)
		}
	}
	if !r.Ready() {
		t.Error("it is not ready")
	}
	ask(t, r, "b", limit{5, time.Minute})
	do(t, c, "DEL "+keyOf("a"))
	ask(t, r, "a", limit{5, time.Minute})
}

// Failures count in a row: a good answer in between starts anew.
func TestFailuresInBetweenAreNoOutage(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r := ready(t, open(t, w.address))
	for range 4 {
		for range 4 {
			w.set(func() { w.lose = 2 })
			askInVain(t, r, "a")
		}
		ask(t, r, "b", limit{5, time.Minute})
		if !r.Ready() {
			t.Fatal("it is not ready")
		}
	}
}
