package callers_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
)

func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

// contextOver returns a context whose deadline is past.
func contextOver(t testing.TB) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
}

// code is that of an Error, "" for a caller who is known or just nobody.
func code(err error) connector.Code {
	if e, ok := errors.AsType[*connector.Error](err); ok {
		return e.Code
	}
	return ""
}

// A life is what happens to a list and its authority as time goes by.
type life struct {
	*testing.T
	a    *authority
	list *callers.List
}

// live runs a test in a time of its own. The authority is outside of it, on a real connection.
func live(t *testing.T, test func(l life)) {
	a := newAuthority(t)
	signingKey()
	nextKey()
	synctest.Test(t, func(t *testing.T) { test(life{t, a, a.list()}) })
}

// expect presents a token that is good now, signed by the key of that name, and looks how often the authority
// has been asked in all.
func (l life) expect(what, kid string, want error, asked int) {
	l.Helper()
	key := signingKey()
	if kid != "one" {
		key = nextKey()
	}
	_, err := l.list.Identify(l.Context(), asBearer(sign(header().with(object{"kid": kid}), l.a.claims(), key)))
	switch {
	case want == nil && err != nil, want == callers.ErrUnknown && !errors.Is(err, want):
		l.Errorf("%s: got %v, want %v", what, err, want)
	case want == errUnavailable && code(err) != connector.AuthUnavailable:
		l.Errorf("%s: got %v, want AuthUnavailable", what, err)
	}
	if got := l.a.count(); got != asked {
		l.Errorf("%s: the authority was asked %d times, want %d", what, got, asked)
	}
}

var errUnavailable = errors.New("AuthUnavailable")

func TestNothingIsFetchedBeforeTheFirstToken(t *testing.T) {
	live(t, func(l life) {
		for _, header := range []http.Header{{}, {"Api-Key": {oldKey}}, asBearer("a.b.c"), asBearer("opaque"),
			asBearer(sign(header(), l.a.claims().with(object{"aud": "api://other"}), signingKey())),
			asBearer(sign(header().with(object{"kid": nil}), l.a.claims(), signingKey()))} {
			_, _ = l.list.Identify(l.Context(), header)
		}
		if got := l.a.count(); got != 0 {
			l.Errorf("asked %d times", got)
		}
	})
}

func TestKeysNeverThere(t *testing.T) {
	live(t, func(l life) {
		l.a.fail()
		l.expect("down at first", "one", errUnavailable, 1)
		l.expect("a failure is remembered", "one", errUnavailable, 1)
		_, err := l.list.Identify(l.Context(), asBearer(l.a.token()))
		if e, _ := errors.AsType[*connector.Error](err); e.RetryAfter != 5*time.Second || e.Status() != 503 || e.Err == nil {
			l.Errorf("got %+v, want 503 with a pause and a cause", e)
		}
		time.Sleep(4 * time.Second)
		l.expect("a little later", "one", errUnavailable, 1)
		time.Sleep(time.Second)
		l.expect("after the pause", "one", errUnavailable, 2)
		l.a.publish(published("one", signingKey()))
		time.Sleep(5 * time.Second)
		l.expect("back", "one", nil, 3)
		l.expect("still", "one", nil, 3)
	})
}

func TestKeysOutliveTheirSource(t *testing.T) {
	live(t, func(l life) {
		l.expect("first", "one", nil, 1)
		l.a.fail()
		time.Sleep(time.Hour - time.Second)
		l.expect("fresh", "one", nil, 1)
		time.Sleep(time.Second)
		l.expect("refresh fails", "one", nil, 2)
		l.expect("not at once again", "one", nil, 2)
		time.Sleep(time.Minute)
		l.expect("a minute later", "one", nil, 3)
		time.Sleep(23*time.Hour - 2*time.Minute)
		l.expect("just below 24 hours", "one", nil, 4)
		time.Sleep(time.Minute)
		l.expect("24 hours", "one", errUnavailable, 5)
		l.a.publish(published("one", signingKey()))
		time.Sleep(5 * time.Second)
		l.expect("back", "one", nil, 6)
	})
}

