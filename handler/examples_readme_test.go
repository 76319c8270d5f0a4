package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"sync"
	"testing"
)

// example decodes an example of the README strictly: what the value has no place for is an error.
func example(t *testing.T, name string, into any) {
	t.Helper()
	decodeStrictly(t, []byte(exampleText(t, name, "json")), into)
}

// exampleText is an example of the README, which is in that language.
func exampleText(t *testing.T, name, language string) string {
	t.Helper()
	text, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?s)<!-- example: " + name + " -->\n```" + language + "\n(.*?)```\n").FindSubmatch(text)
	if block == nil {
		t.Fatalf("the README has no example %s", name)
	}
	return string(block[1])
}

// A scripted model endpoint gives one answer after the other, the last one for ever, and keeps what it was asked.
type scripted struct {
	url     string
	answers []scriptedAnswer

	mu    sync.Mutex
	asked []string
}

type scriptedAnswer struct {
	status     int
	body       string
	retryAfter string
}

var (
	good      = scriptedAnswer{status: http.StatusOK, body: usualCompletion}
	throttled = scriptedAnswer{http.StatusTooManyRequests, `{"error":{"code":"429","message":"Slow down."}}`, "30"}
	down      = scriptedAnswer{http.StatusServiceUnavailable, `{"error":{"code":"ServiceUnavailable","message":"Later."}}`, "30"}
	filtered  = scriptedAnswer{status: http.StatusBadRequest, body: `{"error":{"code":"content_filter","message":"The prompt was filtered."}}`}
	broken    = scriptedAnswer{status: http.StatusInternalServerError, body: `{"error":{"code":"model_error","message":"The model failed."}}`}
)

func newScripted(t *testing.T, answers ...scriptedAnswer) *scripted {
	t.Helper()
	s := &scripted{answers: answers}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	s.url = server.URL
	return s
}

func (s *scripted) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what is missing, the test misses
	s.mu.Lock()
	defer s.mu.Unlock()
	answer := s.answers[min(len(s.asked), len(s.answers)-1)]
	s.asked = append(s.asked, string(body))
	w.Header().Set("Content-Type", "application/json")
	if answer.retryAfter != "" {
		w.Header().Set("Retry-After", answer.retryAfter)
	}
	w.WriteHeader(answer.status)
	_, _ = io.WriteString(w, answer.body)
}

// connections is a connections file for this endpoint; more settings are of the connection.
func (s *scripted) connections(more string) string {
	return fmt.Sprintf(`{"connections":{"default":{"endpoint":"%s/models","egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},
		"callers":[{"name":"workflow","key":"%s"}]%s}}}`, s.url, programKey, more)
}

// check compares how often the endpoint was called, and what the last call asked.
func (s *scripted) check(t *testing.T, calls int, question string) {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	same(t, "calls of the endpoint", len(s.asked), calls)
	if calls == 0 {
		return
	}
	var request struct {
		Model    string
		Messages []struct{ Role, Content string }
	}
	if err := json.Unmarshal([]byte(s.asked[len(s.asked)-1]), &request); err != nil || len(request.Messages) != 1 {
		t.Fatalf("the endpoint was asked %q (%v)", s.asked, err)
	}
	same(t, "model", request.Model, "mistral-large")
	same(t, "role", request.Messages[0].Role, "user")
	same(t, "question", request.Messages[0].Content, question)
}
