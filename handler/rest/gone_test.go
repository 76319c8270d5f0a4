package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

const streamed = `{"stream":true,"messages":[{"role":"user","content":"hi there"}]}`

func request(body string) string {
	return head + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
}

// A slowModel begins a stream, or nothing at all, and waits until its caller is gone.
type slowModel struct{ arrived, gone chan bool }

func newSlowModel() slowModel { return slowModel{make(chan bool, 1), make(chan bool, 1)} }

func (m slowModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	if strings.Contains(string(body), "stream") {
		w.Header().Set("Content-Type", "text/event-stream")
		io.WriteString(w, "data: {\"choices\":[]}\n\n")
		http.NewResponseController(w).Flush()
	}
	m.arrived <- true
	<-r.Context().Done()
	m.gone <- true
}

func await(t testing.TB, what string, c <-chan bool) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(patience):
		t.Fatalf("waited in vain: %s", what)
	}
}

func TestACallerThatLeavesEndsTheCallToTheEndpoint(t *testing.T) {
	for name, body := range map[string]string{"whole": hi, "stream": streamed} {
		t.Run(name, func(t *testing.T) {
			model := newSlowModel()
			s := serveModel(t, model)
			w := s.dial(t)
			w.write(t, request(body))
			await(t, "the endpoint is called", model.arrived)
			w.Close()
			await(t, "the endpoint is left", model.gone)
			line := s.logged(t)
			equal(t, "status in the log", line["status"].(float64), 499)
			equal(t, "code in the log", line["code"].(string), "CallerGone")
		})
	}
}

func TestACallerThatLeavesWhileItSends(t *testing.T) {
	s := serveModel(t, untouched(t))
	w := s.dial(t)
	w.write(t, head+"Content-Length: 1000\r\n\r\n{")
	w.SetLinger(0) // the connection is reset
	w.Close()
	equal(t, "code in the log", s.logged(t)["code"].(string), "CallerGone")
}

// TestACallerThatDoesNotReadIsCut has answers much longer than what the system keeps for a reader.
func TestACallerThatDoesNotReadIsCut(t *testing.T) {
	chunk := "data: {\"choices\":[{\"delta\":{\"content\":\"" + strings.Repeat("x", 32<<10) + "\"}}]}\n\n"
	gone := make(chan bool, 1)
	model := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if body, _ := io.ReadAll(r.Body); !strings.Contains(string(body), "stream") {
			answer(`{"x":"`+strings.Repeat("x", 15<<20)+`"}`).ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			io.WriteString(w, chunk)
		}
		gone <- true
	})
	for name, body := range map[string]string{"whole": hi, "stream": streamed} {
		t.Run(name, func(t *testing.T) {
			s := serveModel(t, model, func(c *rest.Config) { c.WriteTimeout, c.MaxCalls = 300*time.Millisecond, 1 })
			w := s.dial(t)
			w.SetReadBuffer(4 << 10)
			w.write(t, request(body))
			line := s.logged(t)
			equal(t, "code in the log", line["code"].(string), "CallerGone")
			equal(t, "status in the log", line["status"].(float64), 499)
			if body == streamed {
				await(t, "the endpoint is left", gone)
			}
			equal(t, "status of the next call", s.get(t, "/models").StatusCode, http.StatusOK)
		})
	}
}

// TestAProberThatDoesNotReadIsCut asks until nothing more can be sent, and reads no answer.
func TestAProberThatDoesNotReadIsCut(t *testing.T) {
	s := serveModel(t, untouched(t), func(c *rest.Config) { c.WriteTimeout = 300 * time.Millisecond })
	w := s.dial(t)
	w.SetReadBuffer(4 << 10)
	probes := strings.Repeat("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n", 1000)
	var err error
	for err == nil {
		_, err = io.WriteString(w, probes)
	}
	if isTimeout(err) {
		t.Errorf("the connection is still there: %v", err)
	}
}

