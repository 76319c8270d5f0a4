package rest_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/rest"
)

const head = "POST " + chat + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"

func bodyWithin(d time.Duration) change {
	return func(c *rest.Config) { c.BodyTimeout = d }
}

func atMost(bytes int64) change {
	return func(c *rest.Config) { c.MaxBodyBytes = bytes }
}

func TestBodiesOverTheLimit(t *testing.T) {
	s := serveModel(t, untouched(t), atMost(1000), bodyWithin(500*time.Millisecond))
	for name, body := range map[string]string{
		"announced":   "Content-Length: 1001\r\n\r\n",
		"huge":        "Content-Length: 9000000000000000000\r\n\r\n",
		"in chunks":   "Transfer-Encoding: chunked\r\n\r\n3e9\r\n" + strings.Repeat(" ", 1001) + "\r\n0\r\n\r\n",
		"in one more": "Transfer-Encoding: chunked\r\n\r\n3e8\r\n" + strings.Repeat(" ", 1000) + "\r\n1\r\n \r\n0\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := s.dial(t)
			got := w.exchange(t, head+body)
			equal(t, "status", got.StatusCode, http.StatusRequestEntityTooLarge)
			equal(t, "code", got.code(t), "BodyTooLarge")
			w.ended(t)
		})
	}
}

func TestABodyAtTheLimit(t *testing.T) {
	s := serveEmulator(t, atMost(1000))
	body := hi + strings.Repeat(" ", 1000-len(hi))
	equal(t, "announced", s.post(t, chat, body).StatusCode, http.StatusOK)
	got := s.dial(t).exchange(t, head+fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n", len(body), body))
	equal(t, "in chunks", got.StatusCode, http.StatusOK)
}

func TestBodiesThatDoNotArriveWhole(t *testing.T) {
	const next = "GET " + info + " HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for name, test := range map[string]struct {
		body   string
		close  bool
		status int
		code   string
	}{
		"slow":                {"Content-Length: 1000\r\n\r\n{", false, http.StatusRequestTimeout, "RequestTimeout"},
		"slow chunks":         {"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n", false, http.StatusRequestTimeout, "RequestTimeout"},
		"nothing at all":      {"Content-Length: 1000\r\n\r\n", false, http.StatusRequestTimeout, "RequestTimeout"},
		"cut":                 {"Content-Length: 1000\r\n\r\n" + hi, true, http.StatusBadRequest, "InvalidRequest"},
		"cut chunks":          {"Transfer-Encoding: chunked\r\n\r\n3\r\n{ }\r\n", true, http.StatusBadRequest, "InvalidRequest"},
		"a broken chunk size": {"Transfer-Encoding: chunked\r\n\r\nzz\r\n" + next, false, http.StatusBadRequest, "InvalidRequest"},
		"a chunk too long":    {"Transfer-Encoding: chunked\r\n\r\n2\r\n{ }\r\n0\r\n\r\n" + next, false, http.StatusBadRequest, "InvalidRequest"},
	} {
		t.Run(name, func(t *testing.T) {
			limit := patience
			if test.status == http.StatusRequestTimeout {
				limit = 200 * time.Millisecond
			}
			w := serveModel(t, untouched(t), bodyWithin(limit)).dial(t)
			w.write(t, head+test.body)
			if test.close {
				w.CloseWrite()
			}
			got := w.read(t, http.MethodPost)
			equal(t, "status", got.StatusCode, test.status)
			equal(t, "code", got.code(t), test.code)
			w.ended(t)
		})
	}
}

// TestAnAnswerDoesNotWaitForABodyForever has requests that are answered without their body, which then does
// not come.
func TestAnAnswerDoesNotWaitForABodyForever(t *testing.T) {
	s := serveModel(t, untouched(t), bodyWithin(200*time.Millisecond))
	for name, test := range map[string]struct {
		start  string
		status int
	}{
		"health":  {"GET /healthz", http.StatusOK},
		"route":   {"POST /nowhere", http.StatusNotFound},
		"version": {"POST /chat/completions", http.StatusBadRequest},
		"key":     {"POST " + chat + "&api-key=x", http.StatusUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			w := s.dial(t)
			got := w.exchange(t, test.start+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
			equal(t, "status", got.StatusCode, test.status)
			w.ended(t)
		})
	}
}

// TestTheBodysTimeIsNotTheCalls has a model that thinks for longer than a body may take to arrive, and a
// second call on the same connection.
func TestTheBodysTimeIsNotTheCalls(t *testing.T) {
	t.Parallel()
	s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(700 * time.Millisecond)
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{}`))
	}), bodyWithin(350*time.Millisecond))
	w := s.dial(t)
	for range 2 {
		got := w.exchange(t, head+fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(hi), hi))
		equal(t, "post", got.StatusCode, http.StatusOK)
	}
	equal(t, "get", w.exchange(t, "GET "+info+" HTTP/1.1\r\nHost: localhost\r\n\r\n").StatusCode, http.StatusOK)
}

// TestARefusalDoesNotKeepItsConnection has a caller that could take long for its body, but is refused first.
func TestARefusalDoesNotKeepItsConnection(t *testing.T) {
	t.Parallel()
	s := serveModel(t, untouched(t), bodyWithin(time.Hour))
	w := s.dial(t) // reads for as long as the test's patience, which is more than the 5 s that are promised
	got := w.exchange(t, "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{")
	equal(t, "status", got.StatusCode, http.StatusNotFound)
	w.ended(t)
}

func TestExpectContinue(t *testing.T) {
	s := serveEmulator(t, atMost(1000), bodyWithin(time.Second))
	for name, test := range map[string]struct {
		target string
		length int
		status int
	}{
		"welcome":   {chat, len(hi), http.StatusContinue},
		"too large": {chat, 1001, http.StatusRequestEntityTooLarge},
		"no route":  {"/nowhere", len(hi), http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			w := s.dial(t)
			got := w.exchange(t, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n", test.target, test.length))
			equal(t, "status", got.StatusCode, test.status)
			if test.status != http.StatusContinue {
				w.ended(t)
				return
			}
			equal(t, "status behind it", w.exchange(t, hi).StatusCode, http.StatusOK)
		})
	}
}

func TestMediaTypes(t *testing.T) {
	s := serveEmulator(t)
	const json = "Content-Type: application/json"
	for header, status := range map[string]int{
		json:                                    http.StatusOK,
		json + "; charset=UTF-8":                http.StatusOK,
		json + "\r\nContent-Encoding: identity": http.StatusOK,
		json + "; charset=latin1":               http.StatusUnsupportedMediaType,
		json + "\r\nContent-Encoding: gzip":     http.StatusUnsupportedMediaType,
		"Content-Type: text/plain":              http.StatusUnsupportedMediaType,
		"Content-Type: application/json5":       http.StatusUnsupportedMediaType,
		"Content-Type: ;":                       http.StatusUnsupportedMediaType,
		"Accept: application/json":              http.StatusUnsupportedMediaType,
	} {
		t.Run(header, func(t *testing.T) {
			got := s.dial(t).exchange(t, fmt.Sprintf("POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\nContent-Length: %d\r\n\r\n%s", chat, header, len(hi), hi))
			equal(t, "status", got.StatusCode, status)
			if status != http.StatusOK {
				equal(t, "code", got.code(t), "UnsupportedMediaType")
			}
		})
	}
}
