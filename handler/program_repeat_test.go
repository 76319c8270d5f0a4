package main_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// An endpoint that is unavailable for a moment is asked again, and the caller does not notice; the log tells.
func (p program) testRepeats(t *testing.T) {
	var requests atomic.Int32
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if requests.Add(1)%2 == 1 {
			w.Header().Set("Retry-After", "1")
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, usualCompletion)
	}))
	t.Cleanup(model.Close)
	r := p.start(t, []string{"AZUREAI_ENDPOINT_URL=" + model.URL + "/models"})
	reply := r.post(t, programChat, say("m", "hi", ""))
	same(t, "status", reply.StatusCode, http.StatusOK)
	same(t, "reply", readBody(t, reply), usualCompletion)
	same(t, "requests", requests.Load(), 2)
	same(t, "slots left", reply.Header.Get("x-ratelimit-remaining-requests"), "98")
	waitUntil(t, "the call is logged", func() bool { return strings.Contains(r.stdout.String(), `"attempts":2`) })

	once := p.start(t, []string{"AZUREAI_ENDPOINT_URL=" + model.URL + "/models", "CONNECTOR_MAX_ATTEMPTS=1"})
	same(t, "status without repeats", once.post(t, programChat, say("m", "hi", "")).StatusCode, http.StatusServiceUnavailable)
	same(t, "requests", requests.Load(), 3)
}
