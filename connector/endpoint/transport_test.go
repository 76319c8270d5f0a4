package endpoint

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// A redirect is not followed, wherever it leads: the key would travel along (S4).
func TestRedirect(t *testing.T) {
	var elsewhere atomic.Int32
	target := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { elsewhere.Add(1) }))
	defer target.Close()
	for _, status := range []int{300, 301, 302, 303, 304, 307, 308, 399} {
		for name, location := range map[string]string{"another host": target.URL, "itself": "/models/chat/completions", "none": ""} {
			t.Run(fmt.Sprintf("%d to %s", status, name), func(t *testing.T) {
				var calls atomic.Int32
				e := serve(t, Config{Key: secret}, func(w http.ResponseWriter, r *http.Request) {
					calls.Add(1)
					w.Header().Set("Location", location)
					w.WriteHeader(status)
				})
				e.fails(t, chat(t, plainChat), connector.UpstreamRedirect)
				failure := e.fails(t, chat(t, streamedChat), connector.UpstreamRedirect)
				if failure.Status() != 424 || strings.Contains(string(failure.JSON()), target.URL) {
					t.Errorf("got %d %s", failure.Status(), failure.JSON())
				}
				if calls.Load() != 2 || elsewhere.Load() != 0 {
					t.Errorf("got %d calls and %d elsewhere, want 2 and none", calls.Load(), elsewhere.Load())
				}
			})
		}
	}
}

// The proxies of the environment are none of ours. A process reads them once, so this one starts another. The
// unspecified address leads to this machine, but it is no loopback address, for which no proxy would be asked.
func TestProxyOfEnvironment(t *testing.T) {
	if url := os.Getenv("HTTP_PROXY"); !strings.HasSuffix(url, "#test") {
		var asked atomic.Int32
		proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		defer proxy.Close()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfEnvironment$")
		child.Env = append(os.Environ(), "HTTP_PROXY="+proxy.URL+"#test", "http_proxy=", "NO_PROXY=", "no_proxy=", "REQUEST_METHOD=")
		if out, err := child.CombinedOutput(); err != nil || asked.Load() != 0 {
			t.Errorf("%s%v; the proxy was asked %d times", out, err, asked.Load())
		}
		return
	}
	server := httptest.NewServer(answer(`{}`))
	defer server.Close()
	e := newEndpoint(t, Config{
		URL: strings.Replace(server.URL, "127.0.0.1", "0.0.0.0", 1),
		Egress: Egress{AllowPlainHTTP: true, AllowCIDRs: []netip.Prefix{
			netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("127.0.0.0/8"),
		}},
	})
	if got := text(t, e.must(t, chat(t, plainChat))); got != `{}` {
		t.Errorf("got %s", got)
	}
}

// answer returns a handler with that JSON.
func answer(body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, body)
	}
}

// events returns a handler with those events, in a stream that ends well.
func events(parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		startStream(w)
		write(w, parts...)
		write(w, done)
	}
}

const done = "data: [DONE]\n\n"

// One connection serves call after call: every form of an answer that is read to its end gives it back.
func TestConnectionIsReused(t *testing.T) {
	refusal := func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		write(w, `{"error":{"code":"429","message":"slow down"}}`)
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		body    string
	}{
		"JSON":                      {answer(`{"usage":null}`), plainChat},
		"large JSON":                {answer(`{"a":"` + strings.Repeat("x", 1<<20) + `"}`), plainChat},
		"JSON in chunks":            {func(w http.ResponseWriter, r *http.Request) { startJSON(w); write(w, `{"a"`, `:1}`) }, plainChat},
		"stream":                    {events("data: {}\n\n", "data: {}\n\n"), streamedChat},
		"stream with a longer tail": {events("data: {}\n\n", done, ": bye\n\n"), streamedChat},
		"refusal":                   {refusal, plainChat},
		"refusal of a stream":       {refusal, streamedChat},
	} {
		t.Run(name, func(t *testing.T) {
			connections := map[string]bool{}
			e := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
				connections[r.RemoteAddr] = true
				test.handler(w, r)
			})
			for range 5 {
				text(t, e.must(t, chat(t, test.body)))
			}
			if len(connections) != 1 {
				t.Errorf("got %d connections, want 1", len(connections))
			}
		})
	}
}

// A connection that the endpoint closes while it is idle does not cost a call.
func TestIdleConnectionClosed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := serveInBubble(t, Config{}, answer(`{}`))
		for range 5 {
			text(t, e.must(t, chat(t, plainChat)))
			time.Sleep(2 * bubbleIdle)
		}
	})
}
