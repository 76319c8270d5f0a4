package emulator_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/handler/emulator"
)

// A caller that leaves sets the emulator free, whatever it was waiting for.
func TestGone(t *testing.T) {
	for name, body := range map[string]string{
		"hangs":               request("hangs", ""),
		"hangs over a stream": request("hangs", `,"stream":true`),
	} {
		t.Run(name, func(t *testing.T) {
			ctx, leave := context.WithCancel(t.Context())
			e, done := watched(t, leave)
			if _, err := e.chatWithin(t, ctx, body); !errors.Is(err, context.Canceled) {
				t.Errorf("got %v, want the caller's own leaving", err)
			}
			<-done
		})
	}
}

func TestGoneInTheMiddleOfAStream(t *testing.T) {
	ctx, leave := context.WithCancel(t.Context())
	e, done := watched(t, func() {})
	response, err := e.chatWithin(t, ctx, request("echo", `,"stream":true`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	first := make([]byte, len("data: "))
	if _, err := io.ReadFull(response.Body, first); err != nil {
		t.Fatal(err) // the first event must not wait for the second
	}
	leave()
	<-done
}

func TestHangsForAsLongAsAnyoneWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := serveInBubble(t, emulator.Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 1000*time.Hour)
		defer cancel()
		if _, err := e.chatWithin(t, ctx, request("hangs", "")); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v, want the caller's own deadline", err)
		}
	})
}

// watched serves an emulator for one call, that says when it begins and when it
// is done, and whose streams pause for longer than any test.
func watched(t testing.TB, begins func()) (e endpoint, done <-chan struct{}) {
	t.Helper()
	returned := make(chan struct{})
	handler := emulator.Handler(emulator.Config{EventDelay: 1000 * time.Hour})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(returned)
		begins()
		handler.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return endpoint{server.URL, server.Client()}, returned
}

func (e endpoint) chatWithin(t testing.TB, ctx context.Context, body string) (*http.Response, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.url+"/chat/completions"+version, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return e.client.Do(r)
}