// TestASlowCallerThatReadsIsServed takes longer for the answer than one piece of it may take.
func TestASlowCallerThatReadsIsServed(t *testing.T) {
	t.Parallel()
	const size = 15 << 20
	s := serveModel(t, answer(`{"x":"`+strings.Repeat("x", size)+`"}`), func(c *rest.Config) { c.WriteTimeout = time.Second })
	w := s.dial(t)
	w.SetReadBuffer(64 << 10)
	w.write(t, request(hi))
	response, err := http.ReadResponse(w.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	var got int64
	for err == nil {
		var n int64
		n, err = io.CopyN(io.Discard, response.Body, size/30)
		got += n
		time.Sleep(100 * time.Millisecond)
	}
	if err != io.EOF || got < size {
		t.Errorf("got %d bytes and %v, want the whole of more than %d", got, err, size)
	}
}

// TestAShutdownIsToldInsideAStream cuts a call the way the host does at the end of its patience, while
// events come as fast as they can.
func TestAShutdownIsToldInsideAStream(t *testing.T) {
	s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for r.Context().Err() == nil {
			io.WriteString(w, "data: {\"choices\":[]}\n\n")
		}
	}))
	calls, cut := context.WithCancelCause(t.Context())
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.handler.ServeHTTP(w, r.WithContext(calls))
	}))
	t.Cleanup(s.Close)
	w := s.dial(t)
	w.write(t, request(streamed))
	response, err := http.ReadResponse(w.in, nil)
	if err != nil {
		t.Fatal(err)
	}
	events := make([]byte, 64<<10)
	if _, err := io.ReadFull(response.Body, events); err != nil {
		t.Fatal(err)
	}
	cut(&connector.Error{Code: connector.ShuttingDown, Message: "Going down."})
	rest, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	const end = "\n\nevent: error\ndata: {\"error\":{\"code\":\"ShuttingDown\",\"message\":\"Going down.\"}}\n\n"
	if !strings.HasSuffix(string(rest), end) {
		t.Errorf("the stream ends with %q", rest[max(0, len(rest)-200):])
	}
	equal(t, "code in the log", s.logged(t)["code"].(string), "ShuttingDown")
}

// panics is an endpoint whose failing is a mistake in a program.
type panics struct{ midway bool }

func (panics) Check(*connector.Request) error { return nil }

func (p panics) Prepare(context.Context, *connector.Request) (connector.Attempt, error) {
	if !p.midway {
		panic(errors.New("a detail that no caller may see"))
	}
	return func(context.Context) (*connector.Response, error) {
		return &connector.Response{Status: http.StatusOK, Stream: true, Length: -1, Body: p}, nil
	}, nil
}

func (panics) Read([]byte) (int, error) { panic("a detail that no caller may see") }
func (panics) Close() error             { return nil }

func TestAPanicHarmsOneCall(t *testing.T) {
	s := serve(t, []*connector.Connection{open(panics{})})
	w := s.dial(t)
	for range 2 {
		got := w.exchange(t, request(hi))
		equal(t, "status", got.StatusCode, http.StatusInternalServerError)
		equal(t, "code", got.code(t), "InternalError")
		equal(t, "detail is shown", strings.Contains(got.body, "a detail"), false)
		report := s.logged(t)
		equal(t, "report", report["msg"].(string), "panic")
		line := s.logged(t)
		equal(t, "code in the log", line["code"].(string), "InternalError")
		equal(t, "id of report and call", report["request_id"].(string), line["request_id"].(string))
		equal(t, "id in the body", strings.Contains(got.body, line["request_id"].(string)), true)
		equal(t, "id in the answer", got.Header.Get("x-ms-request-id"), line["request_id"].(string))
	}
}

// TestPanicsAreNotInProgress makes more of them than may be in progress, of a connection and of the process.
func TestPanicsAreNotInProgress(t *testing.T) {
	connection := open(panics{})
	connection.Calls = 1
	s := serve(t, []*connector.Connection{connection}, func(c *rest.Config) { c.MaxCalls = 10 })
	w := s.dial(t)
	for range 200 {
		got := w.exchange(t, request(hi))
		if got.StatusCode != http.StatusInternalServerError {
			t.Fatalf("got status %d and %s", got.StatusCode, got.body)
		}
	}
}

func TestAPanicInAStreamCutsIt(t *testing.T) {
	s := serve(t, []*connector.Connection{open(panics{midway: true})})
	w := s.dial(t)
	w.write(t, request(streamed))
	response, err := http.ReadResponse(w.in, nil)
	if err == nil {
		_, err = io.ReadAll(response.Body)
	}
	if err != io.ErrUnexpectedEOF {
		t.Errorf("got %v, want an answer that is seen to be cut", err)
	}
	equal(t, "status of the next", s.get(t, "/models").StatusCode, http.StatusOK)
}
