package connector_test

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
)

// A script is what a model endpoint answers, one entry a request: a status, with what it asks to wait.
type script struct {
	mu     sync.Mutex
	lines  []line
	bodies []string
	ids    []string
	times  []time.Time
}

type line struct {
	status int // 0 breaks the connection
	wait   string
}

func (s *script) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	s.mu.Lock()
	now := s.lines[min(len(s.bodies), len(s.lines)-1)]
	s.bodies, s.ids, s.times = append(s.bodies, string(body)), append(s.ids, r.Header.Get("x-ms-client-request-id")), append(s.times, time.Now())
	s.mu.Unlock()
	if now.status == 0 {
		panic(http.ErrAbortHandler)
	}
	if now.wait != "" {
		w.Header().Set("Retry-After", now.wait)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(now.status)
	_, _ = io.WriteString(w, `{"choices":[]}`)
}

// A situation is a call, its limits and what is to come of it.
type situation struct {
	lines    []line
	action   string
	calls    int           // of the limit, 100 when 0
	period   time.Duration // of the limit, a minute when 0
	budget   time.Duration // for all attempts
	deadline time.Duration // of the caller
	attempts int           // wanted
	status   int
	code     connector.Code
}

const getChat, getInfo = "GetChatCompletions", "GetModelInfo"

func TestAttempts(t *testing.T) {
	good, breaks := line{status: 200}, line{}
	failing := func(status int) line { return line{status: status} }
	for name, test := range map[string]situation{
		"good":                              {lines: []line{good}, attempts: 1, status: 200},
		"unavailable once":                  {lines: []line{failing(503), good}, attempts: 2, status: 200},
		"throttled, asked to wait":          {lines: []line{{429, "1"}, good}, attempts: 2, status: 200},
		"throttled for long":                {lines: []line{{429, "11"}, good}, attempts: 1, status: 429},
		"unavailable for long":              {lines: []line{{503, "3600"}, good}, attempts: 1, status: 503},
		"unavailable always":                {lines: []line{failing(503)}, attempts: 3, status: 503},
		"changing":                          {lines: []line{failing(503), {429, "1"}, failing(500)}, attempts: 3, status: 500},
		"a chat that may have run":          {lines: []line{failing(500), good}, attempts: 1, status: 500},
		"a chat behind a gateway":           {lines: []line{failing(502), good}, attempts: 1, status: 502},
		"a chat that took too long there":   {lines: []line{failing(504), good}, attempts: 1, status: 504},
		"a chat that was not heard in time": {lines: []line{failing(408), good}, attempts: 1, status: 408},
		"a chat that broke off":             {lines: []line{breaks, good}, attempts: 1, code: connector.UpstreamReset},
		"a refused chat":                    {lines: []line{failing(400), good}, attempts: 1, status: 400},
		"info, 500":                         {lines: []line{failing(500), good}, action: getInfo, attempts: 2, status: 200},
		"info, 502":                         {lines: []line{failing(502), good}, action: getInfo, attempts: 2, status: 200},
		"info, 504":                         {lines: []line{failing(504), good}, action: getInfo, attempts: 2, status: 200},
		"info, 408":                         {lines: []line{failing(408), good}, action: getInfo, attempts: 2, status: 200},
		"info, broke off":                   {lines: []line{breaks, breaks, good}, action: getInfo, attempts: 3, status: 200},
		"info, 501":                         {lines: []line{failing(501), good}, action: getInfo, attempts: 1, status: 501},
		"info, 404":                         {lines: []line{failing(404), good}, action: getInfo, attempts: 1, code: connector.ModelInfoUnavailable},
		"no free slot":                      {lines: []line{failing(503), good}, calls: 1, attempts: 1, status: 503},
		"one free slot more":                {lines: []line{failing(503)}, calls: 2, attempts: 2, status: 503},
		"a slot is free after the wait":     {lines: []line{failing(503), good}, calls: 1, period: 300 * time.Millisecond, attempts: 2, status: 200},
		"no time left":                      {lines: []line{failing(503), good}, budget: 2 * time.Second, attempts: 1, status: 503},
		"a deadline of the caller":          {lines: []line{failing(503), good}, deadline: 2 * time.Second, attempts: 1, status: 503},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.check(t)
		})
	}
}

func (s situation) check(t *testing.T) {
	script := &script{lines: s.lines}
	model := httptest.NewServer(script)
	defer model.Close()
	c := s.connector(t, model.URL)
	ctx := t.Context()
	if s.deadline > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, s.deadline)
		defer cancel()
	}
	status, err := s.call(ctx, t, c)
	if code := codeOf(err); status != s.status || code != s.code {
		t.Errorf("got %d, %v, want %d, %q", status, err, s.status, s.code)
	}
	script.mu.Lock() // whoever answered may still be at it
	defer script.mu.Unlock()
	if len(script.bodies) != s.attempts {
		t.Fatalf("got %d attempts, want %d", len(script.bodies), s.attempts)
	}
	for i := range script.bodies {
		if script.bodies[i] != script.bodies[0] || script.ids[i] != script.ids[0] {
			t.Errorf("attempt %d differs: got %s, %s, want %s, %s", i+1, script.ids[i], script.bodies[i], script.ids[0], script.bodies[0])
		}
		if i == 0 {
			continue
		}
		asked, _ := strconv.Atoi(s.lines[min(i-1, len(s.lines)-1)].wait)
		least := max(time.Duration(asked)*time.Second, 400*time.Millisecond)
		if waited := script.times[i].Sub(script.times[i-1]); waited < least {
			t.Errorf("attempt %d came after %s, want %s at least", i+1, waited, least)
		}
	}
}

