package rest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

// Bodies for a memory of a megabyte.
const (
	mega   = 1 << 20
	kilo   = 1 << 10
	chunks = head + "Transfer-Encoding: chunked\r\n\r\n"
)

func memoryOf(bytes int64) change {
	return func(c *rest.Config) { c.Memory, c.MaxBodyBytes = connector.NewMemory(bytes), 2*mega }
}

func saying(text string) string { return `{"messages":[{"role":"user","content":"` + text + `"}]}` }

func long(bytes int) string { return saying(strings.Repeat("x", bytes)) }

// isOverload is the refusal of a call for which there is no room: at once, and nothing is taken for it (R25).
func (r reply) isOverload(t testing.TB) {
	t.Helper()
	equal(t, "status", r.StatusCode, http.StatusServiceUnavailable)
	equal(t, "code", r.code(t), "Overloaded")
	equal(t, "retry after", r.Header.Get("Retry-After"), "1")
	equal(t, "slots", r.Header.Get("x-ratelimit-limit-requests"), "")
}

func TestBodiesForWhichThereIsNoRoom(t *testing.T) {
	s := serveModel(t, untouched(t), memoryOf(mega), bodyWithin(time.Hour))
	for name, request := range map[string]string{
		"announced": head + fmt.Sprintf("Content-Length: %d\r\n\r\n", mega+mega/2), // nothing of it has come
		"in chunks": chunks + fmt.Sprintf("%x\r\n%s", 2*mega, strings.Repeat(" ", mega+mega/2)),
		"values":    request(`{"messages":[` + strings.TrimSuffix(strings.Repeat(`{"a":1},`, 10_000), ",") + `]}`),
		"escapes":   request(saying(strings.Repeat(`\n`, 300*kilo))),
	} {
		t.Run(name, func(t *testing.T) {
			w := s.dial(t)
			w.exchange(t, request).isOverload(t)
			w.ended(t)
		})
	}
}

// almost is the head of a large body, of which some comes.
func almost(bytes int) string {
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n", mega+mega/2) + strings.Repeat(" ", bytes)
}

func TestWhatIsOnlyAnnouncedHoldsLittle(t *testing.T) {
	s := serveModel(t, answer(`{}`), memoryOf(2*mega))
	for range 10 {
		s.dial(t).write(t, almost(1))
	}
	equal(t, "status", s.post(t, chat, long(900*kilo)).StatusCode, http.StatusOK)
}

// TestASlowCallerHoldsWhatItSent has a caller that sends most of a body, and then nothing: small calls go on, and
// at the end of its time all is free again.
func TestASlowCallerHoldsWhatItSent(t *testing.T) {
	s := serveModel(t, answer(`{}`), memoryOf(2*mega), bodyWithin(3*time.Second))
	slow := s.dial(t)
	slow.write(t, almost(mega+mega/4))
	waitUntilFull(t, s, 900*kilo)
	equal(t, "a small call", s.post(t, chat, hi).StatusCode, http.StatusOK)
	equal(t, "the slow caller", slow.read(t, http.MethodPost).code(t), "RequestTimeout")
	equal(t, "after it", s.post(t, chat, long(900*kilo)).StatusCode, http.StatusOK)
}

// waitUntilFull announces bodies, which takes nothing from those that are on their way, until one is refused.
func waitUntilFull(t *testing.T, s *surface, bytes int) {
	t.Helper()
	for start := time.Now(); time.Since(start) < patience; {
		w := s.dial(t)
		w.write(t, head+fmt.Sprintf("Content-Length: %d\r\n\r\n", bytes))
		w.SetReadDeadline(time.Now().Add(50 * time.Millisecond))
		if _, err := w.in.Peek(1); err == nil {
			w.SetReadDeadline(time.Now().Add(patience))
			w.read(t, http.MethodPost).isOverload(t)
			return
		}
		w.Close()
	}
	t.Fatal("there is room for everything")
}

