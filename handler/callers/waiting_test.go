package callers

import (
	"context"
	"crypto/rsa"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// TestMoreThanMayWait presents many tokens of a key that is not there while the authority is silent: one asks
// and 16 wait, again and again, and all others get at once what is known.
func TestMoreThanMayWait(t *testing.T) {
	unavailable := func(err error) bool {
		e, ok := errors.AsType[*connector.Error](err)
		return ok && e.Code == connector.AuthUnavailable
	}
	unknown := func(err error) bool { return errors.Is(err, ErrUnknown) }
	for name, test := range map[string]struct {
		held   map[string]*rsa.PublicKey
		expect func(error) bool
	}{
		"no keys":           {nil, unavailable},
		"keys, but another": {map[string]*rsa.PublicKey{"other": {}}, unknown},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newKeySet(PublicCloud, "t", nil)
				s.transport, s.keys, s.fetched = silent{}, test.held, time.Now()
				for range 3 {
					results := findMany(t.Context(), s, 100)
					synctest.Wait()
					if got := len(results); got != 83 {
						t.Errorf("%d of 100 had an answer at once, want 83", got)
					}
					time.Sleep(2 * time.Minute)
					for range cap(results) {
						if err := <-results; !test.expect(err) {
							t.Errorf("got %v", err)
						}
					}
				}
			})
		})
	}
}

// Who leaves makes room for another.
func TestRoomOfThoseWhoLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newKeySet(PublicCloud, "t", nil)
		s.transport = silent{}
		asks := findMany(t.Context(), s, 1)
		synctest.Wait()
		for range 3 {
			ctx, leave := context.WithCancel(t.Context())
			waiting := findMany(ctx, s, 16)
			synctest.Wait()
			if got := len(waiting); got != 0 {
				t.Errorf("%d of 16 did not wait", got)
			}
			leave()
			synctest.Wait()
			if got := len(waiting); got != 16 {
				t.Errorf("%d of 16 left", got)
			}
		}
		<-asks
	})
}

// findMany looks for a key many times at once.
func findMany(ctx context.Context, s *keySet, times int) chan error {
	results := make(chan error, times)
	for range times {
		go func() {
			_, err := s.find(ctx, "one")
			results <- err
		}()
	}
	return results
}
