package endpoint

import (
	"testing"
	"time"

	"inferenceconnector/connector"
)

// late is when a call without an answer ends, by its kind.
func late() map[string]time.Duration {
	return map[string]time.Duration{"JSON": 100 * time.Second, "stream": 60 * time.Second, "info": 100 * time.Second}
}

func alike(took time.Duration) map[string]time.Duration {
	return map[string]time.Duration{"JSON": took, "stream": took, "info": took}
}

// Endpoints that do not come to an end: the budgets of contract/reliability.md section 2 do.
func TestFaultsInTime(t *testing.T) {
	const second = time.Second
	timeout := everywhere(connector.UpstreamTimeout)
	paused := brokeInBody(connector.UpstreamTimeout) // a stream has begun, and pauses for as long as its first byte may take
	playInBubble(t, map[string]lateFault{
		"deaf":                     {fault{early: true, end: ignores, want: timeout}, late()},
		"silent":                   {fault{end: stays, want: timeout}, late()},
		"half a status line":       {fault{answer: "HTTP/1.1 20", end: stays, want: timeout}, late()},
		"an endless status line":   {fault{answer: "HTTP/1.1 200 ", again: "x", pause: second, want: timeout}, late()},
		"half a head":              {fault{answer: okHead + "X: ", end: stays, want: timeout}, late()},
		"a header a second":        {fault{answer: okHead, again: "X: y\r\n", pause: second, want: timeout}, late()},
		"a 100 a second":           {fault{again: "HTTP/1.1 100 Oh\r\n\r\n", pause: second, want: timeout}, late()},
		"a 103 a second":           {fault{again: "HTTP/1.1 103 Oh\r\nLink: x\r\n\r\n", pause: second, want: timeout}, late()},
		"a head":                   {fault{answer: okHead + "%length\r\n", end: stays, want: timeout}, late()},
		"half a body":              {fault{answer: okHead + "Content-Length: 99\r\n\r\n%half", end: stays, want: paused}, late()},
		"half a body, not closed":  {fault{answer: okHead + "\r\n%half", end: stays, want: paused}, late()},
		"half a size":              {fault{answer: chunked + "1", end: stays, want: timeout}, late()},
		"a blank a second":         {fault{answer: chunked, again: "1\r\n \r\n", pause: second, want: timeout}, late()},
		"an extension, by bytes":   {fault{answer: chunked + "1;", again: "x", pause: second, want: timeout}, late()},
		"all but the last chunk":   {fault{answer: chunked + "%chunk", end: stays, want: everywhere(connector.UpstreamTimeout).but("stream", good)}, map[string]time.Duration{"JSON": 100 * second, "info": 100 * second}},
		"all, by slow bytes":       {fault{answer: wholeAnswer, drip: 300 * time.Millisecond, end: stays, want: whole()}, map[string]time.Duration{"JSON": 29 * second, "stream": 30 * second, "info": 45 * second}},
		"all, by slower bytes":     {fault{answer: wholeAnswer, drip: 2 * second, end: stays, want: timeout}, late()},
		"a refusal without an end": {fault{answer: "HTTP/1.1 503 Oh\r\n\r\n{", end: stays, want: refusedAlways(503, connector.UpstreamUnavailable).once()}, late()},
		"a redirect, no end":       {fault{answer: "HTTP/1.1 302 Oh\r\n\r\n{", end: stays, want: everywhere(connector.UpstreamRedirect)}, alike(0)},
		"no handshake":             {fault{tls: true, plain: true, early: true, end: stays, want: thrice(connector.UpstreamUnreachable)}, alike(15 * second)},
		"asked for much":           {fault{answer: asks("10"), want: refusedAlways(429, connector.UpstreamThrottled)}, alike(20 * second)},
		"asked for little":         {fault{answer: asks("1"), want: refusedAlways(429, connector.UpstreamThrottled)}, alike(2 * second)},
		"asked for too much":       {fault{answer: asks("11"), want: refusedAlways(429, connector.UpstreamThrottled).once()}, alike(0)},
		"asked for the past":       {fault{answer: asks("Fri, 31 Dec 1999 23:59:59 GMT"), want: refusedAlways(429, connector.UpstreamThrottled)}, alike(second)},
	})
}

func asks(wait string) string {
	return "HTTP/1.1 429 Oh\r\nRetry-After: " + wait + "\r\nContent-Length: 0\r\n\r\n"
}

func thrice(code connector.Code) wants {
	o := outcome{code: code, attempts: 3}
	return wants{"JSON": o, "stream": o, "info": o}
}

// once is the same outcome after a single attempt.
func (w wants) once() wants {
	for kind, o := range w {
		o.attempts = 1
		w[kind] = o
	}
	return w
}

// Over HTTP/2 a connection outlives its calls. One that is dead is found out, and one that takes nothing any more is
// left, with the body that waits to be sent.
func TestFaultsOfFramesInTime(t *testing.T) {
	mute := func(frames) error { return nil } // it does not answer pings, either
	playInBubble(t, map[string]lateFault{
		"dead": {fault{frames: mute, want: everywhere(connector.UpstreamReset).but("info", outcome{code: connector.UpstreamReset, attempts: 2})},
			map[string]time.Duration{"JSON": 45 * time.Second, "stream": 45 * time.Second, "info": 90 * time.Second}},
	})
}
