package functions_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// FuzzInvocation: whatever comes, the answer is one that the host can read, and only an invocation runs.
func FuzzInvocation(f *testing.F) {
	for _, seed := range []string{order, queued(quoted(quoted(envelope))), queued(`"hello"`), ticked(onTime), ticked(pastDue), `{"Data":{"req":null,"message":[],"timer":1}}`, `{`, ``} {
		for function := range 3 {
			f.Add(function, seed)
		}
	}
	c, _ := newConfig(f, to(f, saying(http.StatusOK, reply)))
	handler := invoked.Handler(timed(f, c, now))
	names := []string{"Rest", "worker", "morning"}
	f.Fuzz(func(t *testing.T, function int, body string) {
		name := names[uint(function)%uint(len(names))]
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/"+name, strings.NewReader(body)))
		got := read(t, w.Result(), w.Body.Bytes())
		switch {
		case got.status == http.StatusOK && name == "Rest":
			delivered(t, got)
		case got.status == http.StatusOK, got.status == http.StatusBadRequest, got.status == http.StatusInternalServerError && name != "Rest":
		default:
			t.Errorf("got %d %s", got.status, got.text)
		}
	})
}
