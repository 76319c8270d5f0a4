package lambda_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

const (
	chat       = `{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}]}`
	completion = `{"id":"c-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,` +
		`"finish_reason":"stop","message":{"role":"assistant","content":"Lima."}}],` +
		`"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}`
	chatTarget = "/chat/completions?api-version=2024-05-01-preview"
)

// An endpoint is a model endpoint that counts its calls.
type endpoint struct {
	*httptest.Server
	calls atomic.Int64
}

// newEndpoint answers by handler, or completes every chat where that is nil.
func newEndpoint(t testing.TB, handler http.HandlerFunc) *endpoint {
	t.Helper()
	e := &endpoint{}
	if handler == nil {
		handler = answering(http.StatusOK, completion)
	}
	e.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.calls.Add(1)
		_, _ = io.Copy(io.Discard, r.Body)
		handler(w, r)
	}))
	t.Cleanup(e.Close)
	return e
}

func answering(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// hanging never answers.
func hanging(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// call makes a request of a caller with its key.
func call(t testing.TB, method, target, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://front"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Api-Key", callerKey)
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	return r
}

// A reply is an answer that was read whole.
type reply struct {
	status int
	code   string // X-Ms-Error-Code
	header http.Header
	body   string
}

func send(t testing.TB, front http.RoundTripper, r *http.Request) reply {
	t.Helper()
	answer, err := front.RoundTrip(r)
	if err != nil {
		t.Error(err)
		return reply{}
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Errorf("the answer was cut after %q: %v", body, err)
	}
	return reply{answer.StatusCode, answer.Header.Get("X-Ms-Error-Code"), answer.Header, string(body)}
}

// fronts are all ways for HTTP to a function that has streamed set, and one that has not.
func fronts(whole, stream *double.Function) map[string]http.RoundTripper {
	binary := []string{"image/png"} // some, or base64 is not decoded
	return map[string]http.RoundTripper{
		"HTTP API":                   &double.HTTPAPI{Function: whole},
		"HTTP API, format 1.0":       &double.HTTPAPI{Function: whole, Format1: true},
		"REST API":                   based{&double.RESTAPI{Function: whole, BinaryMediaTypes: binary}},
		"REST API, base path":        based{&double.RESTAPI{Function: whole, BinaryMediaTypes: binary, Domain: "api.example.com", BasePath: "v1"}},
		"load balancer":              &double.ALB{Function: whole},
		"load balancer, multi-value": &double.ALB{Function: whole, MultiValue: true},
		"Function URL":               &double.FunctionURL{Function: whole},
		"Function URL, streamed":     &double.FunctionURL{Function: stream, Stream: true},
	}
}

// based puts the stage or the base path into the address, as those who call one do.
type based struct{ *double.RESTAPI }

// RoundTrip implements http.RoundTripper.
func (b based) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Path, r.URL.RawPath = b.Prefix()+r.URL.Path, b.Prefix()+r.URL.EscapedPath()
	return b.RESTAPI.RoundTrip(r)
}
