package endpoint

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"inferenceconnector/connector"
)

// serve2 serves over HTTP/2.
func serve2(t testing.TB, c Config, handler http.HandlerFunc) *Endpoint {
	t.Helper()
	server, roots := secure(t, &tls.Config{}, func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("got %s", r.Proto)
		}
		handler(w, r)
	})
	c.Roots = roots
	return newEndpoint(t, at(c, server.URL))
}

func abort(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// What breaks off over HTTP/2 is told in the same codes.
func TestHTTP2Breaks(t *testing.T) {
	long := func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "9") }
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		body    string
		want    connector.Code
	}{
		"no head":            {abort, plainChat, connector.UpstreamReset},
		"a head":             {chain(head(startJSON), abort), plainChat, connector.UpstreamReset},
		"half a body":        {chain(head(startJSON, `{`), abort), plainChat, connector.UpstreamReset},
		"shorter than said":  {chain(long, answer(`{}`)), plainChat, connector.UpstreamInvalid},
		"too large a head":   {headed("X", strings.Repeat("x", 128<<10), answer(`{}`)), plainChat, connector.UpstreamInvalid},
		"stream: no head":    {abort, streamedChat, connector.UpstreamReset},
		"stream: a head":     {chain(head(startStream), abort), streamedChat, connector.UpstreamReset},
		"stream: half event": {chain(head(startStream, `data: {`), abort), streamedChat, connector.UpstreamReset},
	} {
		t.Run(name, func(t *testing.T) {
			if got := serve2(t, Config{}, test.handler).fails(t, chat(t, test.body), test.want); got.Status() != 502 {
				t.Errorf("got %d, want 502", got.Status())
			}
		})
	}
}

func TestHTTP2StreamBreaks(t *testing.T) {
	r := chat(t, streamedChat)
	e := serve2(t, Config{}, chain(head(startStream, event1), abort))
	before, message := broke(t, r, text(t, e.must(t, r)), connector.UpstreamStreamBroken)
	if before != event1 || !strings.Contains(message, "the connection was closed") {
		t.Errorf("got %q and %q", before, message)
	}
}

// Over HTTP/2 calls share a connection: the one whose caller leaves ends at the endpoint, the others go on.
func TestHTTP2CallerLeaves(t *testing.T) {
	left := make(chan string, 2)
	e := serve2(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		startStream(w)
		write(w, event1)
		hang(w, r)
		left <- r.RemoteAddr
	})
	open := func() (io.Reader, context.CancelFunc) {
		ctx, cancel := context.WithCancel(t.Context())
		t.Cleanup(cancel)
		response, err := e.invoke(ctx, t, chat(t, streamedChat))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { response.Body.Close() })
		first := make([]byte, len(event1))
		if _, err := io.ReadFull(response.Body, first); err != nil {
			t.Fatal(err)
		}
		return response.Body, cancel
	}
	_, leaveFirst := open()
	_, leaveSecond := open()
	leaveFirst()
	first := <-left
	select {
	case <-left:
		t.Error("the second ended with the first")
	default:
	}
	leaveSecond()
	if second := <-left; second != first {
		t.Errorf("got two connections, %s and %s", first, second)
	}
}

// An Endpoint serves many calls at once, over either protocol, and mixes nothing up.
func TestManyCallsAtOnce(t *testing.T) {
	echo := func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if r.Header.Get("Accept") == "text/event-stream" {
			events("data: "+string(body)+"\n\n")(w, r)
		} else {
			answer(string(body))(w, r)
		}
	}
	for name, e := range map[string]*Endpoint{"HTTP/1.1": serve(t, Config{Key: secret}, echo), "HTTP/2": serve2(t, Config{Key: secret}, echo)} {
		t.Run(name, func(t *testing.T) {
			var calls sync.WaitGroup
			for i := range 32 {
				body := `{"model":"m","user":"` + strings.Repeat("x", i) + `"}`
				streamed := `{"model":"m","user":"` + strings.Repeat("y", i) + `","stream":true}`
				calls.Go(func() {
					for range 4 {
						for sent, want := range map[string]string{body: body, streamed: "data: " + streamed + "\n\n" + done} {
							response, err := e.invoke(t.Context(), t, chat(t, sent))
							if err != nil {
								t.Error(err)
								return
							}
							if got := text(t, response); got != want {
								t.Errorf("got %q, want %q", got, want)
							}
						}
					}
				})
			}
			calls.Wait()
		})
	}
}
