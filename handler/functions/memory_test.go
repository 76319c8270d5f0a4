package functions_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// Invocations are counted with all the copies of them (R25): while one is in progress, there is no room for
// another of its size. A queue's message comes again, and a caller is told.
func TestInvocationsForWhichThereIsNoRoom(t *testing.T) {
	arrived, leave := make(chan bool), make(chan bool)
	var hang sync.Once // the first large one
	c, _ := newConfig(t, to(t, func(w http.ResponseWriter, r *http.Request) {
		if n, _ := io.Copy(io.Discard, r.Body); n > 100<<10 {
			hang.Do(func() {
				arrived <- true
				<-leave
			})
		}
		saying(http.StatusOK, reply)(w, r)
	}))
	c.Memory = connector.NewMemory(1 << 20)
	c.Runner.Memory = c.Memory
	address := serve(t, c)
	asked := func(body string) string {
		return told("https://x/api"+chat, `"Headers":{"Content-Type":["application/json"],"api-key":["`+ordersKey+`"]},"Body":`+quoted(body)+`,`)
	}
	large := strings.Replace(message, "Peru", strings.Repeat("Peru ", 40<<10), 1)
	first := make(chan outcome, 1)
	go func() { first <- invoke(t, address, "Rest", asked(large)) }()
	select {
	case <-arrived:
	case <-time.After(patience):
		t.Fatal("the model was not called")
	}
	refused := delivered(t, invoke(t, address, "Rest", asked(large)))
	if refused.StatusCode != "503" || refused.Headers["X-Ms-Error-Code"] != "Overloaded" || refused.Headers["Retry-After"] != "1" {
		t.Errorf("got %+v, want 503 Overloaded, to be tried again in a second", refused)
	}
	wantFailed(t, invoke(t, address, "worker", queued(quoted(quoted(strings.Replace(envelope, "Peru", large, 1))))),
		http.StatusServiceUnavailable, "Overloaded", "worker got no invocation: Overloaded.")
	if got := delivered(t, invoke(t, address, "Rest", asked(message))); got.StatusCode != "200" {
		t.Errorf("a small call: got %+v, want 200", got)
	}
	close(leave)
	if got := delivered(t, <-first); got.StatusCode != "200" {
		t.Errorf("the first: got %.300v, want 200", got)
	}
	if got := delivered(t, invoke(t, address, "Rest", asked(large))); got.StatusCode != "200" {
		t.Errorf("the next: got %.300v, want 200", got)
	}
}

// What could never be taken apart is too large, and not only at the moment.
func TestInvocationsThatNeverFit(t *testing.T) {
	c, _ := newConfig(t, to(t, func(http.ResponseWriter, *http.Request) { t.Error("the model was called") }))
	c.Memory = connector.NewMemory(1 << 20)
	body := strings.Repeat(" ", 256<<10) + queued(`"x"`)
	wantFailed(t, invoke(t, serve(t, c), "worker", body), http.StatusRequestEntityTooLarge, "BodyTooLarge", "worker got no invocation")
}

// A caller's answer is kept until the host has it.
func TestAnswersForWhichThereIsNoRoom(t *testing.T) {
	c, _ := newConfig(t, to(t, saying(http.StatusOK, `{"x":"`+strings.Repeat("x", 500<<10)+`"}`)))
	c.Memory = connector.NewMemory(1 << 20)
	asked := told("https://x/api"+chat, `"Headers":{"Content-Type":["application/json"],"api-key":["`+ordersKey+`"]},"Body":`+quoted(message)+`,`)
	if got := delivered(t, invoke(t, serve(t, c), "Rest", asked)); got.StatusCode != "503" || got.Headers["X-Ms-Error-Code"] != "Overloaded" {
		t.Errorf("got %.300v, want 503 Overloaded", got)
	}
}
