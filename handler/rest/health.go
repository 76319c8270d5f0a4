package rest

import (
	"io"
	"net/http"
	"strings"
)

// serveHealth answers the routes that need no credential and reveal nothing but the state (R28).
func (h *Handler) serveHealth(w http.ResponseWriter, r *http.Request) bool {
	if !isHealth(r.URL.Path) || r.Method != http.MethodGet && r.Method != http.MethodHead {
		return false
	}
	status, text := http.StatusOK, `{"status":"ok"}`
	if reason := h.unready(); reason != "" && strings.HasPrefix(r.URL.Path, ready) {
		status, text = http.StatusServiceUnavailable, `{"status":"`+reason+`"}`
		w.Header().Set("Retry-After", "5")
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text+"\n") // the net/http server drops it for HEAD
	return true
}

// unready tells why no calls should be sent here, "" when they should.
func (h *Handler) unready() string {
	switch {
	case h.draining.Load():
		return "draining"
	case h.Ready != nil && !h.Ready():
		return "unavailable"
	}
	return ""
}

const ready = "/readyz"

func isHealth(path string) bool {
	path = strings.TrimRight(path, "/")
	return path == "" || path == "/healthz" || path == ready
}
