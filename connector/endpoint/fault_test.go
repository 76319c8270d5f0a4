package endpoint

import (
	"io"
	"log"
	"net"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// playFaults makes a call of each kind to an endpoint with each fault, and checks what comes of it
// (contract/reliability.md sections 3, 4 and 9). Nothing of it may stay behind (R13).
func playFaults(t *testing.T, faults map[string]fault) {
	t.Helper()
	log.SetOutput(io.Discard) // net/http tells there of answers that nobody asked for
	t.Cleanup(func() { log.SetOutput(os.Stderr) })
	before := runtime.NumGoroutine()
	t.Run("all", func(t *testing.T) {
		calls := map[string]*faultCall{}
		for name, f := range faults {
			for kind := range f.want {
				calls[name+", "+kind] = newFaultCall(t, f, kind)
			}
		}
		makeAll(t, calls)
		for name, c := range calls {
			t.Run(name, c.check)
		}
	})
	if after := settledWithin(5*time.Second, before); after > before {
		stacks := make([]byte, 64<<10)
		t.Errorf("got %d goroutines, want %d\n%s", after, before, stacks[:runtime.Stack(stacks, true)])
	}
}

// makeAll makes calls at once, but not too many.
func makeAll(t *testing.T, calls map[string]*faultCall) {
	var all sync.WaitGroup
	places := make(chan struct{}, 32)
	for _, c := range calls {
		all.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			if c.warm {
				c.make(t)
				c.requests.Store(0)
			}
			c.make(t)
		})
	}
	all.Wait()
}

func (c *faultCall) check(t *testing.T) {
	if got := c.got(); got != c.want {
		t.Fatalf("got %+v, want %+v: %v%.200s", got, c.want, c.err, c.text)
	}
	slots := 100 - c.record.Remaining
	if c.warm {
		slots-- // of the good call
	}
	if requests := int(c.requests.Load()); requests != c.want.attempts || slots != c.want.attempts {
		t.Errorf("got %d requests and %d slots taken, want %d", requests, slots, c.want.attempts)
	}
	if c.took > 30*time.Second { // most faults need no budget, and the waits between attempts are short
		t.Errorf("took %v", c.took)
	}
	c.checkText(t)
	for start := time.Now(); c.open.Load() > 0; time.Sleep(5 * time.Millisecond) {
		c.endpoint.Close() // those that no call uses may stay, and are in use as long as their last call is wound up
		if time.Since(start) > 5*time.Second {
			t.Fatalf("got %d connections that stay", c.open.Load())
		}
	}
}

// checkText checks what the caller sees: all of an answer, or a failure without a part of one (R20, R22), and
// nothing about the endpoint (S18).
func (c *faultCall) checkText(t *testing.T) {
	switch {
	case c.want.code == "":
		if c.text != c.body {
			t.Errorf("got %.200q, want %q", c.text, c.body)
		}
	case c.want.begun:
		before, _ := broke(t, &connector.Request{Record: c.record}, c.text, c.want.code)
		if strings.Trim(strings.ReplaceAll(before, event1, ""), "\n") != "" {
			t.Errorf("got %.200q before the end", before)
		}
	case !strings.HasPrefix(c.text, `{"error":{"code":"`) || strings.Contains(c.text, "[DONE]"):
		t.Errorf("got %.200q, want one error", c.text)
	}
	host, port, _ := net.SplitHostPort(c.endpoint.Host())
	for _, private := range []string{secretText, host, port, "/models", "tcp", "x509", "hidden"} {
		if c.want.code != "" && strings.Contains(c.text, private) {
			t.Errorf("got %q in %.200q", private, c.text)
		}
	}
	if strings.Contains(c.causes(), secretText) {
		t.Errorf("got the key for the log: %.200q", c.causes())
	}
}

// settledWithin waits until there are no more than want goroutines, but not for ever.
func settledWithin(limit time.Duration, want int) (count int) {
	for start := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		if count = runtime.NumGoroutine(); count <= want || time.Since(start) > limit {
			return count
		}
	}
}