func (s situation) connector(t *testing.T, url string) *connector.Connector {
	t.Helper()
	e, err := endpoint.New(endpoint.Config{
		URL: url + "/models", Egress: endpoint.Egress{TrustLoopback: true}, Budgets: endpoint.Budgets{Call: s.budget},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return connector.New([]*connector.Connection{{
		Name: "default", Open: true, Calls: cmp.Or(s.calls, 100), RenewalPeriod: cmp.Or(s.period, time.Minute), Endpoint: e,
		Retries: connector.Retries{Attempts: 3, Wait: 10 * time.Second},
	}}, throttle.NewMemory())
}

// call returns the status of the answer, or why there is none.
func (s situation) call(ctx context.Context, t *testing.T, c *connector.Connector) (int, error) {
	t.Helper()
	action, input := getChat, `{"model":"m","messages":[{"role":"user","content":"Hi"}]}`
	if s.action != "" {
		action, input = s.action, `{}`
	}
	call, err := connector.FromInput(actions(), action, "default", []byte(input), nil)
	if err != nil {
		t.Fatal(err)
	}
	response, err := c.Invoke(ctx, call)
	if err != nil {
		return 0, err
	}
	return response.Status, response.Body.Close()
}

func codeOf(err error) connector.Code {
	if err == nil {
		return ""
	}
	return connector.AsError(err).Code
}

// Where nobody listens no byte of a request can have been processed, so a chat is tried again, too.
func TestAttemptsWhereNobodyListens(t *testing.T) {
	t.Parallel()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	s := situation{}
	call, err := connector.FromInput(actions(), getChat, "default", []byte(`{"model":"m","messages":[{"role":"user","content":"Hi"}]}`), nil)
	if err != nil {
		t.Fatal(err)
	}
	_, err = s.connector(t, gone.URL).Invoke(t.Context(), call)
	if codeOf(err) != connector.UpstreamUnreachable || call.Record.Attempts != 3 || call.Record.Remaining != 97 {
		t.Errorf("got %v after %d attempts, %d slots left, want 3 and 97", err, call.Record.Attempts, call.Record.Remaining)
	}
}

// A caller that leaves while a call waits to be tried again is no failure of the endpoint's.
func TestCallerLeavesBetweenAttempts(t *testing.T) {
	t.Parallel()
	script := &script{lines: []line{{503, "5"}}}
	model := httptest.NewServer(script)
	defer model.Close()
	ctx, cancel := context.WithCancel(t.Context())
	timer := time.AfterFunc(200*time.Millisecond, cancel)
	defer timer.Stop()
	s := situation{}
	start := time.Now()
	if _, err := s.call(ctx, t, s.connector(t, model.URL)); codeOf(err) != connector.CallerGone {
		t.Errorf("got %v, want %s", err, connector.CallerGone)
	}
	if took := time.Since(start); took > 4*time.Second {
		t.Errorf("took %s, want the end of the caller", took)
	}
}

// A fifth of a minute's calls may be repeated, however they went.
func TestRepeatsAreAShareOfAllCalls(t *testing.T) {
	t.Parallel()
	script := &script{lines: slices.Concat(slices.Repeat([]line{{200, ""}}, 30), []line{{503, ""}})}
	model := httptest.NewServer(script)
	defer model.Close()
	c := situation{calls: 1000}.connector(t, model.URL)
	for range 30 {
		if status, err := (situation{}).call(t.Context(), t, c); status != 200 {
			t.Fatalf("got %d, %v", status, err)
		}
	}
	var calls sync.WaitGroup
	for range 30 {
		calls.Go(func() { _, _ = situation{}.call(t.Context(), t, c) })
	}
	calls.Wait()
	script.mu.Lock()
	defer script.mu.Unlock()
	if got := len(script.bodies); got != 72 {
		t.Errorf("got %d requests for 60 calls, want 72", got)
	}
}

// When an endpoint is down, repeats do not multiply what it has to bear (R14).
func TestRepeatsOfAConnectionAreFew(t *testing.T) {
	t.Parallel()
	script := &script{lines: []line{{503, ""}}}
	model := httptest.NewServer(script)
	defer model.Close()
	c := situation{}.connector(t, model.URL)
	var calls sync.WaitGroup
	for range 10 {
		calls.Go(func() {
			if status, err := (situation{}).call(t.Context(), t, c); status != 503 {
				t.Error(fmt.Errorf("got %d, %w", status, err))
			}
		})
	}
	calls.Wait()
	script.mu.Lock()
	defer script.mu.Unlock()
	if got := len(script.bodies); got != 13 {
		t.Errorf("got %d requests for 10 calls, want 13", got)
	}
}