func TestUnknownKeysAreLookedForOnceAMinute(t *testing.T) {
	live(t, func(l life) {
		l.expect("first", "one", nil, 1)
		for range 20 {
			l.expect("unknown", "two", callers.ErrUnknown, 1)
		}
		time.Sleep(time.Minute)
		for range 20 {
			l.expect("unknown, a minute later", "two", callers.ErrUnknown, 2)
		}
		l.expect("known", "one", nil, 2)
		l.a.publish(published("two", nextKey()))
		time.Sleep(59 * time.Second)
		l.expect("rotated in, too early", "two", callers.ErrUnknown, 2)
		l.expect("on its way out", "one", nil, 2)
		time.Sleep(time.Second)
		l.expect("rotated in", "two", nil, 3)
		l.expect("rotated out", "one", callers.ErrUnknown, 3)
	})
}

func TestWithdrawnKeysAreDropped(t *testing.T) {
	live(t, func(l life) {
		l.expect("first", "one", nil, 1)
		l.a.publish(published("two", nextKey()))
		time.Sleep(time.Hour)
		l.expect("withdrawn", "one", callers.ErrUnknown, 2)
	})
}

func TestAFailingSourceIsNoSource(t *testing.T) {
	text := func(text string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(text)) }
	}
	for name, answer := range map[string]http.HandlerFunc{
		"redirect": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/"+tenant+"/discovery/v2.0/keys?", http.StatusFound)
		},
		"not found": http.NotFound,
		"an error with keys": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			publish(w, published("one", signingKey()))
		},
		"no JSON":   text("<html>"),
		"no set":    text(`{"error":"invalid_tenant"}`),
		"no keys":   text(`{"keys":[]}`),
		"a list":    text(`[]`),
		"too large": text(`{"more":"` + strings.Repeat("x", 1<<20) + `","keys":[` + asJSON(published("one", signingKey())) + `]}`),
		"cut off": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			_, _ = w.Write([]byte(`{"keys":[`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			a.respond(answer)
			if _, err := a.list().Identify(t.Context(), asBearer(a.token())); code(err) != connector.AuthUnavailable {
				t.Errorf("got %v, want AuthUnavailable", err)
			}
			if got := a.count(); got != 1 {
				t.Errorf("asked %d times", got)
			}
		})
	}
	t.Run("another certificate", func(t *testing.T) {
		a := newAuthority(t)
		list := a.list()
		list.Entra = callers.NewEntra(callers.EntraConfig{Tenant: tenant, Audience: []string{audience}, Authority: a.URL})
		if _, err := list.Identify(t.Context(), asBearer(a.token())); code(err) != connector.AuthUnavailable || a.count() != 0 {
			t.Errorf("got %v after %d requests, want AuthUnavailable after none", err, a.count())
		}
	})
}

// What is in a set besides keys for RS256 neither counts nor harms.
func TestOtherKeysOfASet(t *testing.T) {
	other := published("other", nextKey())
	weak := must(rsa.GenerateKey(rand.Reader, 1024))
	for name, key := range map[string]object{
		"for encryption":        other.with(object{"use": "enc"}),
		"for another algorithm": other.with(object{"alg": "RS512"}),
		"of another tenant":     other.with(object{"issuer": "https://login.microsoftonline.com/" + otherTenant + "/v2.0"}),
		"a secret":              {"kty": "oct", "kid": "other", "k": encode([]byte(oldKey))},
		"of a new kind":         {"kty": "NEW", "kid": "other"},
		"broken":                {"kty": "RSA", "kid": "other", "n": 7},
		"too short":             published("other", weak),
		"nameless":              other.with(object{"kid": nil}),
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			a.publish(key, published("one", signingKey()).with(object{"issuer": "https://login.microsoftonline.com/{tenantid}/v2.0"}))
			list := a.list()
			if _, err := list.Identify(t.Context(), asBearer(a.token())); err != nil {
				t.Errorf("got %v", err)
			}
			for _, signer := range []*rsa.PrivateKey{nextKey(), weak} {
				token := sign(header().with(object{"kid": "other"}), a.claims(), signer)
				if _, err := list.Identify(t.Context(), asBearer(token)); !errors.Is(err, callers.ErrUnknown) {
					t.Errorf("its token: got %v, want ErrUnknown", err)
				}
			}
		})
	}
}

