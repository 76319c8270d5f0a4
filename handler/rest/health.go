package rest

import (
	"io"
	"net/http"
	"strings"
)

// serveHealth answers the routes that need no credential and reveal nothing but the state (R28).
func (h *Handler) serveHealth(w http.ResponseWriter, r *http.Request) bool {
	status, text := http.StatusOK, `{"status":"ok"}`
	switch strings.TrimRight(r.URL.Path, "/") {
	case "", "/healthz":
	case "/readyz":
		if h.draining.Load() {
			status, text = http.StatusServiceUnavailable, `{"status":"draining"}`
			w.Header().Set("Retry-After", "5")
		}
	default:
		return false
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the net/http server drops it for HEAD
	return true
}
