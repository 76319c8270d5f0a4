package endpoint

import (
	"context"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/net/http2"

	"inferenceconnector/connector"
)

// An endpoint that stops reading holds a call no longer than its budget, and what it was to be sent, and its
// connection, for no more than five seconds longer (R13). Over HTTP/2 no call may close the connection that it shares.
func TestEndpointStopsReading(t *testing.T) {
	stop := then(
		func(f frames) error {
			return f.WriteSettings(http2.Setting{ID: http2.SettingInitialWindowSize, Val: 1 << 30})
		},
		func(f frames) error { return f.WriteWindowUpdate(0, 1<<30) },
		func(f frames) error {
			<-f.over
			return nil
		})
	c := newFaultCall(t, fault{frames: stop, budget: time.Second, want: everywhere(connector.UpstreamTimeout)}, "JSON")
	c.input = strings.Replace(c.input, "Hi", strings.Repeat("Hi", 6<<20), 1) // more than sockets hold
	open := c.followClient()
	c.make(t)
	if got := c.got(); got != c.want || c.took > c.budget+10*time.Second {
		t.Errorf("got %+v after %v, want %+v: %v", got, c.took, c.want, c.err)
	}
	for ended := time.Now(); open.Load() > 0; time.Sleep(10 * time.Millisecond) {
		if c.endpoint.Close(); time.Since(ended) > 5*time.Second+slack {
			t.Fatal("the connection stays")
		}
	}
}

// followClient counts the connections that our side has not closed.
func (c *faultCall) followClient() (open *atomic.Int32) {
	open = &atomic.Int32{}
	dial := c.endpoint.transport.DialContext
	c.endpoint.transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := dial(ctx, network, address)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		return &followed{Conn: conn, closed: func() { open.Add(-1) }}, nil
	}
	return open
}
