package functions_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

const (
	chat    = "/chat/completions?api-version=2024-05-01-preview"
	message = `{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}]}`
	reply   = `{"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Lima."}}]}`
)

// newRequest makes a call of a JSON body, "" for none. Headers are given as "name: value".
func newRequest(t *testing.T, method, address, body string, headers ...string) *http.Request {
	t.Helper()
	var reader io.Reader
	if body != "" {
		reader = strings.NewReader(body)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, reader)
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	return r
}

// answer is what a caller gets.
type answer struct {
	status     int
	code, text string
}

func send(t *testing.T, r *http.Request) answer {
	t.Helper()
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{reply.StatusCode, reply.Header.Get("X-Ms-Error-Code"), string(text)}
}
