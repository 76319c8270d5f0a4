package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// hello is a good body.
var hello = say("m", "hello", "")

// The ways to frame it.
var (
	helloLength  = fmt.Sprintf("Content-Length: %d\r\n", len(hello))
	helloChunked = "Transfer-Encoding: chunked\r\n"
	helloChunk   = inChunk("", "\r\n")
)

// inChunk frames hello, with something behind its size.
func inChunk(behind, end string) string {
	return fmt.Sprintf("%x%s%s%s\r\n0\r\n\r\n", len(hello), behind, end, hello)
}

// Each case is a request with another one behind it, which a server must not take for a part of the first, nor
// the other way round.
func (p program) testFraming(t *testing.T) {
	a := p.attack(t, nil)
	sized := func(size string) string { return size + "\r\n" + hello + "\r\n0\r\n\r\n" }
	for name, test := range map[string]struct {
		lines, body string
		status      int
		keeps       bool // the second request is answered
	}{
		"a length":                     {helloLength, hello, 200, true},
		"a length twice":               {helloLength + helloLength, hello, 200, true},
		"a length with zeros":          {fmt.Sprintf("Content-Length: %09d\r\n", len(hello)), hello, 200, true},
		"a length after many zeros":    {fmt.Sprintf("Content-Length: %090d\r\n", len(hello)), hello, 200, false},
		"a folded length":              {fmt.Sprintf("Content-Length:\r\n %d\r\n", len(hello)), hello, 200, false},
		"chunks":                       {helloChunked, helloChunk, 200, false},
		"chunks in odd case":           {"tRANSFER-eNCODING: CHUNKED\r\n", helloChunk, 200, false},
		"an extension":                 {helloChunked, inChunk(";a=b", "\r\n"), 200, false},
		"a trailer":                    {helloChunked, strings.TrimSuffix(helloChunk, "\r\n") + "Content-Length: 5\r\napi-key: x\r\n\r\n", 200, false},
		"another length":               {helloLength + "Content-Length: 5\r\n", hello, 400, false},
		"lengths in one line":          {"Content-Length: 5, 5\r\n", hello, 400, false},
		"a negative length":            {"Content-Length: -1\r\n", hello, 400, false},
		"a length that overflows":      {"Content-Length: 18446744073709551617\r\n", hello, 400, false},
		"a length in hex":              {"Content-Length: 0x24\r\n", hello, 400, false},
		"a length before chunks":       {helloLength + helloChunked, helloChunk, 400, false},
		"a length after chunks":        {helloChunked + "Content-Length: 5\r\n", helloChunk, 400, false},
		"a length of none":             {helloChunked + "Content-Length: 0\r\n", helloChunk, 400, false},
		"a folded length after chunks": {helloChunked + "Content-Length:\r\n 5\r\n", helloChunk, 400, false},
		"a length far from chunks":     {"cOntent-lengtH: 5\r\n" + strings.Repeat("X-A: "+strings.Repeat("a", 999)+"\r\n", 12) + helloChunked, helloChunk, 400, false},
		"chunked twice":                {helloChunked + helloChunked, helloChunk, 501, false},
		"gzip and chunked":             {"Transfer-Encoding: gzip, chunked\r\n", helloChunk, 501, false},
		"identity":                     {helloLength + "Transfer-Encoding: identity\r\n", hello, 501, false},
		"no encoding":                  {helloLength + "Transfer-Encoding:\r\n", hello, 501, false},
		"almost chunked":               {helloLength + "Transfer-Encoding: \x0bchunked\r\n", hello, 400, false},
		"a trailer that is a length":   {helloChunked + "Trailer: Content-Length\r\n", helloChunk, 400, false},
		"a huge extension":             {helloChunked, inChunk(";a="+strings.Repeat("b", 20_000), "\r\n"), 400, false},
		"a line end in an extension":   {helloChunked, inChunk(";a=\"\n\"", "\r\n"), 400, false},
		"a bare line end":              {helloChunked, inChunk("", "\n"), 400, false},
		"a size in hex with its mark":  {helloChunked, sized(fmt.Sprintf("0x%x", len(hello))), 400, false},
		"a size with a sign":           {helloChunked, sized(fmt.Sprintf("+%x", len(hello))), 400, false},
		"a negative size":              {helloChunked, sized("-1"), 400, false},
		"a size that overflows":        {helloChunked, sized(strings.Repeat("f", 17)), 400, false},
		"no size":                      {helloChunked, sized(""), 400, false},
		"a size too small":             {helloChunked, sized("5"), 400, false},
		"a size too large":             {helloChunked, sized(fmt.Sprintf("%x", len(hello)+1)), 400, false},
	} {
		t.Run(name, func(t *testing.T) {
			w := a.dial(t)
			w.write(attackedChat + test.lines + "\r\n" + test.body + attackedInfo + "\r\n")
			answer, body := w.read(t, http.MethodPost)
			same(t, "status", answer.StatusCode, test.status)
			calls := 0
			if test.status == http.StatusOK {
				calls++
				same(t, "body", body, usualCompletion)
			}
			if test.keeps {
				calls++
				w.read(t, http.MethodGet)
				w.goesOn(t)
			} else {
				w.over(t)
			}
			sent := a.sent()
			same(t, "calls of the model", len(sent), calls)
			if calls > 0 && !strings.Contains(sent[0].body, `"hello"`) {
				t.Errorf("the model was sent %q", sent[0].body)
			}
		})
	}
}

