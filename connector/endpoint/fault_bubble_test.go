package endpoint

import (
	"context"
	"crypto/tls"
	"net"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// slack is how much later than its budget a call may end: the waits between three attempts, and no more.
const slack = 3 * time.Second

// playInBubble makes a call of each kind to an endpoint with a fault, with the usual budgets, and checks when it ends.
// Nothing of it may stay for more than five seconds (R13).
func playInBubble(t *testing.T, faults map[string]lateFault) {
	t.Helper()
	for name, f := range faults {
		for kind := range f.want {
			t.Run(name+", "+kind, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					c := newFaultInBubble(t, f.fault, kind)
					c.make(t)
					if got := c.got(); got != c.want {
						t.Errorf("got %+v, want %+v: %v%.200s", got, c.want, c.err, c.text)
					}
					if want := f.took[kind]; c.took < want || c.took > want+slack {
						t.Errorf("took %v, want %v", c.took, want)
					}
					if requests := int(c.requests.Load()); requests != c.want.attempts && !c.plain {
						t.Errorf("got %d requests, want %d", requests, c.want.attempts)
					}
					c.checkText(t)
					synctest.Wait()
					c.endpoint.Close()
					time.Sleep(5 * time.Second)
					if c.open.Load() > 0 {
						t.Errorf("got %d connections that stay", c.open.Load())
					}
				})
			})
		}
	}
}

// A lateFault is one that costs time, by the kind of call.
type lateFault struct {
	fault
	took map[string]time.Duration
}

// newFaultInBubble makes a call over pipes, as sockets of the system know no bubbles.
func newFaultInBubble(t testing.TB, f fault, name string) *faultCall {
	t.Helper()
	c := prepareFault(f, name)
	t.Cleanup(func() { close(c.over) })
	e := newEndpoint(t, at(c.endpointConfig(), c.scheme()+"://127.0.0.1:8080"))
	e.transport.DialContext = c.dialInBubble
	c.reach(e)
	return c
}

func (f *faulty) dialInBubble(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	f.open.Add(1)
	go func() {
		defer theirs.Close()
		if f.config != nil {
			theirs = tls.Server(theirs, f.config)
		}
		f.talk(theirs)
	}()
	return &followed{Conn: ours, closed: func() { f.open.Add(-1) }}, nil
}

// followed tells when our side of a connection is closed.
type followed struct {
	net.Conn
	once   sync.Once
	closed func()
}

func (f *followed) Close() error {
	f.once.Do(f.closed)
	return f.Conn.Close()
}
