package endpoint

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// hang is an endpoint that says nothing (any more) until it is left.
func hang(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// drip sends part again and again, with a pause before each.
func drip(pause time.Duration, part string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for {
			select {
			case <-time.After(pause):
				write(w, part)
			case <-r.Context().Done():
				return
			}
		}
	}
}

func chain(handlers ...http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, handler := range handlers {
			handler(w, r)
		}
	}
}

func head(start func(http.ResponseWriter), parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		start(w)
		write(w, parts...)
	}
}

// Without an answer in time there is a 504, at the time that was promised (section 2).
func TestNoAnswerInTime(t *testing.T) {
	for name, test := range map[string]struct {
		body    string
		handler http.HandlerFunc
		want    time.Duration
	}{
		"silence":                   {plainChat, hang, 100 * time.Second},
		"only a head":               {plainChat, chain(head(startJSON), hang), 100 * time.Second},
		"half an answer":            {plainChat, chain(head(startJSON, `{"a":`), hang), 100 * time.Second},
		"an answer that never ends": {plainChat, chain(head(startJSON), drip(time.Second, " ")), 100 * time.Second},
		"half a refusal":            {plainChat, chain(head(func(w http.ResponseWriter) { w.WriteHeader(400) }), hang), 100 * time.Second},
		"stream: silence":           {streamedChat, hang, 60 * time.Second},
		"stream: only a head":       {streamedChat, chain(head(startStream), hang), 60 * time.Second},
		"stream: half an event":     {streamedChat, chain(head(startStream, `data: {"a"`), hang), 60 * time.Second},
		"stream: no blank line":     {streamedChat, chain(head(startStream, "data: {}\n"), hang), 60 * time.Second},
		"stream: comments":          {streamedChat, chain(head(startStream), drip(time.Second, ": wait\n\n")), 60 * time.Second},
		"stream: JSON that is late": {streamedChat, chain(head(startJSON, `{"a":`), hang), 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := serveInBubble(t, Config{}, test.handler)
				start, want := time.Now(), connector.UpstreamTimeout
				if test.want == 0 {
					want = connector.UpstreamInvalid // it is no stream, so there is nothing to wait for
				}
				e.fails(t, chat(t, test.body), want)
				if got := time.Since(start); got != test.want {
					t.Errorf("got it after %v, want %v", got, test.want)
				}
			})
		})
	}
}

// An answer just in time is an answer.
func TestAnswerInTime(t *testing.T) {
	for name, test := range map[string]struct {
		body, want string
		handler    http.HandlerFunc
	}{
		"late":          {plainChat, `{}`, chain(wait(99*time.Second), answer(`{}`))},
		"slow":          {plainChat, `{ }`, chain(head(startJSON, `{`), wait(99*time.Second), head(startJSON, ` }`))},
		"stream: late":  {streamedChat, done, chain(wait(59*time.Second), events())},
		"stream: later": {streamedChat, "data: {}\n\n" + done, chain(head(startStream), wait(59*time.Second), events("data: {}\n\n"))},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := serveInBubble(t, Config{}, test.handler)
				if got := text(t, e.must(t, chat(t, test.body))); got != test.want {
					t.Errorf("got %q, want %q", got, test.want)
				}
			})
		})
	}
}

func wait(pause time.Duration) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { time.Sleep(pause) }
}

// The budgets of a Config take the place of the usual ones.
func TestBudgets(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := serveInBubble(t, Config{Budgets: Budgets{Call: 7 * time.Second, FirstByte: 3 * time.Second}}, hang)
		for body, want := range map[string]time.Duration{plainChat: 7 * time.Second, streamedChat: 3 * time.Second} {
			start := time.Now()
			e.fails(t, chat(t, body), connector.UpstreamTimeout)
			if got := time.Since(start); got != want {
				t.Errorf("got it after %v, want %v", got, want)
			}
		}
		start := time.Now()
		_, _, err := e.Probe(t.Context())
		wantCode(t, err, connector.UpstreamTimeout)
		if got := time.Since(start); got != 7*time.Second {
			t.Errorf("got it after %v, want 7s", got)
		}
	})
}

// A TLS handshake that does not come about is no connection.
func TestHandshakeInTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := serveInBubble(t, Config{URL: "https://localhost/models"}, hang) // it does not speak TLS, and waits for a request
		e.transport.DialContext = silentConn(t)
		start := time.Now()
		e.fails(t, chat(t, plainChat), connector.UpstreamUnreachable)
		if got := time.Since(start); got != 5*time.Second {
			t.Errorf("got it after %v, want 5s", got)
		}
	})
}

// Leaving reaches the endpoint, whatever it is doing, and is told from a failure of the endpoint (R12).
func TestCallerLeaves(t *testing.T) {
	for name, test := range map[string]struct {
		body    string
		handler http.HandlerFunc
	}{
		"no head":              {plainChat, hang},
		"half an answer":       {plainChat, chain(head(startJSON, `{`), hang)},
		"stream: no head":      {streamedChat, hang},
		"stream: no event yet": {streamedChat, chain(head(startStream, ": hello\n\n"), hang)},
	} {
		t.Run(name, func(t *testing.T) {
			for want, leave := range leaving() {
				synctest.Test(t, func(t *testing.T) {
					left := false
					e := serveInBubble(t, Config{}, chain(test.handler, func(http.ResponseWriter, *http.Request) { left = true }))
					ctx, cancel := leave(t.Context())
					defer cancel()
					start := time.Now()
					_, err := e.invoke(ctx, t, chat(t, test.body))
					wantCode(t, err, want)
					if got := time.Since(start); got != time.Second {
						t.Errorf("got it after %v, want 1s", got)
					}
					if synctest.Wait(); !left {
						t.Error("the endpoint does not know")
					}
				})
			}
		})
	}
}

var goingDown = &connector.Error{Code: connector.ShuttingDown, Message: "This instance is going down."}

// leaving are ways in which a call ends after a second, by the code that tells of them.
func leaving() map[connector.Code]func(context.Context) (context.Context, context.CancelFunc) {
	after := func(cause error) func(context.Context) (context.Context, context.CancelFunc) {
		return func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancelCause(ctx)
			timer := time.AfterFunc(time.Second, func() { cancel(cause) })
			return ctx, func() { timer.Stop(); cancel(nil) }
		}
	}
	return map[connector.Code]func(context.Context) (context.Context, context.CancelFunc){
		connector.CallerGone:   after(errors.New("some reason of the host's")),
		connector.ShuttingDown: after(goingDown),
		connector.UpstreamTimeout: func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, time.Second) // the host's own time is up
		},
	}
}
