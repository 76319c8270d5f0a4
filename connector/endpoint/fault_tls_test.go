package endpoint

import (
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// Without TLS nothing of a call can have been processed, so all calls are tried again (R15). With it, an answer
// can be cut by whoever sits below TLS: only what is whole all the same is used.
func TestFaultsOfTLS(t *testing.T) {
	o := outcome{code: connector.UpstreamUnreachable, attempts: 3}
	unreachable := wants{"JSON": o, "stream": o, "info": o}
	const half = "Content-Length: 999\r\n\r\n%half"
	playFaults(t, map[string]fault{
		"no answer, closed":     {tls: true, plain: true, early: true, want: unreachable},
		"no answer, reset":      {tls: true, plain: true, early: true, end: resets, want: unreachable},
		"plain HTTP":            {tls: true, plain: true, early: true, answer: wholeAnswer, want: unreachable},
		"plain HTTP/2":          {tls: true, plain: true, early: true, answer: "\x00\x00\x00\x04\x00\x00\x00\x00\x00", want: unreachable},
		"an alert":              {tls: true, plain: true, early: true, answer: "\x15\x03\x03\x00\x02\x02\x28", want: unreachable},
		"half a hello":          {tls: true, plain: true, early: true, answer: "\x16\x03\x03\x00\x7a\x02\x00", want: unreachable},
		"endless hellos":        {tls: true, plain: true, early: true, again: "\x16\x03\x03\x00\x04\x00\x00\x00\x00", want: unreachable},
		"zeros":                 {tls: true, plain: true, early: true, again: strings.Repeat("\x00", 4096), want: unreachable},
		"closed":                {tls: true, want: lost()},
		"reset":                 {tls: true, end: resets, want: lost()},
		"cut":                   {tls: true, end: cuts, want: lost()},
		"closed in the body":    {tls: true, answer: okHead + half, want: brokeInBody(connector.UpstreamInvalid)},
		"reset in the body":     {tls: true, answer: okHead + half, end: resets, want: brokeInBody(connector.UpstreamReset)},
		"cut in the body":       {tls: true, answer: okHead + half, end: cuts, want: brokeInBody(connector.UpstreamInvalid)},
		"half, cut":             {tls: true, answer: okHead + "\r\n%half", end: cuts, want: brokeInBody(connector.UpstreamInvalid)},
		"closed at the end":     {tls: true, answer: okHead + "\r\n%body", want: whole()},
		"cut at the end":        {tls: true, answer: okHead + "\r\n%body", end: cuts, want: whole()},
		"kept, closed":          {tls: true, warm: true, want: lostOnce()},
		"no record":             {tls: true, below: true, answer: wholeAnswer, want: invalid()},
		"an alert for answer":   {tls: true, below: true, answer: "\x15\x03\x03\x00\x02\x02\x28", want: lost()},
		"a record that is none": {tls: true, below: true, answer: "\x17\x03\x03\x00\x20" + strings.Repeat("x", 32), want: lost()},
		"too long a record":     {tls: true, below: true, answer: "\x17\x03\x03\xff\xff", again: strings.Repeat("x", 4096), want: invalid()},
		"settings of HTTP/2":    {tls: true, answer: "\x00\x00\x00\x04\x00\x00\x00\x00\x00", want: invalid()},
	})
}
