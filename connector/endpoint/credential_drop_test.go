package endpoint

import (
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// An endpoint that does not know a token gets another one with the next call, and no other call for this one.
func TestRefusedTokenIsDropped(t *testing.T) {
	for name, test := range map[string]struct {
		status, want int // want is the number of the second call's token
	}{
		"401": {http.StatusUnauthorized, 2},
		"403": {http.StatusForbidden, 1}, // the token is known, and may not
	} {
		refusing := func(t *testing.T, identity IdentityConfig) {
			t.Helper()
			var calls atomic.Int32
			e := signedIn(t, identity, func(w http.ResponseWriter, r *http.Request) {
				if calls.Add(1) == 1 {
					w.WriteHeader(test.status)
					return
				}
				bearerOnly(t, token(test.want))(w, r)
			})
			mustGet(t, e)
			e.tokens.since = time.Now().Add(-tooYoungToDrop)
			failure := e.fails(t, chat(t, plainChat), connector.UpstreamAuthFailed)
			if failure.Repeat.Allowed || calls.Load() != 1 {
				t.Errorf("got %v after %d calls", failure.Repeat, calls.Load())
			}
			text(t, e.must(t, chat(t, plainChat)))
		}
		t.Run(name+", application", func(t *testing.T) { refusing(t, newAuthority(t).application()) })
		t.Run(name+", managed identity", func(t *testing.T) {
			appService(t)
			refusing(t, IdentityConfig{Type: ManagedServiceIdentity})
		})
	}
}

// A call that was under way with an older token does not cost the new one.
func TestOlderTokenDropsNothing(t *testing.T) {
	e := signedIn(t, newAuthority(t).application(), answer(`{}`))
	mustGet(t, e)
	e.tokens.drop(token(0))
	if got := mustGet(t, e); got != token(1) {
		t.Errorf("got %s", got)
	}
}

// An endpoint that refuses every token, for want of a role, gets no new one with each call, but one in a minute.
func TestNewTokenIsKept(t *testing.T) {
	a := newAuthority(t)
	e := signedIn(t, a.application(), func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) })
	for minute := range 3 {
		for range 5 {
			e.fails(t, chat(t, plainChat), connector.UpstreamAuthFailed)
		}
		if got := len(a.asked()); got != minute+1 {
			t.Errorf("got %d requests for a token, want %d", got, minute+1)
		}
		e.tokens.since = time.Now().Add(-time.Minute)
		e.fails(t, chat(t, plainChat), connector.UpstreamAuthFailed)
	}
}

// How old a token must be to be dropped.
func TestAgeOfDroppedTokens(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		for n, test := range []struct {
			age  time.Duration
			want string
		}{{59 * time.Second, token(1)}, {time.Second, token(2)}, {59 * time.Second, token(2)}} {
			sent := mustGet(t, e)
			time.Sleep(test.age)
			e.tokens.drop(sent)
			if got := mustGet(t, e); got != test.want {
				t.Errorf("%d: got %s, want %s", n, got, test.want)
			}
		}
		wantAsked(t, p, 2)
	})
}
