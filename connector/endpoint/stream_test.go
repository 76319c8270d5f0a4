package endpoint

import (
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// onSignal sends each part when told to.
func onSignal(next <-chan struct{}, parts ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		startStream(w)
		for _, part := range parts {
			select {
			case <-next:
				write(w, part)
			case <-r.Context().Done():
				return
			}
		}
	}
}

// Each event reaches the reader before the endpoint sends the next one (R21), whatever stands around it.
func TestEventsAsTheyCome(t *testing.T) {
	const second = "data: {\"n\":2}\n\n"
	finish := `{"choices":[{"finish_reason":"stop"}]}`
	for name, test := range map[string]struct {
		family string
		parts  []string
		want   []string
	}{
		"events": {"", []string{event1, second, done}, []string{event1, second, done}},
		"comments behind and before": {"", []string{event1 + ": ping\n\n", ": ping\n\n" + second + ": ping\n", done},
			[]string{event1, second, done}},
		"blank lines behind":      {"", []string{event1 + "\n\n", second + "\r\n\r\n", done}, []string{event1, second, done}},
		"fields behind":           {"", []string{event1 + "id: 1\nretry: 5\n\n", second + "event: message\n\n", done}, []string{event1, second, done}},
		"empty events behind":     {"", []string{event1 + "data:\n\n", "data: \n\n" + second + "data\n\n", done}, []string{event1, second, done}},
		"half of the next behind": {"", []string{event1 + "data: {\"n\"", ":2}\n\n" + "data: [DONE]\n", "\n"}, []string{event1, second, done}},
		"finish chunk with usage": {"openai-compatible", []string{event1,
			`data: {"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}` + "\n\n", done},
			[]string{event1, `data: {"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":1}}` + "\n\n", done}},
		"of a family that is asked for usage": {"openai-compatible", []string{event1, second, done}, []string{event1, second, done}},
		"all but the finish chunk": {"openai-compatible",
			[]string{event1, "data: " + finish + "\n\n" + second, `data: {"choices":[],"usage":{"prompt_tokens":3}}` + "\n\n", done},
			[]string{event1, second, `data: {"choices":[{"finish_reason":"stop"}],"usage":{"prompt_tokens":3}}` + "\n\n", done}},
	} {
		t.Run(name, func(t *testing.T) {
			next := make(chan struct{}, 1)
			e := serve(t, Config{Family: test.family}, onSignal(next, test.parts...))
			next <- struct{}{}
			response := e.must(t, chat(t, streamedChat))
			for i, want := range test.want {
				if i > 0 {
					next <- struct{}{}
				}
				got := make([]byte, len(want))
				if _, err := io.ReadFull(response.Body, got); err != nil || string(got) != want {
					t.Fatalf("got %q, %v, want %q", got, err, want)
				}
			}
			if got := text(t, response); got != "" {
				t.Errorf("got %q behind the end", got)
			}
		})
	}
}

// A failure that comes first is a plain error with its status, and no stream (R23).
func TestFirstEventFails(t *testing.T) {
	stream := func(body string) http.HandlerFunc { return head(startStream, body) }
	typed := func(contentType, encoding string) http.HandlerFunc {
		return head(func(w http.ResponseWriter) {
			w.Header()["Content-Type"] = []string{contentType}
			w.Header()["Content-Encoding"] = []string{encoding}
		}, event1+done)
	}
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    connector.Code
	}{
		"nothing":        {stream(""), connector.UpstreamInvalid},
		"comments":       {stream(": hello\n\n"), connector.UpstreamInvalid},
		"half an event":  {stream("data: {\"n\":1}"), connector.UpstreamInvalid},
		"no JSON":        {stream("data: x\n\n"), connector.UpstreamInvalid},
		"no events":      {stream("<html>\n\n</html>\n"), connector.UpstreamInvalid},
		"lines of JSON":  {stream("{\"n\":1}\n{\"n\":2}\n"), connector.UpstreamInvalid},
		"too long":       {stream("data: " + strings.Repeat("x", maxEvent+1) + "\n\n"), connector.UpstreamInvalid},
		"error":          {stream("data: {\"error\":{\"message\":\"no luck\"}}\n\n"), connector.UpstreamStreamBroken},
		"event of error": {stream("event: error\ndata: {\"message\":\"no luck\"}\n\n"), connector.UpstreamStreamBroken},
		"JSON":           {answer(`{}`), connector.UpstreamInvalid},
		"no type":        {typed("", ""), connector.UpstreamInvalid},
		"another type":   {typed("text/plain", ""), connector.UpstreamInvalid},
		"a broken type":  {typed("text/event-stream; charset", ""), connector.UpstreamInvalid},
		"compressed":     {typed("text/event-stream", "gzip"), connector.UpstreamInvalid},
		"no content":     {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) }, connector.UpstreamInvalid},
		"another 2xx":    {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(202) }, connector.UpstreamInvalid},
		"refused":        {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(401) }, connector.UpstreamAuthFailed},
	} {
		t.Run(name, func(t *testing.T) {
			e, r := serve(t, Config{}, test.handler), chat(t, streamedChat)
			if failure := e.fails(t, r, test.want); failure.Status() >= 500 && failure.Status() != 502 || r.Record.Failure != nil {
				t.Errorf("got %d, and the record of %v", failure.Status(), r.Record.Failure)
			}
		})
	}
}

