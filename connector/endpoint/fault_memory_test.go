package endpoint

import (
	"net/http"
	"strings"
	"testing"
)

// The nastiest answers cost no more than what may be read of them, and nothing of them is kept (R25).
func TestFaultsKeepNoMemory(t *testing.T) {
	answers := map[string]fault{
		"bomb":            {answer: okHead + "Content-Encoding: gzip\r\n\r\n" + bomb()},
		"bomb, not said":  {answer: okHead + "\r\n" + bomb()},
		"refused bomb":    {answer: "HTTP/1.1 500 Oh\r\n%headContent-Encoding: gzip\r\n\r\n" + bomb()},
		"endless refusal": {answer: "HTTP/1.1 500 Oh\r\n%head\r\n{\"error\":{\"message\":\"", again: strings.Repeat("x", 4096)},
		"endless head":    {answer: okHead, again: strings.Repeat("X: y\r\n", 500)},
		"storm of 103":    {again: strings.Repeat("HTTP/1.1 103 Oh\r\nLink: x\r\n\r\n", 100)},
		"endless body":    {answer: okHead + "\r\n{\"a\":\"", again: strings.Repeat("x", 4096)},
		"endlessly deep":  {answer: okHead + "\r\n{\"a\":", again: strings.Repeat("[", 4096)},
		"endless event":   {answer: okHead + "\r\n" + event1 + "data: ", again: strings.Repeat("x", 4096)},
		"endless data":    {answer: okHead + "\r\n" + event1, again: strings.Repeat("data:\n", 500)},
		"a huge length":   {answer: okHead + "Content-Length: 9000000000000\r\n\r\n"},
	}
	round := func(t *testing.T) {
		for _, f := range answers {
			for _, kind := range []string{"JSON", "stream"} {
				c := newFaultCall(t, f, kind)
				c.make(t)
				if c.got().code == "" {
					t.Errorf("got a good answer: %.100q", c.text)
				}
			}
		}
	}
	t.Run("first", round)
	used, before, rounds := allocated(), kept(), 2
	for range rounds {
		t.Run("again", round)
	}
	calls := uint64(rounds * len(answers) * 2)
	if used = (allocated() - used) / calls; used > 8*maxFaultyReply {
		t.Errorf("got %d bytes allocated for a call, at both its ends", used)
	}
	if more := kept() - before; more > maxFaultyReply {
		t.Errorf("got %d bytes kept", more)
	}
}

// What a caller sent is not kept until the budgets of its call are over, once that has ended (R13).
func TestEndedCallsKeepNoBodies(t *testing.T) {
	const calls, size = 16, 1 << 20
	for name, test := range map[string]struct {
		start   string
		handler http.HandlerFunc
	}{
		"JSON":          {`{"model":"m","user":"`, answer(`{}`)},
		"stream":        {`{"model":"m","stream":true,"user":"`, events(event1)},
		"broken stream": {`{"model":"m","stream":true,"user":"`, chain(drained, head(startStream, event1), abort)},
		"no stream":     {`{"model":"m","stream":true,"user":"`, answer(`{}`)},
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t, Config{}, test.handler)
			call := func() {
				if response, err := e.invoke(t.Context(), t, chat(t, test.start+strings.Repeat("x", size)+`"}`)); err == nil {
					text(t, response)
				}
			}
			call()
			before := kept()
			for range calls {
				call()
			}
			if more := kept() - before; more > calls*size/4 {
				t.Errorf("got %d bytes kept of %d", more, calls*size)
			}
		})
	}
}
