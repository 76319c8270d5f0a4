package main_test

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What an endpoint of these tests knows, and nobody else may come to know.
const (
	faultyKey = "faulty-k3y-0123456789abcdefghijklmnop"
	unfit     = `{"id":"hidden"`
)

// A wireFault is what an endpoint answers, and what comes of it for a caller: a status and a code, and a stream that has
// begun ends with an error.
type wireFault struct {
	answer, again  string
	silent         bool
	status         int
	code           string
	begins         bool // a stream, before it breaks
	attempts       int
	retryAfter     string
	onlyJSON, good bool
}

const jsonHead = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"

var wireFaults = map[string]wireFault{
	"closed":    {status: 502, code: "UpstreamReset", attempts: 1},
	"half":      {answer: "HTTP/1.1 200 OK\r\nContent-Type: TYPE\r\nContent-Length: 999\r\n\r\nHALF", status: 502, code: "UpstreamInvalid", begins: true, attempts: 1},
	"head":      {answer: jsonHead, again: strings.Repeat("X: y\r\n", 100), status: 502, code: "UpstreamInvalid", attempts: 1},
	"storm":     {again: strings.Repeat("HTTP/1.1 103 Oh\r\nLink: x\r\n\r\n", 100), status: 502, code: "UpstreamInvalid", attempts: 1},
	"endless":   {answer: "HTTP/1.1 200 OK\r\nContent-Type: TYPE\r\n\r\nHALF", again: strings.Repeat(" ", 4096), status: 502, code: "ResponseTooLarge", begins: true, attempts: 1},
	"encoded":   {answer: jsonHead + "Content-Encoding: gzip\r\n\r\n", again: "\x1f\x8b\x08\x00", status: 502, code: "UpstreamInvalid", attempts: 1},
	"redirect":  {answer: "HTTP/1.1 307 Oh\r\nLocation: ELSEWHERE\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status: 424, code: "UpstreamRedirect", attempts: 1},
	"key":       {answer: jsonHead + faultyKey + "\r\n\r\n", status: 502, code: "UpstreamInvalid", attempts: 1},
	"silent":    {silent: true, status: 504, code: "UpstreamTimeout", attempts: 1},
	"busy":      {answer: "HTTP/1.1 503 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status: 503, code: "UpstreamUnavailable", attempts: 3, retryAfter: "5", onlyJSON: true},
	"busy long": {answer: "HTTP/1.1 503 Oh\r\nRetry-After: 77\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status: 503, code: "UpstreamUnavailable", attempts: 1, retryAfter: "77"},
	"failing":   {answer: "HTTP/1.1 500 Oh\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", status: 500, code: "UpstreamError", attempts: 1},
	"good":      {answer: jsonHead + fmt.Sprintf("Connection: close\r\nContent-Length: %d\r\n\r\n", len(usualCompletion)) + usualCompletion, status: 200, attempts: 1, onlyJSON: true, good: true},
}

// A faultyEndpoint answers as the model's name says.
type faultyEndpoint struct {
	address, elsewhereURL string
	elsewhere, open       atomic.Int32 // connections
	requests              map[string]*atomic.Int32
}

func newFaultyEndpoint(t *testing.T) *faultyEndpoint {
	t.Helper()
	e := &faultyEndpoint{requests: map[string]*atomic.Int32{}}
	for name := range wireFaults {
		e.requests[name+" JSON"], e.requests[name+" stream"] = &atomic.Int32{}, &atomic.Int32{}
	}
	e.address = accept(t, func(conn net.Conn) {
		e.open.Add(1)
		defer e.open.Add(-1)
		e.talk(conn)
	})
	e.elsewhereURL = "http://" + accept(t, func(net.Conn) { e.elsewhere.Add(1) }) + "/models"
	return e
}

// accept serves connections until the test is over.
func accept(t *testing.T, talk func(net.Conn)) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				talk(conn)
			}()
		}
	}()
	return listener.Addr().String()
}