// A connection that goes down in the middle of a stream ends it, whichever way.
func TestConnectionBreaks(t *testing.T) {
	const start = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
	const chunked = start + "Transfer-Encoding: chunked\r\n\r\nf\r\n" + event1 + "\r\n"
	for name, test := range map[string]struct {
		raw, rest string
		reset     bool
		reason    string
	}{
		"cut":                 {chunked, "", false, "the connection was closed"},
		"reset":               {chunked, "", true, "the connection was closed"},
		"cut in a chunk":      {chunked, "ff\r\ndata: {", false, "the connection was closed"},
		"a broken chunk":      {chunked, "zz\r\ndata: {", false, "it breaks the protocol"},
		"a good end too soon": {chunked, "0\r\n\r\n", false, "it ended too early"},
		"until it is closed":  {start + "\r\n" + event1, "", false, "it ended too early"},
		"shorter than said":   {start + "Content-Length: 99\r\n\r\n" + event1, "", false, "the connection was closed"},
		"longer than said":    {start + "Content-Length: 15\r\n\r\n" + event1, done, false, "it ended too early"},
	} {
		t.Run(name, func(t *testing.T) {
			read := make(chan struct{})
			e := serveRaw(t, Config{}, func(conn *net.TCPConn) {
				_, _ = io.WriteString(conn, test.raw)
				<-read
				if _, _ = io.WriteString(conn, test.rest); test.reset {
					_ = conn.SetLinger(0)
				}
			})
			goOn := sync.OnceFunc(func() { close(read) })
			t.Cleanup(goOn)
			r := chat(t, streamedChat)
			response := e.must(t, r)
			first := make([]byte, len(event1))
			if _, err := io.ReadFull(response.Body, first); err != nil || string(first) != event1 {
				t.Errorf("got %q, %v", first, err)
			}
			goOn()
			before, message := broke(t, r, text(t, response), connector.UpstreamStreamBroken)
			if before != "" || !strings.Contains(message, test.reason) || strings.Contains(message, "127.0.0.1") {
				t.Errorf("got %q and %q, want %q in it", before, message, test.reason)
			}
		})
	}
}

// Calls leave nothing behind, however they end.
func TestNothingStays(t *testing.T) {
	e := serve(t, Config{}, chain(drained, head(startStream, event1), hang))
	round := func() {
		if err := e.must(t, chat(t, streamedChat)).Body.Close(); err != nil {
			t.Error(err)
		}
	}
	round()
	before := settled(0)
	for range 20 {
		round()
	}
	if after := settled(before); after > before {
		t.Errorf("got %d goroutines, want %d", after, before)
	}
}

func drained(_ http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }

// settled waits until there are no more than want goroutines, but not for ever.
func settled(want int) (count int) {
	for range 25 {
		if count = runtime.NumGoroutine(); count <= want {
			return count
		}
		time.Sleep(20 * time.Millisecond)
	}
	return count
}
