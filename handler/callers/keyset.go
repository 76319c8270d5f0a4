package callers

import (
	"context"
	"crypto/rsa"
	"crypto/x509"
	"net/http"
	"sync"
	"time"

	"inferenceconnector/connector"
)

// How long keys and failures are remembered (S9), and waited for: that comes before the 100 s of a call, which
// must end before the 120 s that callers wait (R11).
const (
	keysStay     = 24 * time.Hour  // while no newer ones can be had
	keysAreFresh = time.Hour       // then newer ones are asked for: a tenant may withdraw a key
	fetchPause   = time.Minute     // between two fetches, however many tokens name keys that are not there
	failurePause = 5 * time.Second // the same while there are no keys at all
	fetchBudget  = 5 * time.Second // for a fetch that callers wait for
	freshBudget  = 2 * time.Second // for one that a caller could do without
)

// maxWaiting is how many wait for a fetch: whoever forges tokens must not fill the process with them.
const maxWaiting = 16

// A keySet holds the keys with which a tenant signs. They are fetched within calls, one fetch at a time, and
// by nobody else: there is nothing to stop.
type keySet struct {
	address, tenant string
	transport       http.RoundTripper
	turn            chan struct{} // who has put something in may fetch
	waiting         chan struct{} // the same for waiting for one's turn

	mu      sync.Mutex
	keys    map[string]*rsa.PublicKey // by kid
	fetched time.Time                 // when keys came
	tried   time.Time                 // when the last fetch ended, well or not
	failure error                     // why it failed
}

// newKeySet returns the set of a tenant. Its address is the one that Entra's discovery documents name; asking
// for such a document first would only add a second answer to trust.
func newKeySet(authority, tenant string, roots *x509.CertPool) *keySet {
	return &keySet{
		address: authority + "/" + tenant + "/discovery/v2.0/keys", tenant: tenant,
		transport: newTransport(roots), turn: make(chan struct{}, 1), waiting: make(chan struct{}, maxWaiting),
	}
}

// find returns a key by its kid. The error is ErrUnknown when the tenant has none of that name, or
// AuthUnavailable when its keys cannot be had.
func (s *keySet) find(ctx context.Context, kid string) (*rsa.PublicKey, error) {
	key, due, err := s.look(kid)
	if !due || !s.takeTurn(ctx, key == nil) {
		return key, err
	}
	defer func() { <-s.turn }()
	if key, due, err = s.look(kid); due {
		budget := fetchBudget
		if key != nil {
			budget = freshBudget
		}
		s.fetch(ctx, budget)
		key, _, err = s.look(kid)
	}
	return key, err
}

// look returns what is known of a key, and whether it is time to ask for more.
func (s *keySet) look(kid string) (key *rsa.PublicKey, due bool, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	age, rested := time.Since(s.fetched), time.Since(s.tried)
	if s.keys == nil || age >= keysStay {
		return nil, rested >= failurePause, &connector.Error{
			Code: connector.AuthUnavailable, RetryAfter: max(failurePause-rested, time.Second),
			Message: "Tokens cannot be checked now; try again in a few seconds.", Err: s.failure,
		}
	}
	if key = s.keys[kid]; key == nil {
		err = refused("the token's key is none of the tenant's")
	}
	return key, (key == nil || age >= keysAreFresh) && rested >= fetchPause, err
}

// takeTurn waits for the fetch in progress, if the caller needs its result and not too many wait already.
func (s *keySet) takeTurn(ctx context.Context, wait bool) bool {
	select {
	case s.turn <- struct{}{}:
		return true
	default:
	}
	if !wait {
		return false
	}
	select {
	case s.waiting <- struct{}{}:
		defer func() { <-s.waiting }()
	default:
		return false
	}
	select {
	case s.turn <- struct{}{}:
		return true
	case <-ctx.Done():
		return false
	}
}

// fetch goes on when its caller leaves: others may wait for it, and whoever leaves early again and again must
// not keep new keys out. It ends with the caller's deadline.
func (s *keySet) fetch(ctx context.Context, budget time.Duration) {
	limit := time.Now().Add(budget)
	if deadline, ok := ctx.Deadline(); ok && deadline.Before(limit) {
		limit = deadline
	}
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), limit)
	defer cancel()
	keys, err := s.download(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried, s.failure = time.Now(), err
	if err == nil {
		s.keys, s.fetched = keys, s.tried
	}
}