// slow is an answer that waits for a word; asked tells when it is asked for.
func slowly() (slow http.HandlerFunc, asked chan struct{}, answer func()) {
	asked, proceed := make(chan struct{}, 100), make(chan struct{})
	return func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		<-proceed
		publish(w, published("one", signingKey()))
	}, asked, sync.OnceFunc(func() { close(proceed) })
}

func TestOneFetchServesAllWhoWait(t *testing.T) {
	a := newAuthority(t)
	slow, asked, answer := slowly()
	defer answer()
	a.respond(slow)
	list, token := a.list(), a.token()
	results := make(chan error, 17) // one asks, 16 wait
	for range cap(results) {
		go func() {
			_, err := list.Identify(t.Context(), asBearer(token))
			results <- err
		}()
	}
	<-asked
	answer()
	for range cap(results) {
		if err := <-results; err != nil {
			t.Errorf("got %v", err)
		}
	}
	if got := a.count(); got != 1 {
		t.Errorf("asked %d times", got)
	}
}

// A caller who leaves neither waits, nor takes from others what it began.
func TestLeavingWhileKeysAreFetched(t *testing.T) {
	a := newAuthority(t)
	slow, asked, answer := slowly()
	defer answer()
	a.respond(slow)
	list, token := a.list(), a.token()
	identify := func(ctx context.Context) chan error {
		result := make(chan error, 1)
		go func() {
			_, err := list.Identify(ctx, asBearer(token))
			result <- err
		}()
		return result
	}
	leaving, leave := context.WithCancel(t.Context())
	first := identify(leaving)
	<-asked
	second, staying := identify(leaving), identify(t.Context())
	leave()
	if err := <-second; code(err) != connector.AuthUnavailable {
		t.Errorf("who left: got %v, want AuthUnavailable", err)
	}
	answer()
	for name, result := range map[string]chan error{"who began": first, "who stayed": staying} {
		if err := <-result; err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if got := a.count(); got != 1 {
		t.Errorf("asked %d times", got)
	}
}

// A refresh is waited for by one caller only.
func TestOthersDoNotWaitForARefresh(t *testing.T) {
	a := newAuthority(t)
	slow, asked, answer := slowly()
	defer answer()
	synctest.Test(t, func(t *testing.T) {
		l := life{t, a, a.list()}
		l.expect("first", "one", nil, 1)
		time.Sleep(time.Hour)
		a.respond(slow)
		done := make(chan error, 1)
		go func() {
			_, err := l.list.Identify(l.Context(), asBearer(a.token()))
			done <- err
		}()
		select {
		case <-asked:
		case err := <-done:
			t.Fatalf("nobody refreshed: %v", err)
		}
		l.expect("another", "one", nil, 2)
		answer()
		if err := <-done; err != nil {
			t.Errorf("who refreshed: got %v", err)
		}
	})
}

func TestAFetchEndsWithItsCallersDeadline(t *testing.T) {
	a := newAuthority(t)
	slow, _, answer := slowly()
	defer answer()
	a.respond(slow)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	if _, err := a.list().Identify(ctx, asBearer(a.token())); code(err) != connector.AuthUnavailable {
		t.Errorf("got %v, want AuthUnavailable", err)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("took %v, nearly what a fetch may take without a deadline", took)
	}
}
