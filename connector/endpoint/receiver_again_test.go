package endpoint

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// receiveInBubble returns a Receiver over pipes, and when its requests came.
func receiveInBubble(t testing.TB, handler http.HandlerFunc) (r *Receiver, came func() []time.Duration) {
	t.Helper()
	start := time.Now()
	var mu sync.Mutex
	var times []time.Duration
	keys := map[string]bool{}
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		times = append(times, time.Since(start))
		keys[r.Header.Get("Idempotency-Key")] = true
		mu.Unlock()
		_, _ = io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	server.Listener.Close()
	server.Listener = pipes
	server.Start()
	t.Cleanup(server.Close)
	r = newReceiver(t, ReceiverConfig{URL: connector.NewSecret("http://localhost" + signed), Egress: Egress{TrustLoopback: true}})
	r.transport.DialContext = pipes.dial
	return r, func() []time.Duration {
		mu.Lock()
		defer mu.Unlock()
		if len(keys) > 1 {
			t.Errorf("got several keys: %v", keys)
		}
		return times
	}
}

// inTurn answers each request as the next handler does, and the last one again and again.
func inTurn(handlers ...http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		now := handlers[0]
		handlers = handlers[min(1, len(handlers)-1):]
		now(w, r)
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func asking(code int, wait string) http.HandlerFunc { return headed("Retry-After", wait, status(code)) }

func TestDeliverAgain(t *testing.T) {
	const s = time.Second
	for name, test := range map[string]struct {
		handler  http.HandlerFunc
		deadline time.Duration   // of the caller, 0 for none
		waits    []time.Duration // at least so long before each further attempt, and at most a quarter more
		fails    bool
	}{
		"taken":                        {status(200), 0, nil, false},
		"taken without content":        {status(204), 0, nil, false},
		"unavailable once":             {inTurn(status(503), status(202)), 0, []time.Duration{s}, false},
		"unavailable thrice":           {inTurn(status(500), status(502), status(504), status(200)), 0, []time.Duration{s, 4 * s, 16 * s}, false},
		"unavailable for good":         {status(503), 0, []time.Duration{s, 4 * s, 16 * s}, true},
		"closed":                       {inTurn(abort, status(200)), 0, []time.Duration{s}, false},
		"closed for good":              {abort, 0, []time.Duration{s, 4 * s, 16 * s}, true},
		"too slow there":               {inTurn(status(408), status(200)), 0, []time.Duration{s}, false},
		"asked to wait":                {inTurn(asking(429, "7"), status(200)), 0, []time.Duration{7 * s}, false},
		"asked to wait less":           {inTurn(status(503), asking(503, "2"), status(200)), 0, []time.Duration{s, 4 * s}, false},
		"asked to wait for a minute":   {inTurn(asking(503, "60"), status(200)), 0, []time.Duration{60 * s}, false},
		"asked to wait for long":       {inTurn(asking(503, "3600"), status(200)), 0, []time.Duration{60 * s}, false},
		"asked in other words":         {inTurn(asking(503, "soon"), status(200)), 0, []time.Duration{s}, false},
		"asked to come back yesterday": {inTurn(asking(503, "Fri, 31 Dec 1999 23:59:59 GMT"), status(200)), 0, []time.Duration{s}, false},
		"refused":                      {inTurn(status(403), status(200)), 0, nil, true},
		"gone":                         {inTurn(status(410), status(200)), 0, nil, true},
		"redirect":                     {inTurn(status(302), status(200)), 0, nil, true},
		"little time":                  {inTurn(status(503), status(200)), 3 * s, nil, true},
		"some time":                    {status(503), 12 * s, []time.Duration{s, 4 * s}, true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, came := receiveInBubble(t, test.handler)
				ctx, start := t.Context(), time.Now()
				if test.deadline > 0 {
					var cancel context.CancelFunc
					ctx, cancel = context.WithTimeout(ctx, test.deadline)
					defer cancel()
				}
				err := r.Deliver(ctx, "1", []byte(`{}`))
				if (err != nil) != test.fails {
					t.Errorf("got %v, want failure: %t", err, test.fails)
				}
				if err != nil {
					wantCode(t, err, connector.DeliveryFailed)
				}
				got := came()
				if len(got) != len(test.waits)+1 {
					t.Fatalf("got requests after %v, want %d", got, len(test.waits)+1)
				}
				for i, want := range test.waits {
					if wait := got[i+1] - got[i]; wait < want || wait > want+want/4 {
						t.Errorf("wait %d: got %v, want %v and up to a quarter more", i+1, wait, want)
					}
				}
				if after := time.Since(start) - got[len(got)-1]; after != 0 {
					t.Errorf("it took %v after the last attempt", after)
				}
			})
		})
	}
}

// Many that fail at once do not come back at once.
func TestDeliverWaitsDiffer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, came := receiveInBubble(t, status(503))
		_, _ = r.Deliver(t.Context(), "1", []byte(`{}`)), r.Deliver(t.Context(), "1", []byte(`{}`))
		got := came()
		if first, second := got[1]-got[0], got[5]-got[4]; first == second {
			t.Errorf("both waited %v", first)
		}
	})
}

// An attempt ends after 20 s, also when the answer has begun and does not end.
func TestDeliverToSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, came := receiveInBubble(t, hang)
		start := time.Now()
		failure := wantCode(t, r.Deliver(t.Context(), "1", []byte(`{}`)), connector.DeliveryFailed)
		if took := time.Since(start); len(came()) != 4 || took < 101*time.Second || took > 107*time.Second {
			t.Errorf("got %v in %v: %v", came(), took, failure)
		}
	})
	synctest.Test(t, func(t *testing.T) {
		r, came := receiveInBubble(t, chain(head(startJSON), hang))
		start := time.Now()
		if err := r.Deliver(t.Context(), "1", []byte(`{}`)); err != nil || len(came()) != 1 || time.Since(start) > 20*time.Second {
			t.Errorf("got %v after %v", err, time.Since(start))
		}
	})
}

// Whoever goes down does not wait.
func TestDeliverUntilCancelled(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{"in an attempt": hang, "between attempts": status(503)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, came := receiveInBubble(t, handler)
				ctx, cancel := newCause(t)
				time.AfterFunc(500*time.Millisecond, func() { cancel(goingDown) })
				start := time.Now()
				wantCode(t, r.Deliver(ctx, "1", []byte(`{}`)), connector.DeliveryFailed)
				if took := time.Since(start); took != 500*time.Millisecond || len(came()) != 1 {
					t.Errorf("got %v after %v", came(), took)
				}
			})
		})
	}
}
