package main_test

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector/throttle/redistest"
)

const redisPassword = "open-sesame-7c1f0e59"

// sharing is the environment of one of several instances, whose one connection allows 20 calls a minute.
func (p program) sharing(t *testing.T, s *redistest.Server) []string {
	t.Helper()
	emulator := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0").url
	file := writeInto(t, "connections.json", `{"connections":{"default":{"endpoint":"`+emulator+`/models","deployments":{"echo":{}},
		"rateLimit":{"calls":20,"renewalPeriod":60}}}}`)
	return []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_REDIS_URL=redis://:" + redisPassword + "@" + s.Address}
}

func (r *running) status(t *testing.T, path string) int {
	t.Helper()
	response, err := http.Get(r.url + path)
	if err != nil {
		t.Fatal(err)
	}
	readBody(t, response)
	return response.StatusCode
}

func (r *running) untilReady(t *testing.T) {
	t.Helper()
	waitUntil(t, "it is ready", func() bool { return r.status(t, "/readyz") == http.StatusOK })
}

// testShared calls four instances at once: together they admit what one would, to the call.
func (p program) testShared(t *testing.T) {
	s := redistest.Start(t, "--requirepass", redisPassword)
	environment := p.sharing(t, s)
	var instances []*running
	for range 4 {
		r := p.start(t, environment)
		r.untilReady(t)
		contains(t, "log", r.stdout.String(), `"rate_limit_scope":"shared"`)
		instances = append(instances, r)
	}
	var mu sync.Mutex
	statuses := map[int]int{}
	var group sync.WaitGroup
	for i := range 40 {
		group.Go(func() {
			response := instances[i%len(instances)].post(t, programChat, say("echo", "hi", ""))
			body := readBody(t, response)
			mu.Lock()
			defer mu.Unlock()
			statuses[response.StatusCode]++
			if response.StatusCode != http.StatusTooManyRequests {
				return
			}
			wait, err := strconv.Atoi(response.Header.Get("Retry-After"))
			if err != nil || wait < 1 || wait > 60 {
				t.Errorf("got Retry-After %q", response.Header.Get("Retry-After"))
			}
			contains(t, "body", body, "Connection 'default' allows 20 calls per 60 seconds; try again in ")
		})
	}
	group.Wait()
	same(t, "admitted", statuses[http.StatusOK], 20)
	same(t, "refused", statuses[http.StatusTooManyRequests], 20)
	for _, r := range instances {
		r.keepsSecret(t)
	}
}

func (r *running) keepsSecret(t *testing.T) {
	t.Helper()
	if text := r.stdout.String() + r.stderr.String(); strings.Contains(text, "sesame") {
		t.Errorf("the password is told:\n%s", text)
	}
}

// testForgotten empties Redis, which would then admit as many calls once more (R9).
func (p program) testForgotten(t *testing.T) {
	s := redistest.Start(t, "--requirepass", redisPassword)
	r := p.start(t, p.sharing(t, s))
	statuses := map[int]int{}
	for call := range 40 {
		if call == 10 {
			s.Stop()
			s.Restart()
		}
		r.untilReady(t)
		response := r.post(t, programChat, say("echo", "hi", ""))
		readBody(t, response)
		statuses[response.StatusCode]++
	}
	same(t, "admitted", statuses[http.StatusOK], 20)
}

// testWithoutRedis loses Redis and gets it back (R8).
func (p program) testWithoutRedis(t *testing.T) {
	s := redistest.Start(t, "--requirepass", redisPassword)
	r := p.start(t, p.sharing(t, s))
	r.untilReady(t)
	same(t, "status", r.post(t, programChat, say("echo", "hi", "")).StatusCode, http.StatusOK)
	s.Stop()
	for range 6 {
		began := time.Now()
		response := r.post(t, programChat, say("echo", "hi", ""))
		if took := time.Since(began); took > 500*time.Millisecond+patience { // the promise is 500 ms, the rest is for a busy machine
			t.Errorf("the answer took %v", took)
		}
		same(t, "status in an outage", response.StatusCode, http.StatusServiceUnavailable)
		same(t, "code", response.Header.Get("x-ms-error-code"), "RateLimiterUnavailable")
		same(t, "Retry-After", response.Header.Get("Retry-After"), "5")
		same(t, "slots left", response.Header.Get("x-ratelimit-remaining-requests"), "")
		contains(t, "body", readBody(t, response), `"code":"RateLimiterUnavailable"`, "cannot be checked just now")
	}
	same(t, "readiness", r.status(t, "/readyz"), http.StatusServiceUnavailable)
	same(t, "liveness", r.status(t, "/healthz"), http.StatusOK)
	s.Restart()
	began := time.Now()
	r.untilReady(t)
	if took := time.Since(began); took > 5*time.Second+patience {
		t.Errorf("it was ready after %v", took)
	}
	same(t, "status after it", r.post(t, programChat, say("echo", "hi", "")).StatusCode, http.StatusOK)
	r.keepsSecret(t)
}

// testOneFires has two instances that keep the same time: each firing is run by one of them.
func (p program) testOneFires(t *testing.T) {
	s := redistest.Start(t, "--requirepass", redisPassword)
	f := newFlow(t, tick, atOnce)
	environment := append(f.environment, "CONNECTOR_REDIS_URL=redis://:"+redisPassword+"@"+s.Address)
	first, second := p.start(t, environment), p.start(t, environment)
	elsewhere := func() string { return first.stdout.String() + second.stdout.String() }
	waitUntil(t, "firings were left to the other", func() bool { return strings.Count(elsewhere(), `"msg":"fired elsewhere"`) >= 3 })
	seen := map[string]bool{}
	for range 3 {
		key := f.next(t).key
		if seen[key] {
			t.Errorf("the firing %s was run twice", key)
		}
		seen[key] = true
	}
	s.Stop()
	waitUntil(t, "without Redis nobody fires", func() bool { return strings.Contains(elsewhere(), `"code":"RateLimiterUnavailable"`) })
}
