package endpoint

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// A caller that leaves does no harm to others that wait; the last one ends the fetch, and it counts as no failure.
func TestCallersLeaveWhileATokenIsFetched(t *testing.T) {
	for code, leave := range leaving() {
		t.Run(string(code), func(t *testing.T) {
			want := code
			if code == connector.UpstreamTimeout { // of the caller's own time: the endpoint has not been asked
				want = connector.CredentialUnavailable
			}
			inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
				p.slowly(3 * time.Second)
				var stays sync.WaitGroup
				stays.Go(func() {
					if got := mustGet(t, e); got != token(1) {
						t.Errorf("got %s", got)
					}
				})
				leaves(t, e, leave, want)
				stays.Wait()
				wantAsked(t, p, 1)
				wantLeft(t, p, false)
			})
			inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
				p.slowly(3 * time.Second)
				leaves(t, e, leave, want)
				wantLeft(t, p, true)
				p.answer(nil)
				if got := mustGet(t, e); got != token(2) {
					t.Errorf("got %s", got)
				}
			})
		})
	}
}

// wantLeft checks whether the platform knows that nobody waits for its answer.
func wantLeft(t testing.TB, p *tokenPlatform, want bool) {
	t.Helper()
	synctest.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.left != want {
		t.Errorf("got left %t, want %t", p.left, want)
	}
}

// leaves prepares a call whose caller leaves after a second.
func leaves(t testing.TB, e *Endpoint, leave func(context.Context) (context.Context, context.CancelFunc), want connector.Code) {
	t.Helper()
	ctx, cancel := leave(t.Context())
	defer cancel()
	start := time.Now()
	_, err := e.Prepare(ctx, chat(t, plainChat))
	wantCode(t, err, want)
	if got := time.Since(start); got != time.Second {
		t.Errorf("got it after %v, want 1s", got)
	}
}
