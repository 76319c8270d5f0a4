package endpoint

import (
	"strings"
	"testing"

	"inferenceconnector/connector"
)

const (
	okHead  = "HTTP/1.1 200 OK\r\n%head"
	chunked = okHead + "Transfer-Encoding: chunked\r\n\r\n"
)

// lost is what comes of a connection that goes before there is an answer: only what runs nothing is asked again.
func lost() wants {
	return everywhere(connector.UpstreamReset).but("info", outcome{code: connector.UpstreamReset, attempts: 3})
}

// invalid is what comes of an answer that breaks the protocol.
func invalid() wants { return everywhere(connector.UpstreamInvalid) }

// cutShort is what comes of an answer that ends before anything of its body is there. The one that is read whole is
// known to be too short; of a stream it is only known that its connection went.
func cutShort() wants {
	return invalid().but("stream", outcome{code: connector.UpstreamReset, attempts: 1})
}

// brokeInBody is what comes of an answer that breaks in its body, behind the first event of a stream.
func brokeInBody(code connector.Code) wants {
	return everywhere(code).but("stream", outcome{code: connector.UpstreamStreamBroken, attempts: 1, begun: true})
}

// Connections that go, at each stage of an answer.
func TestFaultsOfConnections(t *testing.T) {
	playFaults(t, map[string]fault{
		"closed unread":                     {early: true, want: lost()},
		"reset unread":                      {early: true, end: resets, want: lost()},
		"closed":                            {want: lost()},
		"reset":                             {end: resets, want: lost()},
		"reset in the status line":          {answer: "HTTP/1.1 20", end: resets, want: invalid()},
		"closed in the head":                {answer: okHead, want: lost()},
		"reset in the head":                 {answer: okHead, end: resets, want: lost()},
		"closed behind the head":            {answer: okHead + "%length\r\n", want: cutShort()},
		"reset behind the head":             {answer: okHead + "%length\r\n", end: resets, want: everywhere(connector.UpstreamReset)},
		"closed in the body":                {answer: okHead + "Content-Length: 999\r\n\r\n%half", want: brokeInBody(connector.UpstreamInvalid)},
		"reset in the body":                 {answer: okHead + "Content-Length: 999\r\n\r\n%half", end: resets, want: brokeInBody(connector.UpstreamReset)},
		"closed in a chunk":                 {answer: chunked + "fff\r\n%half", want: brokeInBody(connector.UpstreamInvalid)},
		"reset in a chunk":                  {answer: chunked + "fff\r\n%half", end: resets, want: brokeInBody(connector.UpstreamReset)},
		"closed in a size":                  {answer: chunked + "1", want: cutShort()},
		"reset in a size":                   {answer: chunked + "1", end: resets, want: everywhere(connector.UpstreamReset)},
		"closed behind the last byte":       {answer: chunked + "fff\r\n%body", want: everywhere(connector.UpstreamInvalid).but("stream", good)},
		"reset behind the last byte":        {answer: chunked + "fff\r\n%body", end: resets, want: everywhere(connector.UpstreamReset).but("stream", good)},
		"closed in the trailers":            {answer: okHead + "Transfer-Encoding: chunked\r\n\r\n%chunk0\r\nX: ", want: everywhere(connector.UpstreamInvalid).but("stream", good)},
		"half, until it is closed":          {answer: okHead + "\r\n%half", want: brokeInBody(connector.UpstreamInvalid)},
		"kept, closed":                      {warm: true, want: lostOnce()},
		"kept, reset":                       {warm: true, end: resets, want: lostOnce()},
		"kept, closed in the status line":   {warm: true, answer: "HTTP/1.1 2", want: invalid()},
		"kept, closed in the head":          {warm: true, answer: okHead, want: lostOnce()},
		"kept, reset in the body":           {warm: true, answer: okHead + "Content-Length: 999\r\n\r\n%half", end: resets, want: brokeInBody(connector.UpstreamReset)},
		"kept, an answer nobody asked for":  {warm: true, answer: wholeAnswer + wholeAnswer, want: whole()},
		"refused, and closed in the body":   {answer: "HTTP/1.1 500 Oh\r\nContent-Length: 99\r\n\r\n{", want: refusedOnce(500, connector.UpstreamError, 3)},
		"throttled, and reset in the body":  {answer: "HTTP/1.1 429 Oh\r\nContent-Length: 99\r\n\r\n{\"", end: resets, want: refusedAlways(429, connector.UpstreamThrottled)},
		"throttled, and reset without body": {answer: "HTTP/1.1 429 Oh\r\nContent-Length: 99\r\n\r\n", end: resets, want: lost()},
	})
}

// good is the whole answer, at once.
var good = outcome{attempts: 1}

func whole() wants { return everywhere("") }

// lostOnce is what comes of a kept connection that goes; the next one is good.
func lostOnce() wants { return everywhere(connector.UpstreamReset).but("info", outcome{attempts: 2}) }

