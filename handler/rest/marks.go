package rest

import (
	"context"
	"net/http"
)

type trusted struct{}

// Trust marks a request whose caller the platform in front has authenticated, where the operator said that
// this is enough (auth.trustPlatform). Only hosts may call it, and never because of anything that callers
// can write into a request.
func Trust(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), trusted{}, true))
}

func isTrusted(r *http.Request) bool { return r.Context().Value(trusted{}) != nil }

type broken struct{}

// Broken marks a request that a host could not make whole. It is refused with err before anything else is
// looked at, and logged like any other.
func Broken(r *http.Request, err error) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), broken{}, err))
}

func whatBroke(r *http.Request) error {
	err, _ := r.Context().Value(broken{}).(error)
	return err
}
