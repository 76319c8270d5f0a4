package throttle_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// outages are ways to lose Redis, by what each does to the wire and the server.
var outages = map[string]struct {
	begin, end func(*wire, *redistest.Server)
}{
	"connections are refused": {
		func(w *wire, s *redistest.Server) { w.set(func() { w.refuses = true }); s.Stop() },
		func(w *wire, s *redistest.Server) { s.Restart(); w.mend() },
	},
	"the server hangs":   {func(_ *wire, s *redistest.Server) { s.Suspend() }, func(_ *wire, s *redistest.Server) { s.Resume() }},
	"answers are slow":   {func(w *wire, _ *redistest.Server) { w.set(func() { w.delay = 300 * time.Millisecond }) }, func(w *wire, _ *redistest.Server) { w.mend() }},
	"nothing gets there": {func(w *wire, _ *redistest.Server) { w.cut() }, func(w *wire, _ *redistest.Server) { w.mend() }},
	"answers get lost":   {func(w *wire, _ *redistest.Server) { w.set(func() { w.lose = 1 << 30 }) }, func(w *wire, _ *redistest.Server) { w.set(func() { w.lose = 0 }) }},
}

// R8: closed, soon, and back soon.
func TestOutage(t *testing.T) {
	for name, outage := range outages {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := redistest.Start(t)
			w := newWire(t, s.Address)
			r := ready(t, open(t, w.address))
			crowd(t, r, 20) // for as many connections
			outage.begin(w, s)
			for range 5 {
				if e := askInVain(t, r, "a"); e.Err == nil {
					t.Error("the error has no cause")
				}
			}
			if r.Ready() {
				t.Error("it is ready after 5 failures in a row")
			}
			checkFailsAtOnce(t, r, w)
			outage.end(w, s)
			waitUntil(t, "it is ready again", 5*time.Second+slack, r.Ready)
			for range 20 {
				ask(t, r, "b", limit{100, time.Minute})
			}
		})
	}
}

// crowd asks from several goroutines at once.
func crowd(t *testing.T, r *throttle.Redis, callers int) {
	t.Helper()
	var group sync.WaitGroup
	for range callers {
		group.Go(func() {
			if _, err := r.Take(t.Context(), "rush", 1000, time.Minute); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
}

// checkFailsAtOnce asks very often for some seconds: but for the probes, which come once a second, nobody
// connects or waits.
func checkFailsAtOnce(t *testing.T, r *throttle.Redis, w *wire) {
	t.Helper()
	const seconds = 3
	connected, asked := w.connections(), 0
	began := time.Now()
	for ; time.Since(began) < seconds*time.Second; asked++ {
		askInVain(t, r, fmt.Sprint(asked))
		time.Sleep(time.Millisecond)
	}
	if asked < 500 {
		t.Errorf("got %d answers in %d s, want them at once", asked, seconds)
	}
	took := int(time.Since(began)/time.Second) + 1
	if probes := w.connections() - connected; probes < 2 || probes > took+1 {
		t.Errorf("got %d connections in %d s, want one for each second", probes, took)
	}
}

// The first answer that is there decides about readiness; calls need not wait for it.
func TestReadyAtTheStart(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	w.set(func() { w.delay = 20 * time.Millisecond })
	r := open(t, w.address)
	if r.Ready() {
		t.Error("it is ready before any answer came")
	}
	ask(t, r, "a", limit{1, time.Minute})
	if !r.Ready() {
		t.Error("it is not ready after an answer")
	}
}

// A process that starts during an outage knows from its first probe on.
func TestStartDuringAnOutage(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	w.set(func() { w.refuses = true })
	r := open(t, w.address)
	waitUntil(t, "the first probe failed", patience, func() bool {
		e := askInVain(t, r, "a")
		return e.Err != nil && w.connections() > 0
	})
	if r.Ready() {
		t.Error("it is ready in an outage")
	}
	w.mend()
	waitUntil(t, "it is ready", 5*time.Second+slack, r.Ready)
	ask(t, r, "a", limit{1, time.Minute})
}

// Connections that died without a word, as in a failover, do not outlive the outage, however many there were.
func TestDeadConnectionsAreLeftBehind(t *testing.T) {
	s := redistest.Start(t)
	w := newWire(t, s.Address)
	r := ready(t, open(t, w.address))
	w.set(func() { w.delay = 20 * time.Millisecond })
	crowd(t, r, 30)
	if n := w.connections(); n < 16 {
		t.Fatalf("got %d connections, want more", n)
	}
	w.cut()
	w.mend() // for new ones
	began := time.Now()
	for served := 0; served < 50; { // in a row
		if _, err := r.Take(t.Context(), fmt.Sprint(served), 5, time.Minute); err != nil {
			served = -1
		}
		served++
		if time.Since(began) > 5*time.Second+slack {
			t.Fatal("no normal service within 5 s")
		}
	}
}

// A decision that failed for its caller is an error of ours, whatever was wrong.
func TestErrorsAreOurs(t *testing.T) {
	s := redistest.Start(t)
	r := ready(t, open(t, s.Address))
	s.Stop()
	for range 10 {
		_, err := r.Take(t.Context(), "a", 1, time.Second)
		if _, ok := errors.AsType[*connector.Error](err); !ok {
			t.Fatalf("got %v, want an error of the connector's", err)
		}
	}
}