// TestAHungEndpointLeavesRoom has calls of one connection take all the memory that they can get.
func TestAHungEndpointLeavesRoom(t *testing.T) {
	arrived, leave := make(chan bool, 10), make(chan bool)
	defer close(leave)
	stuck := open(to(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body)
		arrived <- true
		<-leave
	})))
	stuck.Name = "stuck"
	s := serve(t, []*connector.Connection{stuck, open(to(t, answer(`{}`)))}, memoryOf(2*mega))
	for range 3 {
		w := s.dial(t)
		body := long(420 * kilo)
		w.write(t, strings.Replace(request(body), chat, "/connections/stuck"+chat, 1))
		await(t, "the endpoint is called", arrived)
	}
	s.post(t, "/connections/stuck"+chat, long(420*kilo)).isOverload(t)
	equal(t, "the other connection", s.post(t, "/connections/default"+chat, long(420*kilo)).StatusCode, http.StatusOK)
}

// TestNothingIsKeptOfACallThatIsOver makes, of each kind, more calls than there would be room for.
func TestNothingIsKeptOfACallThatIsOver(t *testing.T) {
	model := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), "stream") {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprintf(w, "data: {\"x\":%q}\n\ndata: [DONE]\n\n", strings.Repeat("x", 200*kilo))
			return
		}
		answer(`{"x":"`+strings.Repeat("x", 500*kilo)+`"}`).ServeHTTP(w, r)
	})
	s := serve(t, []*connector.Connection{open(to(t, model)), {Name: "panics", Open: true, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: panics{}, OneModel: true}}, memoryOf(3*mega))
	for name, test := range map[string]struct {
		connection, body string
		status           int
	}{
		"good":    {"default", long(mega), http.StatusOK},
		"stream":  {"default", strings.Replace(long(mega), "{", `{"stream":true,`, 1), http.StatusOK},
		"wrong":   {"default", strings.Replace(long(mega), "user", "nobody", 1), http.StatusUnprocessableEntity},
		"no JSON": {"default", long(mega) + "}", http.StatusBadRequest},
		"a panic": {"panics", long(mega), http.StatusInternalServerError},
	} {
		t.Run(name, func(t *testing.T) {
			for range 4 {
				status := 0
				for start := time.Now(); status == 0 || status == http.StatusServiceUnavailable && time.Since(start) < patience; {
					status = s.post(t, "/connections/"+test.connection+chat, test.body).StatusCode // a call is over a moment after its answer
				}
				equal(t, "status", status, test.status)
			}
		})
	}
}

func TestRepliesForWhichThereIsNoRoom(t *testing.T) {
	large := strings.Repeat("x", 2*mega)
	for name, model := range map[string]http.HandlerFunc{
		"announced": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Content-Length", fmt.Sprint(len(large)))
			io.WriteString(w, large)
		},
		"in chunks": answer(large).ServeHTTP,
		"an event": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/event-stream")
			fmt.Fprintf(w, "data: {\"x\":%q}\n\n", large[:mega/2])
		},
	} {
		t.Run(name, func(t *testing.T) {
			body := map[bool]string{true: streamed, false: hi}[name == "an event"]
			s := serveModel(t, model, memoryOf(mega))
			got := s.post(t, chat, body)
			equal(t, "status", got.StatusCode, http.StatusServiceUnavailable)
			equal(t, "code", got.code(t), "Overloaded")
			equal(t, "calls to the endpoint", s.logged(t)["attempts"].(float64), 1)
		})
	}
}

// TestAnEventForWhichThereIsNoRoom comes when the answer has begun.
func TestAnEventForWhichThereIsNoRoom(t *testing.T) {
	s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprintf(w, "data: {\"x\":1}\n\ndata: {\"x\":%q}\n\n", strings.Repeat("x", mega/2))
	}), memoryOf(mega))
	got := s.post(t, chat, streamed)
	equal(t, "status", got.StatusCode, http.StatusOK)
	if !strings.HasPrefix(got.body, "data: {\"x\":1}\n\nevent: error\ndata: {\"error\":{\"code\":\"Overloaded\",") || strings.Contains(got.body, "[DONE]") {
		t.Errorf("got %q", got.body)
	}
}
