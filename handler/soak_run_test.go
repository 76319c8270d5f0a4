//go:build soak && linux

package main_test

import (
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"
)

// A soak is the program with its endpoints and its callers.
type soak struct {
	process *watched
	failing *failing
	ledger  *ledger
	callers []caller
	shared  *http.Transport
}

// restAfter starts all, does some work, lets the callers and then the endpoints go, and tells what is left.
func restAfter(t *testing.T, binary string, work func(*soak)) atRest {
	t.Helper()
	s := &soak{ledger: newLedger(), shared: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 4}}
	s.failing = startFailing(t, s.ledger)
	s.callers = callersOf(s.failing)
	s.process = watch(t, binary, []string{
		"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", s.connections(t)), "CONNECTOR_EXTRA_CA_FILE=" + s.failing.authority,
		"CONNECTOR_CALL_TIMEOUT=4s", "CONNECTOR_FIRST_BYTE_TIMEOUT=4s", "CONNECTOR_GAP_TIMEOUT=4s", // shorter than the patience of the callers
	}, s.ledger.logged)
	work(s)
	s.shared.CloseIdleConnections()
	s.failing.leave(t)
	left := s.process.rest(t)
	s.ledger.check(t)
	return left
}

func (s *soak) connections(t *testing.T) string {
	t.Helper()
	type table map[string]any
	callers := []table{{"name": "soak", "key": programKey}}
	connection := func(path string, calls, period int) table {
		return table{"endpoint": "http://" + s.failing.address() + path, "callers": callers, "rateLimit": table{"calls": calls, "renewalPeriod": period}}
	}
	text, err := json.Marshal(table{
		"connections": table{
			"default": connection("/models", 100_000, 10), "openai": connection("/v1", 100_000, 10), "limited": connection("/models", 100, 60),
		},
		"byo": table{"brought": table{
			"allowHosts": []string{strings.Replace(s.failing.tls.Listener.Addr().String(), "127.0.0.1", "localhost", 1)},
			"egress":     table{"allowCidrs": []string{"127.0.0.0/8", "::1/128"}}, "callers": callers, "rateLimit": table{"calls": 100_000, "renewalPeriod": 10},
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// callOnce makes one call of each kind. The endpoint has no faults then, so each is answered as it should be.
func (s *soak) callOnce(t *testing.T) {
	t.Helper()
	for _, c := range s.callers {
		if c.leaves || c.kind == "limited" {
			continue // what these get depends on what was before
		}
		transport, end := s.transport(c)
		if status, code := s.call(c, transport); status != c.may[0] || status == http.StatusOK && code != "" {
			t.Errorf("%s without faults: %d %s", c.kind, status, code)
		}
		end()
	}
}

// transport is the way of a caller to the program.
func (s *soak) transport(c caller) (way http.RoundTripper, end func()) {
	if !c.alone {
		return s.shared, func() {}
	}
	l := &line{address: strings.TrimPrefix(s.process.url, "http://"), mistake: s.ledger.mistake}
	return l, l.close
}

// run lets all callers call while the faults take turns, and returns what the process used meanwhile.
func (s *soak) run(t *testing.T, d time.Duration) (used []sample) {
	t.Helper()
	over := make(chan struct{})
	var all sync.WaitGroup
	for range 2 {
		for _, c := range s.callers {
			all.Go(func() { s.keepCalling(c, over) })
		}
	}
	all.Go(func() {
		for ticks := time.Tick(sampleEvery); ; {
			select {
			case <-ticks:
				used = append(used, s.process.sample(t))
			case <-over:
				return
			}
		}
	})
	s.failing.takeTurns(t, d)
	close(over)
	all.Wait()
	return used
}

// keepCalling calls about twenty times in a second.
func (s *soak) keepCalling(c caller, over <-chan struct{}) {
	transport, end := s.transport(c)
	defer end()
	for {
		s.call(c, transport)
		select {
		case <-time.After(rand.N(100 * time.Millisecond)):
		case <-over:
			return
		}
	}
}