// A proxy shares its connection between callers: what one of them sends must not become another's request.
func (p program) testSmuggling(t *testing.T) {
	a := p.attack(t, nil)
	one := attackedChat + helloLength + "\r\n" + hello
	for name, test := range map[string]string{
		"length and chunks":     attackedChat + "Content-Length: 5\r\n" + helloChunked + "\r\n0\r\n\r\n" + attackedInfo + "\r\n",
		"chunks of version 1.0": strings.Replace(attackedChat, "1.1", "1.0", 1) + "Connection: keep-alive\r\n" + helloChunked + "\r\n" + helloChunk + attackedInfo + "\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := a.dial(t)
			for range 3 {
				w.write(one)
				answer, _ := w.read(t, http.MethodPost)
				same(t, "a good one before it", answer.StatusCode, http.StatusOK)
			}
			w.write(test)
			answer, body := w.read(t, http.MethodPost)
			same(t, "status", answer.StatusCode, http.StatusBadRequest)
			same(t, "code", answer.Header.Get("x-ms-error-code"), "InvalidRequest")
			contains(t, "body", body, `"target":"Transfer-Encoding"`)
			w.over(t)
			same(t, "calls of the model", len(a.sent()), 3)
		})
	}
	t.Run("chunks behind a length", func(t *testing.T) {
		w := a.dial(t)
		for _, message := range []string{one, attackedChat + helloChunked + "\r\n" + helloChunk} {
			w.write(message)
			answer, _ := w.read(t, http.MethodPost)
			same(t, "status", answer.StatusCode, http.StatusOK)
		}
		w.over(t)
		same(t, "calls of the model", len(a.sent()), 2)
	})
	t.Run("one behind a good one", func(t *testing.T) {
		w := a.dial(t)
		w.write(one + attackedChat + helloLength + helloChunked + "\r\n" + helloChunk)
		answer, _ := w.read(t, http.MethodPost)
		same(t, "status", answer.StatusCode, http.StatusOK)
		if calls := len(a.sent()); calls != 1 {
			t.Errorf("the model was called %d times", calls)
		}
	})
	t.Run("in pieces", func(t *testing.T) {
		w := a.dial(t)
		for _, message := range []struct {
			text   string
			status int
		}{{one, http.StatusOK}, {attackedChat + helloLength + helloChunked + "\r\n", http.StatusBadRequest}} {
			for piece := range strings.SplitSeq(message.text, "") {
				w.write(piece)
			}
			answer, _ := w.read(t, http.MethodPost)
			same(t, "status", answer.StatusCode, message.status)
		}
		w.over(t)
		same(t, "calls of the model", len(a.sent()), 1)
	})
}