func (e *faultyEndpoint) talk(conn net.Conn) {
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return
	}
	kind, media, half := "JSON", "application/json", unfit
	if strings.Contains(string(body), `"stream":true`) {
		kind, media, half = "stream", "text/event-stream", "data: {\"n\":1}\n\ndata: "+unfit
	}
	_, rest, _ := strings.Cut(string(body), `"model":"`)
	name, _, _ := strings.Cut(rest, `"`)
	fault := wireFaults[name]
	e.requests[name+" "+kind].Add(1)
	_, err = io.WriteString(conn, strings.NewReplacer("TYPE", media, "HALF", half, "ELSEWHERE", e.elsewhereURL).Replace(fault.answer))
	for err == nil && fault.again != "" {
		_, err = io.WriteString(conn, fault.again)
	}
	if fault.silent {
		_, _ = io.Copy(io.Discard, conn)
	}
}

// A caller of the program sees one whole answer or one error, whatever the endpoint does, and soon; the endpoint is
// asked as often as its answer allows, and nobody hears of its key (R14-R23, S4, S17, S18).
func TestFaultsOfAnEndpoint(t *testing.T) {
	e := newFaultyEndpoint(t)
	r := program{buildHandler(t)}.start(t, []string{
		"AZUREAI_ENDPOINT_URL=http://" + e.address + "/models", "AZUREAI_ENDPOINT_KEY=" + faultyKey, "CONNECTOR_LOG_LEVEL=DEBUG",
		"CONNECTOR_CALL_TIMEOUT=5s", "CONNECTOR_FIRST_BYTE_TIMEOUT=5s", "CONNECTOR_MAX_REPLY_BYTES=1048576",
	})
	calls := 0
	t.Run("calls", func(t *testing.T) {
		for name, fault := range wireFaults {
			for kind, more := range map[string]string{"JSON": "", "stream": `,"stream":true`} {
				if kind == "stream" && fault.onlyJSON {
					continue
				}
				calls++
				t.Run(name+", "+kind, func(t *testing.T) {
					t.Parallel()
					begun := time.Now()
					answer := r.post(t, programChat, say(name, "hi", more))
					text := readBody(t, answer)
					fault.check(t, answer, text, kind)
					if took := time.Since(begun); took > 5*time.Second+patience {
						t.Errorf("took %s", took)
					}
					same(t, "requests", int(e.requests[name+" "+kind].Load()), fault.attempts)
				})
			}
		}
	})
	same(t, "connections elsewhere", e.elsewhere.Load(), 0)
	waitUntil(t, "every call is logged", func() bool { return strings.Count(r.stdout.String(), `"msg":"call"`) == calls })
	waitUntil(t, "the connections are closed", func() bool { return e.open.Load() == 0 })
	for _, private := range []string{faultyKey, "hidden"} {
		if logged := r.stdout.String() + r.stderr.String(); strings.Contains(logged, private) {
			t.Errorf("got %q in the log:\n%s", private, logged)
		}
	}
}

// check checks what a caller gets.
func (f wireFault) check(t *testing.T, answer *http.Response, text, kind string) {
	t.Helper()
	if f.begins && kind == "stream" {
		same(t, "status", answer.StatusCode, http.StatusOK)
		events, failure, broken := strings.Cut(text, "event: error\ndata: ")
		if !broken || events != "data: {\"n\":1}\n\n" || strings.Count(failure, "\n") != 2 {
			t.Errorf("got %q, want one event and one error", text)
		}
		contains(t, "error", failure, `"code":"UpstreamStreamBroken"`)
	} else {
		same(t, "status", answer.StatusCode, f.status)
		same(t, "code", answer.Header.Get("x-ms-error-code"), f.code)
		same(t, "Retry-After", answer.Header.Get("Retry-After"), f.retryAfter)
		same(t, "type", answer.Header.Get("Content-Type"), "application/json")
	}
	if f.good {
		same(t, "answer", text, usualCompletion)
		return
	}
	for _, private := range []string{faultyKey, "127.0.0.1", "hidden", "/models", "[DONE]"} {
		if strings.Contains(text, private) {
			t.Errorf("got %q in %q", private, text)
		}
	}
}
