package endpoint

import (
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// mustGet returns the token that a call is sent with now.
func mustGet(t testing.TB, e *Endpoint) string {
	t.Helper()
	got, err := e.tokens.get(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// noToken checks that a call cannot be prepared, and says how long its caller is to wait.
func noToken(t testing.TB, e *Endpoint) time.Duration {
	t.Helper()
	_, err := e.Prepare(t.Context(), chat(t, plainChat))
	failure := wantCode(t, err, connector.CredentialUnavailable)
	if failure.Status() != http.StatusServiceUnavailable || failure.Repeat.Allowed {
		t.Errorf("got %d, %v", failure.Status(), failure.Repeat)
	}
	told(t, failure)
	return failure.RetryAfter
}

// inPlatformBubble runs a test with an endpoint whose identity is the platform's, on a clock of its own.
func inPlatformBubble(t *testing.T, test func(t *testing.T, e *Endpoint, p *tokenPlatform)) {
	t.Helper()
	onFunctions(t)
	synctest.Test(t, func(t *testing.T) {
		p := &tokenPlatform{}
		test(t, p.inBubble(t), p)
	})
}

func wantAsked(t testing.TB, p *tokenPlatform, want int) {
	t.Helper()
	if got := len(p.asked()); got != want {
		t.Errorf("got %d requests for a token, want %d", got, want)
	}
}

// many gets a token for many calls at once.
func many(t testing.TB, e *Endpoint, calls int) (got map[string]int) {
	t.Helper()
	got = map[string]int{}
	var mu sync.Mutex
	var group sync.WaitGroup
	for range calls {
		group.Go(func() {
			token, err := e.tokens.get(t.Context())
			if err != nil {
				token = string(connector.AsError(err).Code)
			}
			mu.Lock()
			got[token]++
			mu.Unlock()
		})
	}
	group.Wait()
	return got
}

// slowly answers as usual after a pause.
func (p *tokenPlatform) slowly(pause time.Duration) {
	p.answer(func(w http.ResponseWriter, r *http.Request) {
		select {
		case <-time.After(pause):
			p.hand(w, r, len(p.asked()))
		case <-r.Context().Done():
			p.mu.Lock()
			p.left = true
			p.mu.Unlock()
		}
	})
}

func refuse(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusInternalServerError, map[string]any{"statusCode": 500, "message": "no identity today"})
}

// Nothing is asked for before there is a call; then many calls share one request.
func TestManyCallsShareOneFetch(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		wantAsked(t, p, 0)
		p.slowly(3 * time.Second)
		start := time.Now()
		if got := many(t, e, 200); got[token(1)] != 200 {
			t.Errorf("got %v", got)
		}
		if got := time.Since(start); got != 3*time.Second {
			t.Errorf("got them after %v, want 3s", got)
		}
		wantAsked(t, p, 1)
	})
}

// A token is kept until five minutes before its end. Then one call waits for the next one, and all others go on.
func TestRefresh(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		mustGet(t, e)
		time.Sleep(54*time.Minute + 50*time.Second)
		if got := mustGet(t, e); got != token(1) {
			t.Errorf("got %s", got)
		}
		wantAsked(t, p, 1)
		time.Sleep(20 * time.Second)
		p.slowly(3 * time.Second)
		if got := many(t, e, 50); got[token(1)] != 49 || got[token(2)] != 1 {
			t.Errorf("got %v, want one new token", got)
		}
		if got := mustGet(t, e); got != token(2) {
			t.Errorf("got %s", got)
		}
		wantAsked(t, p, 2)
		time.Sleep(2 * time.Hour) // nobody called in time
		p.answer(nil)
		if got := many(t, e, 50); got[token(3)] != 50 {
			t.Errorf("got %v", got)
		}
	})
}

// A refresh that fails does no harm while the old token lasts.
func TestRefreshFails(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		mustGet(t, e)
		p.answer(refuse)
		time.Sleep(56 * time.Minute)
		for range 3 {
			if got := many(t, e, 20); got[token(1)] != 20 {
				t.Errorf("got %v", got)
			}
		}
		wantAsked(t, p, 2)
		p.slowly(time.Hour)
		time.Sleep(failureStands)
		start := time.Now()
		if got := mustGet(t, e); got != token(1) || time.Since(start) != fetchBudget {
			t.Errorf("got %s after %v", got, time.Since(start))
		}
		p.answer(refuse)
		time.Sleep(4 * time.Minute)
		noToken(t, e)
	})
}

// A failure stands for five seconds, for everyone; then the next call tries again.
func TestFailureIsRemembered(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		p.answer(refuse)
		for _, want := range []time.Duration{5 * time.Second, 3 * time.Second, time.Second} {
			if got := noToken(t, e); got != want {
				t.Errorf("got Retry-After %v, want %v", got, want)
			}
			time.Sleep(2 * time.Second)
		}
		wantAsked(t, p, 1)
		if got := noToken(t, e); got != 5*time.Second {
			t.Errorf("got Retry-After %v, want 5s", got)
		}
		wantAsked(t, p, 2)
		p.answer(nil)
		time.Sleep(failureStands)
		if got := mustGet(t, e); got != token(3) {
			t.Errorf("got %s", got)
		}
	})
}

// Who hands out tokens has ten seconds, whoever began to wait when.
func TestFetchBudget(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		p.slowly(time.Hour)
		start := time.Now()
		var late sync.WaitGroup
		late.Go(func() {
			time.Sleep(7 * time.Second)
			noToken(t, e)
			if got := time.Since(start); got != 10*time.Second {
				t.Errorf("got it after %v, want 10s", got)
			}
		})
		if got := noToken(t, e); got != 5*time.Second || time.Since(start) != 10*time.Second {
			t.Errorf("got Retry-After %v after %v, want 5s after 10s", got, time.Since(start))
		}
		late.Wait()
		wantAsked(t, p, 1)
	})
}
