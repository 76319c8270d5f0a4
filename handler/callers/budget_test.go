package callers

import (
	"context"
	"crypto/rsa"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// silent is an authority that accepts connections and says nothing.
type silent struct{}

func (silent) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, context.Cause(r.Context())
}

// TestBudgets waits for an authority that never answers: long for keys that are needed, shortly for newer ones.
func TestBudgets(t *testing.T) {
	for name, test := range map[string]struct {
		held map[string]*rsa.PublicKey
		want time.Duration
	}{
		"no keys":            {nil, 5 * time.Second},
		"keys, but another":  {map[string]*rsa.PublicKey{"other": {}}, 5 * time.Second},
		"keys, not so fresh": {map[string]*rsa.PublicKey{"one": {}}, 2 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newKeySet(PublicCloud, "t", nil)
				s.transport, s.keys, s.fetched = silent{}, test.held, time.Now().Add(-2*time.Hour)
				start := time.Now()
				key, _ := s.find(t.Context(), "one")
				if got := time.Since(start); got != test.want || key != test.held["one"] {
					t.Errorf("got %v after %v, want %v after %v", key, got, test.held["one"], test.want)
				}
			})
		})
	}
}
