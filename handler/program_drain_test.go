package main_test

import (
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"
)

// long is more words than the emulator's slow deployment says in a minute.
var long = strings.TrimSpace(strings.Repeat("word ", 200))

func (p program) testEndsIdle(t *testing.T) {
	for _, s := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		r := p.start(t, []string{"CONNECTOR_DRAIN_TIMEOUT=1h"})
		readBody(t, r.post(t, programChat, say("echo", "hi", "")))           // its connection stays open
		silent, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://")) // as a browser opens one ahead of time
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		r.signal(t, s)
		same(t, s.String(), r.end(t, 0), nil)
		if took := time.Since(began); took > 3*time.Second { // net/http alone would wait 5 s for the silent one
			t.Errorf("%s: an idle process took %v to end", s, took)
		}
		silent.Close()
	}
}

func (p program) testLetsCallsEnd(t *testing.T) {
	r := p.start(t, []string{"CONNECTOR_DRAIN_TIMEOUT=1h"})
	stream := r.post(t, programChat, say("slow", "one two three", `,"stream":true`))
	r.signal(t, syscall.SIGTERM)
	waitUntil(t, "it drains", func() bool { return strings.Contains(r.stdout.String(), `"msg":"draining"`) })
	waitUntil(t, "it takes no new connections", func() bool {
		connection, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
		if err == nil {
			connection.Close()
		}
		return err != nil
	})
	if text := readBody(t, stream); !strings.Contains(text, "three") || !strings.HasSuffix(text, "data: [DONE]\n\n") {
		t.Errorf("the stream ends with %q", text[max(0, len(text)-200):])
	}
	same(t, "end", r.end(t, 0), nil)
}

func (p program) testCutsOff(t *testing.T) {
	r := p.start(t, []string{"CONNECTOR_DRAIN_TIMEOUT=1s"})
	stream := r.post(t, programChat, say("slow", long, `,"stream":true`))
	whole := make(chan *http.Response)
	go func() { whole <- r.post(t, programChat, say("hangs", "hi", "")) }()
	untilEvent(t, stream.Body, "word")
	r.signal(t, syscall.SIGTERM)
	text := readBody(t, stream)
	_, last, _ := strings.Cut(text, "event: error\n")
	contains(t, "end of the stream", last, `data: {"error":{"code":"ShuttingDown",`)
	if strings.Contains(text, "[DONE]") || strings.Count(last, "\n\n") != 1 {
		t.Errorf("something follows the error: %q", last)
	}
	cut := <-whole
	same(t, "status of the other call", cut.StatusCode, http.StatusServiceUnavailable)
	same(t, "its code", cut.Header.Get("x-ms-error-code"), "ShuttingDown")
	same(t, "its Retry-After", cut.Header.Get("Retry-After"), "1")
	same(t, "end", r.end(t, 2*time.Second), nil)
}

func (p program) testSecondSignal(t *testing.T) {
	r := p.start(t, []string{"CONNECTOR_DRAIN_TIMEOUT=1h"})
	stream := r.post(t, programChat, say("slow", long, `,"stream":true`))
	untilEvent(t, stream.Body, "word")
	r.signal(t, syscall.SIGTERM)
	waitUntil(t, "it drains", func() bool { return strings.Contains(r.stdout.String(), `"msg":"draining"`) })
	select {
	case err := <-r.ended:
		t.Fatalf("it ended at the first signal: %v", err)
	case <-time.After(200 * time.Millisecond):
	}
	r.signal(t, syscall.SIGTERM)
	same(t, "end", endedBy(r.end(t, 0)), syscall.SIGTERM)
}
