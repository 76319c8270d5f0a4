package functions

import (
	"net/http"
	"strings"

	"inferenceconnector/handler/rest"
)

// Handler takes the requests of the Functions host: as the caller sent them, with the route prefix in
// front. trusted says that the platform has checked its own key; which key that was nobody here reads.
func (a App) Handler(next http.Handler, trusted bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if trusted {
			r = rest.Trust(r)
		}
		u := *r.URL
		u.Path, u.RawPath = a.strip(u.Path), a.strip(u.RawPath)
		inner := r.WithContext(r.Context())
		inner.URL = &u
		next.ServeHTTP(w, inner)
	})
}

// strip takes the prefix off a path: whole segments only, and doubled slashes do no harm.
func (a App) strip(path string) string {
	below, ok := strings.CutPrefix(strings.TrimLeft(path, "/"), a.Prefix)
	if a.Prefix == "" || !ok || below != "" && below[0] != '/' {
		return path
	}
	if below == "" {
		return "/"
	}
	return below
}
