//go:build soak && linux

package main_test

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A fault is a way in which an endpoint fails. It reports whether an answer is still to be given.
type fault func(w http.ResponseWriter, r *http.Request) (goOn bool)

// faults take turns, each followed by a time without any.
var faults = map[string]fault{
	"throttled": func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Retry-After", []string{"1", "30"}[rand.N(2)]) // worth another attempt, and not
		return refuseWith(w, http.StatusTooManyRequests)
	},
	"unavailable": func(w http.ResponseWriter, _ *http.Request) bool { return refuseWith(w, http.StatusServiceUnavailable) },
	"reset":       func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) },
	"slow": func(_ http.ResponseWriter, r *http.Request) bool {
		pause(r, 300*time.Millisecond)
		return true
	},
	"breaks": func(w http.ResponseWriter, r *http.Request) bool {
		text := answerTo(w, r)
		_, _ = io.WriteString(w, text[:len(text)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	},
	"hangs": func(_ http.ResponseWriter, r *http.Request) bool {
		<-r.Context().Done()
		return false
	},
}

const (
	turn = time.Second
	// cycle is the time until each fault had its turn.
	cycle = 2 * 6 * turn
)

func refuseWith(w http.ResponseWriter, status int) bool {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, `{"error":{"code":"Busy","message":"Not now."}}`)
	return false
}

func pause(r *http.Request, d time.Duration) {
	select {
	case <-time.After(d):
	case <-r.Context().Done():
	}
}

// A failing endpoint serves chats and model information, unless it has a fault. It tells a ledger.
type failing struct {
	ledger    *ledger
	fault     atomic.Pointer[fault]
	playing   atomic.Int64
	plain     *httptest.Server
	tls       *httptest.Server // at localhost, HTTP/2
	authority string           // file with its certificate
}

func startFailing(t *testing.T, l *ledger) *failing {
	t.Helper()
	f := &failing{ledger: l}
	f.plain = httptest.NewUnstartedServer(f)
	f.tls = httptest.NewUnstartedServer(f)
	f.tls.EnableHTTP2 = true
	f.tls.TLS, f.authority = localhostTLS(t)
	for _, server := range []*httptest.Server{f.plain, f.tls} {
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		t.Cleanup(server.Close)
	}
	f.plain.Start()
	f.tls.StartTLS()
	return f
}

// leave closes all connections, as an endpoint does that goes away. No request outlives its call.
func (f *failing) leave(t *testing.T) {
	t.Helper()
	began := time.Now()
	waitUntil(t, "all requests to the endpoint end", func() bool { return f.playing.Load() == 0 })
	if took := time.Since(began); took > 2*goneAfter { // twice for a busy machine
		t.Errorf("requests to the endpoint went on for %v", took)
	}
	f.plain.Close()
	f.tls.Close()
}

// ServeHTTP implements http.Handler.
func (f *failing) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	f.playing.Add(1)
	defer f.playing.Add(-1)
	id := r.Header.Get("x-ms-client-request-id")
	f.ledger.note(id, func(a *account) { a.arrived++ })
	defer func(began time.Time) {
		f.ledger.note(id, func(a *account) { a.held = max(a.held, time.Since(began)) })
	}(time.Now())
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if text := string(body); r.Method == http.MethodPost && !strings.Contains(text, `"`+id+`"`) {
		f.ledger.mistake("%s arrived with the body of another call: %.200s", id, text)
	}
	if strings.Contains(string(body), `"stream":true`) {
		w.Header().Set("Content-Type", "text/event-stream")
	} else {
		w.Header().Set("Content-Type", "application/json")
	}
	if do := f.fault.Load(); do != nil && !(*do)(w, r) {
		return
	}
	text := answerTo(w, r)
	f.ledger.note(id, func(a *account) { a.served++ }) // before the caller can have it
	for event := range strings.SplitAfterSeq(text, "\n\n") {
		_, _ = io.WriteString(w, event)
		_ = http.NewResponseController(w).Flush() // the caller may have left
	}
}

// answerTo is the answer in the form that has been announced. Its words are the call's id.
func answerTo(w http.ResponseWriter, r *http.Request) (text string) {
	id := r.Header.Get("x-ms-client-request-id")
	if r.Method == http.MethodGet {
		return `{"model_name":"` + id + `","model_type":"chat-completion","model_provider_name":"soak"}`
	}
	const whole = `{"id":"1","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":%q}}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}`
	if w.Header().Get("Content-Type") == "application/json" {
		return fmt.Sprintf(whole, id)
	}
	const chunk = `data: {"id":"1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":%q},"finish_reason":%s}]}` + "\n\n"
	for part := range strings.SplitAfterSeq(id, "-") {
		text += fmt.Sprintf(chunk, part, "null")
	}
	return text + strings.Repeat(fmt.Sprintf(chunk, "", "null"), 20) + fmt.Sprintf(chunk, "", `"stop"`) + "data: [DONE]\n\n"
}

// takeTurns lets the faults take turns until the time is over.
func (f *failing) takeTurns(t *testing.T, d time.Duration) {
	t.Helper()
	defer f.fault.Store(nil)
	for over := time.Now().Add(d); time.Now().Before(over); {
		for _, do := range faults {
			f.fault.Store(&do)
			time.Sleep(turn)
			f.fault.Store(nil)
			time.Sleep(turn)
		}
	}
}

// address is where the plain one listens.
func (f *failing) address() string { return f.plain.Listener.Addr().(*net.TCPAddr).String() }
