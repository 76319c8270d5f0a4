package endpoint

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// credentialFunc is a credential of azidentity's kind that behaves as none of its should.
type credentialFunc func() (azcore.AccessToken, error)

func (f credentialFunc) GetToken(context.Context, policy.TokenRequestOptions) (azcore.AccessToken, error) {
	return f()
}

// A credential that panics, hangs or brings nothing is one without a token: it takes down no process and
// holds up no call.
func TestOddCredential(t *testing.T) {
	for name, test := range map[string]struct {
		credential credentialFunc
		after      time.Duration
	}{
		"panics": {func() (azcore.AccessToken, error) { panic("odd") }, 0},
		"hangs": {func() (azcore.AccessToken, error) {
			time.Sleep(time.Minute) // whatever its context says
			return azcore.AccessToken{Token: token(1), ExpiresOn: time.Now().Add(time.Hour)}, nil
		}, fetchBudget},
		"brings nothing": {func() (azcore.AccessToken, error) {
			return azcore.AccessToken{ExpiresOn: time.Now().Add(time.Hour)}, nil
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := newEndpoint(t, Config{URL: "https://team.openai.azure.com", Identity: newIdentity(t, IdentityConfig{Type: DefaultIdentity})})
				e.tokens.credential = test.credential
				start := time.Now()
				noToken(t, e)
				if got := time.Since(start); got != test.after {
					t.Errorf("got it after %v, want %v", got, test.after)
				}
				time.Sleep(time.Minute) // for the one that hangs, whose token comes too late to be kept
				if e.tokens.token.Token != "" {
					t.Error("a late token is kept")
				}
			})
		})
	}
}

// A token that is too short-lived to be kept is sent all the same, and is not taken for the next call.
func TestShortLivedToken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := newEndpoint(t, Config{URL: "https://team.openai.azure.com", Identity: newIdentity(t, IdentityConfig{Type: DefaultIdentity})})
		n := 0
		e.tokens.credential = credentialFunc(func() (azcore.AccessToken, error) {
			n++
			return azcore.AccessToken{Token: token(n), ExpiresOn: time.Now().Add(lastSendingTime)}, nil
		})
		for want := range 3 {
			if got := mustGet(t, e); got != token(want+1) {
				t.Errorf("got %s, want %s", got, token(want+1))
			}
		}
	})
}

// A token is sent until half a minute before its end, and not after that, whatever became of the next one.
func TestLastSendingTime(t *testing.T) {
	inPlatformBubble(t, func(t *testing.T, e *Endpoint, p *tokenPlatform) {
		mustGet(t, e)
		p.answer(refuse)
		time.Sleep(time.Hour - 31*time.Second)
		if got := mustGet(t, e); got != token(1) {
			t.Errorf("got %s", got)
		}
		time.Sleep(2 * time.Second)
		noToken(t, e)
	})
}
