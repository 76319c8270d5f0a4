package endpoint

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
)

// How tokens are kept (contract/reliability.md section 2).
const (
	fetchBudget     = 10 * time.Second
	failureStands   = 5 * time.Second
	refreshEarly    = 5 * time.Minute  // before a token expires
	lastSendingTime = 30 * time.Second // before a token expires: clocks differ, and a call takes its time
	tooYoungToDrop  = time.Minute      // an endpoint that refuses such a token refuses the next one as well
)

// A tokenSource keeps the token of an identity for one scope. Calls that need a new one at the same time share one
// fetch. Nothing is made before the first call.
type tokenSource struct {
	identity *Identity
	scope    string
	client   *authorityClient

	mu         sync.Mutex
	credential azcore.TokenCredential // nil until it is needed
	token      azcore.AccessToken
	since      time.Time // of the token
	fetch      *fetch    // in progress, nil for none
	failure    error     // of the last fetch
	standsTill time.Time
}

// A fetch is over when done is closed. It ends with the last call that waits for it.
type fetch struct {
	cancel  context.CancelFunc
	done    chan struct{}
	late    <-chan struct{} // closed when its time is up
	waiting int
	token   string
	err     error
}

// get returns a token that can be sent now. Every error is an *Error.
func (t *tokenSource) get(ctx context.Context) (string, error) {
	t.mu.Lock()
	left := time.Until(t.token.ExpiresOn.Round(0)) // by the clock on the wall: the other may stand still while a host freezes us
	failed, good, old := time.Now().Before(t.standsTill), left > lastSendingTime, t.token.Token
	switch {
	case left > refreshEarly, good && (failed || t.fetch != nil): // with an old one, one call waits for the new one
		t.mu.Unlock()
		return old, nil
	case failed:
		defer t.mu.Unlock()
		return "", unavailable(t.failure, time.Until(t.standsTill))
	}
	f := t.join(ctx)
	t.mu.Unlock()
	token, err := t.wait(ctx, f)
	if err != nil && good && ctx.Err() == nil {
		return old, nil
	}
	return token, err
}

// join takes part in the fetch in progress, or begins one.
func (t *tokenSource) join(ctx context.Context) *fetch {
	if t.fetch == nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchBudget) // it is for all who wait
		f := &fetch{cancel: cancel, done: make(chan struct{}), late: ctx.Done()}
		t.fetch = f
		go func() {
			token, err := t.ask(ctx)
			t.finish(f, token, err)
		}()
	}
	t.fetch.waiting++
	return t.fetch
}

// wait returns what a fetch brings, while there is time.
func (t *tokenSource) wait(ctx context.Context, f *fetch) (string, error) {
	select {
	case <-f.done:
	case <-f.late: // also when who fetches does not heed it
		t.finish(f, azcore.AccessToken{}, errTokenLate)
		<-f.done
	case <-ctx.Done():
		t.leave(f)
		if cause := context.Cause(ctx); !errors.Is(cause, context.DeadlineExceeded) {
			return "", interrupted(cause, cause)
		}
		return "", unavailable(errTokenLate, failureStands) // of the caller's time: nothing was sent, so a repeat is safe
	}
	if f.err != nil {
		return "", unavailable(f.err, failureStands)
	}
	return f.token, nil
}

// leave ends a fetch that nobody waits for.
func (t *tokenSource) leave(f *fetch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f.waiting--; f.waiting == 0 && t.fetch == f {
		t.fetch = nil
		f.cancel()
	}
}

// finish notes what came of a fetch, unless that is known or nobody waits for it.
func (t *tokenSource) finish(f *fetch, token azcore.AccessToken, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.fetch != f {
		return
	}
	t.fetch = nil
	if f.token, f.err = token.Token, err; err == nil {
		t.token, t.since = token, time.Now()
	} else {
		t.failure, t.standsTill = err, time.Now().Add(failureStands)
	}
	close(f.done)
	f.cancel()
}

// ask asks for a token, once. Its error can be told to operators.
func (t *tokenSource) ask(ctx context.Context) (token azcore.AccessToken, err error) {
	defer func() {
		if p := recover(); p != nil { // on odd replies of an authority; no host would catch it here
			err = fmt.Errorf("the credential failed on the reply: %v", p)
		}
		if err != nil {
			err = errors.New(t.identity.tell(err))
		}
	}()
	credential, err := t.usual()
	if err != nil {
		return azcore.AccessToken{}, err
	}
	options := policy.TokenRequestOptions{Scopes: []string{t.scope}}
	if t.identity.config.Type == ManagedServiceIdentity {
		options.Claims = "{}" // they go nowhere, but around a cache that the whole process shares and nobody can empty
	}
	if token, err = credential.GetToken(ctx, options); err == nil && token.Token == "" {
		err = errNoToken
	}
	return token, err
}

// usual returns the credential, which is made when it is first needed.
func (t *tokenSource) usual() (credential azcore.TokenCredential, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.credential == nil {
		t.credential, err = t.identity.newCredential(azcore.ClientOptions{Transport: t.client})
	}
	return t.credential, err
}

// drop forgets a token that the endpoint refused, and the credential with all it remembers, unless it is new.
func (t *tokenSource) drop(token string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.token.Token == token && time.Since(t.since) >= tooYoungToDrop {
		t.token, t.credential = azcore.AccessToken{}, nil
	}
}
