package endpoint

import (
	"strings"
	"testing"
	"testing/synctest"

	"golang.org/x/net/http2"

	"inferenceconnector/connector"
)

// A receiver with a fault is tried four times where that can help, by us and not by net/http, and what is told of it
// keeps its address.
func TestFaultsOfReceivers(t *testing.T) {
	for name, test := range map[string]struct {
		fault
		attempts int32
	}{
		"closed unread":        {fault{early: true}, 4},
		"closed":               {fault{}, 4},
		"half a status line":   {fault{answer: "HTTP/1.1 20"}, 4},
		"half a head":          {fault{answer: okHead}, 4},
		"its own words":        {fault{answer: "POST " + signed + " HTTP/1.1\r\n\r\n"}, 4},
		"a storm of 103":       {fault{again: strings.Repeat("HTTP/1.1 103 Oh\r\nLink: x\r\n\r\n", 100)}, 4},
		"endless headers":      {fault{answer: okHead, again: strings.Repeat("X: y\r\n", 100)}, 4},
		"status 999":           {fault{answer: "HTTP/1.1 999 Oh\r\nContent-Length: 0\r\n\r\n"}, 4},
		"101":                  {fault{answer: "HTTP/1.1 101 Oh\r\n\r\n"}, 1},
		"a redirect":           {fault{answer: "HTTP/1.1 307 Oh\r\nLocation: https://hidden.example/\r\nContent-Length: 0\r\n\r\n"}, 1},
		"a good answer, half":  {fault{answer: okHead + "Content-Length: 99\r\n\r\n%half"}, 0},
		"a good answer, bomb":  {fault{answer: okHead + "\r\n", again: strings.Repeat(" ", 4096)}, 0},
		"a good answer, slow":  {fault{answer: wholeAnswer, drip: 10_000_000}, 0},
		"a good answer":        {fault{answer: wholeAnswer}, 0},
		"nothing, and no more": {fault{answer: "HTTP/1.1 204 Oh\r\n\r\n"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c := prepareFault(test.fault, "JSON")
				t.Cleanup(func() { close(c.over) })
				r := newReceiver(t, ReceiverConfig{URL: connector.NewSecret(c.scheme() + "://127.0.0.1:8080" + signed),
					Egress: Egress{TrustLoopback: true}, Roots: c.endpointConfig().Roots})
				r.transport.DialContext = c.dialInBubble
				err := r.Deliver(t.Context(), "id", []byte(`{"said":"hidden"}`))
				if good := test.attempts == 0; (err == nil) != good || c.requests.Load() != max(test.attempts, 1) {
					t.Errorf("got %v and %d requests, want %d", err, c.requests.Load(), test.attempts)
				}
				if err != nil && (strings.Contains(err.Error(), signed[:8]) || strings.Contains(err.Error(), "hidden")) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// An attempt over HTTP/2 is one request, however it is refused: net/http makes no second one of it.
func TestAttemptAtReceiverIsOneRequest(t *testing.T) {
	for name, refuse := range map[string]func(frames) error{
		"refused":    func(f frames) error { return f.WriteRSTStream(f.stream, http2.ErrCodeRefusedStream) },
		"reset":      reset2,
		"going away": func(f frames) error { return f.WriteGoAway(0, http2.ErrCodeNo, []byte(signed)) },
	} {
		t.Run(name, func(t *testing.T) {
			c := prepareFault(fault{frames: refuse}, "JSON")
			r := newReceiver(t, ReceiverConfig{URL: connector.NewSecret("https://" + c.listen(t) + signed),
				Egress: Egress{TrustLoopback: true}, Roots: c.endpointConfig().Roots})
			failure, _ := r.attempt(t.Context(), "id", []byte(`{}`))
			if failure == nil || !failure.Repeat.Allowed || strings.Contains(failure.Error(), signed[:8]) || c.requests.Load() != 1 {
				t.Errorf("got %v after %d requests, want one", failure, c.requests.Load())
			}
		})
	}
}
