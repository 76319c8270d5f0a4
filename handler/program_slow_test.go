package main_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// dialed is a connection on which a test writes every byte itself.
func (r *running) dialed(t *testing.T) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(r.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}

// closedAfter reads what comes until the program closes the connection, and how long that took.
func closedAfter(t *testing.T, c net.Conn) (said string, took time.Duration) {
	t.Helper()
	began := time.Now()
	_ = c.SetReadDeadline(began.Add(10*time.Second + patience))
	text, err := io.ReadAll(c)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection is still there, after %q", text)
	}
	return string(text), time.Since(began)
}

// testSlowHeaders has callers that never come to the end of their headers: they get ten seconds in all, however
// many bytes come in them.
func (p program) testSlowHeaders(t *testing.T) {
	r := p.start(t, nil)
	for name, begin := range map[string]string{"nothing": "", "a line": "GET / HT", "headers": "GET /healthz HTTP/1.1\r\nHost: localhost\r\n"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := r.dialed(t)
			fmt.Fprint(c, begin)
			if name == "headers" {
				go func() {
					for i := 0; ; i++ {
						if _, err := fmt.Fprintf(c, "X-%d: y\r\n", i); err != nil {
							return
						}
						time.Sleep(500 * time.Millisecond)
					}
				}()
			}
			said, took := closedAfter(t, c)
			if strings.Contains(said, " 200 ") || took < 8*time.Second {
				t.Errorf("after %v it said %q", took, said)
			}
		})
	}
}

// testKeepAlive has a caller that leaves its connection idle, and one that uses it again in time.
func (p program) testKeepAlive(t *testing.T) {
	r := p.start(t, []string{"CONNECTOR_KEEP_ALIVE_TIMEOUT=1s"})
	c := r.dialed(t)
	in := bufio.NewReader(c)
	for range 3 {
		fmt.Fprint(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
		response, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		same(t, "status", response.StatusCode, http.StatusOK)
		_, _ = io.Copy(io.Discard, response.Body)
		time.Sleep(100 * time.Millisecond)
	}
	if said, _ := closedAfter(t, c); said != "" {
		t.Errorf("it said %q", said)
	}
}

// testSlowBody has a caller whose body does not come to its end.
func (p program) testSlowBody(t *testing.T) {
	r := p.start(t, []string{"CONNECTOR_BODY_TIMEOUT=500ms"})
	c := r.dialed(t)
	fmt.Fprint(c, "POST "+programChat+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{")
	said, _ := closedAfter(t, c)
	contains(t, "answer", said, "HTTP/1.1 408 ", "X-Ms-Error-Code: RequestTimeout\r\n", `{"error":{"code":"RequestTimeout",`)
}

// testSlowEndpoint has an endpoint that keeps a call and a stream waiting, in each of its stages.
func (p program) testSlowEndpoint(t *testing.T) {
	emulator := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0")
	for name, test := range map[string]struct {
		setting, body string
		status        int
		end           string
	}{
		"a call":              {"CALL_TIMEOUT", say("hangs", "hi", ""), http.StatusGatewayTimeout, `"code":"UpstreamTimeout"`},
		"the first byte":      {"FIRST_BYTE_TIMEOUT", say("hangs", "hi", `,"stream":true`), http.StatusGatewayTimeout, `"code":"UpstreamTimeout"`},
		"the gap of a stream": {"GAP_TIMEOUT", say("slow", "one two", `,"stream":true`), http.StatusOK, "event: error\ndata: {\"error\":{\"code\":\"UpstreamStreamBroken\""},
		"a whole stream":      {"STREAM_TIMEOUT", say("slow", long, `,"stream":true`), http.StatusOK, "event: error\ndata: {\"error\":{\"code\":\"UpstreamStreamBroken\""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			limit := map[string]string{"GAP_TIMEOUT": "50ms", "STREAM_TIMEOUT": "3s"}[test.setting]
			if limit == "" {
				limit = "500ms"
			}
			r := p.start(t, []string{"AZUREAI_ENDPOINT_URL=" + emulator.url + "/models", "CONNECTOR_" + test.setting + "=" + limit})
			response := r.post(t, programChat, test.body)
			text := readBody(t, response)
			same(t, "status", response.StatusCode, test.status)
			contains(t, "answer", text, test.end)
			if strings.Contains(text, "[DONE]") {
				t.Error("it says that it is whole")
			}
		})
	}
}