// refusedOnce is an error of the endpoint's own that is asked again only where nothing is run, up to so many attempts.
func refusedOnce(status int, code connector.Code, attempts int) wants {
	o := outcome{code: code, attempts: 1, status: status}
	return wants{"JSON": o, "stream": o, "info": {code: code, attempts: attempts, status: status}}
}

// refusedAlways is one that is asked again always.
func refusedAlways(status int, code connector.Code) wants {
	o := outcome{code: code, attempts: 3, status: status}
	return wants{"JSON": o, "stream": o, "info": o}
}

// Heads that are none, or too much.
func TestFaultsOfHeads(t *testing.T) {
	const one = "%length\r\n%body"
	playFaults(t, map[string]fault{
		"status 0":             {answer: "HTTP/1.1 000 Oh\r\n%head" + one, want: invalid()},
		"status 99":            {answer: "HTTP/1.1 099 Oh\r\n%head" + one, want: invalid()},
		"status of two digits": {answer: "HTTP/1.1 99 Oh\r\n%head" + one, want: invalid()},
		"status 600":           {answer: "HTTP/1.1 600 Oh\r\n%head" + one, want: invalid()},
		"status 999":           {answer: "HTTP/1.1 999 Oh\r\n%head" + one, want: invalid()},
		"status 1000":          {answer: "HTTP/1.1 1000 Oh\r\n%head" + one, want: invalid()},
		"a negative status":    {answer: "HTTP/1.1 -20 Oh\r\n%head" + one, want: invalid()},
		"a status of words":    {answer: "HTTP/1.1 hidden\r\n%head" + one, want: invalid()},
		"HTTP/3.0":             {answer: "HTTP/3.0 200 OK\r\n%head" + one, want: whole()},
		"HTTP/0.9":             {answer: "%body", want: invalid()},
		"HTTP/2's preface":     {answer: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", want: invalid()},
		"HTTP/2's settings":    {answer: "\x00\x00\x00\x04\x00\x00\x00\x00\x00", want: invalid()},
		"an alert of TLS":      {answer: "\x15\x03\x01\x00\x02\x02\x46\n", want: invalid()},
		"the request":          {answer: "POST /models/chat/completions HTTP/1.1\r\nApi-Key: " + secretText + "\r\n\r\n", want: invalid()},
		"the key":              {answer: okHead + secretText + "\r\n\r\n", want: invalid()},
		"zeros":                {answer: strings.Repeat("\x00", 64), again: strings.Repeat("\x00", 4096), want: invalid()},
		"204":                  {answer: "HTTP/1.1 204 No\r\n\r\n", want: invalid()},
		"204 with a body":      {answer: "HTTP/1.1 204 No\r\n%head" + one, want: invalid()},
		"205":                  {answer: "HTTP/1.1 205 No\r\n%head" + one, want: invalid()},
		"304":                  {answer: "HTTP/1.1 304 No\r\n\r\n", want: everywhere(connector.UpstreamRedirect)},
		"304 with a body":      {answer: "HTTP/1.1 304 No\r\n%head" + one, want: everywhere(connector.UpstreamRedirect)},
		"206":                  {answer: "HTTP/1.1 206 Oh\r\n%head" + one, want: invalid()},
		"101":                  {answer: "HTTP/1.1 101 Oh\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n", end: stays, want: invalid()},
		"some 1xx":             {answer: strings.Repeat("HTTP/1.1 103 Oh\r\nLink: x\r\n\r\n", 9) + "HTTP/1.1 100 Oh\r\n\r\n" + okHead + one, want: whole()},
		"a storm of 100":       {again: strings.Repeat("HTTP/1.1 100 Oh\r\n\r\n", 100), want: invalid()},
		"a storm of 103":       {again: strings.Repeat("HTTP/1.1 103 Oh\r\nLink: x\r\n\r\n", 100), want: invalid()},
		"endless headers":      {answer: okHead, again: strings.Repeat("X: y\r\n", 100), want: invalid()},
		"an endless header":    {answer: okHead + "X: ", again: strings.Repeat("x", 4096), want: invalid()},
		"an endless name":      {answer: okHead, again: strings.Repeat("x", 4096), want: invalid()},
		"an endless reason":    {answer: "HTTP/1.1 200 ", again: strings.Repeat("x", 4096), want: invalid()},
		"an endless version":   {again: strings.Repeat("x", 4096), want: invalid()},
		"many headers":         {answer: okHead + strings.Repeat("X: y\r\n", 5000) + one, want: whole()},
		"folded headers":       {answer: okHead + "X: y\r\n z\r\n" + one, want: whole()},
		"no colon":             {answer: okHead + "hidden\r\n" + one, want: invalid()},
		"a name with a blank":  {answer: okHead + "X : y\r\n" + one, want: whole()},
		"a name with a NUL":    {answer: okHead + "X\x00: y\r\n" + one, want: invalid()},
		"a value with a NUL":   {answer: okHead + "X: \x00\r\n" + one, want: invalid()},
		"LF alone":             {answer: strings.ReplaceAll(okHead, "\r", "") + strings.ReplaceAll(one, "\r", ""), want: whole()},
	})
}
