package rest_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

func TestHealth(t *testing.T) {
	s := serveCallers(t, untouched(t))
	for _, target := range []string{"/", "/healthz", "/readyz", "/healthz/", "/?probe=1"} {
		got := s.get(t, target, "Host: balancer.example")
		equal(t, target+" status", got.StatusCode, http.StatusOK)
		equal(t, target+" body", got.body, `{"status":"ok"}`+"\n")
		equal(t, target+" content type", got.Header.Get("Content-Type"), "application/json")
		head := s.send(t, http.MethodHead, target, "")
		equal(t, target+" status of HEAD", head.StatusCode, http.StatusOK)
		equal(t, target+" body of HEAD", head.body, "")
	}
	if len(s.lines) > 0 {
		t.Errorf("a probe is logged: %s", <-s.lines)
	}
}

func TestDrainingIsUnreadyButAnswers(t *testing.T) {
	s := serveEmulator(t)
	s.handler.Drain()
	ready := s.get(t, "/readyz")
	equal(t, "readiness", ready.StatusCode, http.StatusServiceUnavailable)
	equal(t, "body", strings.TrimSpace(ready.body), `{"status":"draining"}`)
	equal(t, "retry after", ready.Header.Get("Retry-After"), "5")
	equal(t, "liveness", s.get(t, "/healthz").StatusCode, http.StatusOK)
	equal(t, "call", s.get(t, info).StatusCode, http.StatusOK)
}

// TestUnreadyIsAlive: without the limiter's decisions the process is not to be sent calls, nor to be ended.
func TestUnreadyIsAlive(t *testing.T) {
	var decides atomic.Bool
	s := serveModel(t, answer(`{}`), func(c *rest.Config) { c.Ready = decides.Load })
	got := s.get(t, "/readyz")
	equal(t, "readiness", got.StatusCode, http.StatusServiceUnavailable)
	equal(t, "body", strings.TrimSpace(got.body), `{"status":"unavailable"}`)
	equal(t, "retry after", got.Header.Get("Retry-After"), "5")
	equal(t, "liveness", s.get(t, "/healthz").StatusCode, http.StatusOK)
	equal(t, "root", s.get(t, "/").StatusCode, http.StatusOK)
	decides.Store(true)
	equal(t, "readiness again", s.get(t, "/readyz").StatusCode, http.StatusOK)
}

func TestOverload(t *testing.T) {
	arrived, leave := make(chan bool), make(chan bool)
	s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		arrived <- true
		<-leave
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{}`))
	}), func(c *rest.Config) { c.MaxCalls = 2 })
	first, second := s.dial(t), s.dial(t)
	for _, w := range []wire{first, second} {
		w.write(t, "GET "+info+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
		<-arrived
	}
	for range 3 {
		got := s.get(t, info)
		equal(t, "status", got.StatusCode, http.StatusServiceUnavailable)
		equal(t, "code", got.code(t), "Overloaded")
		equal(t, "retry after", got.Header.Get("Retry-After"), "1")
		equal(t, "limit", got.Header.Get("x-ratelimit-limit-requests"), "") // no slot was taken
	}
	late := s.dial(t) // a body that is still to come delays no answer
	late.write(t, "POST "+chat+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n")
	began := time.Now()
	equal(t, "code before the body", late.read(t, http.MethodPost).code(t), "Overloaded")
	if took := time.Since(began); took > 2*time.Second { // net/http alone would wait for the body
		t.Errorf("the refusal took %v", took)
	}
	for _, target := range []string{"/healthz", "/readyz"} {
		equal(t, target, s.get(t, target).StatusCode, http.StatusOK)
	}
	close(leave)
	for _, w := range []wire{first, second} {
		equal(t, "status of a call in progress", w.read(t, http.MethodGet).StatusCode, http.StatusOK)
	}
	go func() { <-arrived }()
	equal(t, "status of the next", s.get(t, info).StatusCode, http.StatusOK)
}

// TestOneConnectionsOverloadIsNotAnothers has an endpoint that answers nobody until the end.
func TestOneConnectionsOverloadIsNotAnothers(t *testing.T) {
	arrived, leave := make(chan bool), make(chan bool)
	stuck := open(to(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		arrived <- true
		<-leave
	})))
	defer close(leave)
	stuck.Name, stuck.Calls, stuck.RenewalPeriod = "stuck", 100, time.Nanosecond
	s := serve(t, []*connector.Connection{stuck, open(to(t, answer(`{}`)))}, func(c *rest.Config) { c.MaxCalls = 1000 })
	for range 128 {
		s.dial(t).write(t, "GET /connections/stuck"+info+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
		await(t, "the endpoint is called", arrived)
	}
	got := s.get(t, "/connections/stuck"+info)
	equal(t, "status", got.StatusCode, http.StatusServiceUnavailable)
	equal(t, "code", got.code(t), "Overloaded")
	equal(t, "retry after", got.Header.Get("Retry-After"), "1")
	equal(t, "status of the other", s.get(t, "/connections/default"+info).StatusCode, http.StatusOK)
}

// answer is a model that always answers text.
func answer(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(text))
	})
}
