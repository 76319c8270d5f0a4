package endpoint

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

const event1 = "data: {\"n\":1}\n\n"

// broke splits the last event off a stream that ended as a failure must end (R22), and checks that the
// record tells of it, too.
func broke(t testing.TB, r *connector.Request, stream string, code connector.Code) (before, message string) {
	t.Helper()
	before, last, ok := strings.Cut(stream, "event: error\n")
	data, plain := strings.CutPrefix(last, "data: ")
	if !ok || !plain || strings.Contains(stream, "[DONE]") || strings.Count(last, "\n") != 2 {
		t.Fatalf("got %q, want one event of the error at its end, and no [DONE]", stream)
	}
	var envelope struct {
		Error struct{ Code, Message string }
	}
	if err := json.Unmarshal([]byte(data), &envelope); err != nil {
		t.Fatalf("%q: %v", data, err)
	}
	if got := connector.Code(envelope.Error.Code); got != code {
		t.Errorf("got %s, want %s", data, code)
	}
	if failure := r.Record.Failure; failure == nil || failure.Code != code {
		t.Errorf("got the record of %v, want %s", failure, code)
	}
	return before, envelope.Error.Message
}

// A stream that stops moving ends, and says why.
func TestStreamBudgets(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		events  int
		want    time.Duration
		reason  string
	}{
		"gap":                 {chain(head(startStream, event1), hang), 1, 60 * time.Second, "the stream paused too long"},
		"gap in an event":     {chain(head(startStream, event1, "data: {"), hang), 1, 60 * time.Second, "the stream paused too long"},
		"gap after a comment": {chain(head(startStream, event1, ": wait\n\n"), hang), 1, 60 * time.Second, "the stream paused too long"},
		"gap later": {chain(head(startStream, event1), wait(50*time.Second), head(startStream, event1), hang), 2,
			110 * time.Second, "the stream paused too long"},
		"whole":                    {chain(head(startStream, event1), drip(59*time.Second, event1)), 16, 900 * time.Second, "the stream took too long"},
		"whole, comments only":     {chain(head(startStream, event1), drip(time.Second, ": wait\n\n")), 1, 900 * time.Second, "the stream took too long"},
		"whole, bytes":             {chain(head(startStream, event1, "data: {"), drip(59*time.Second, " ")), 1, 900 * time.Second, "the stream took too long"},
		"whole, from the first on": {chain(wait(59*time.Second), head(startStream, event1), drip(time.Second, ": wait\n\n")), 1, 900 * time.Second, "the stream took too long"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e, r, start := serveInBubble(t, Config{}, test.handler), chat(t, streamedChat), time.Now()
				got := text(t, e.must(t, r))
				before, message := broke(t, r, got, connector.UpstreamStreamBroken)
				if before != strings.Repeat(event1, test.events) || !strings.Contains(message, test.reason) {
					t.Errorf("got %q, want %d events and %q", got, test.events, test.reason)
				}
				if took := time.Since(start); took != test.want {
					t.Errorf("got it after %v, want %v", took, test.want)
				}
			})
		})
	}
}

// A stream that moves, however slowly, is not cut; nor is one whose reader is slow.
func TestSlowStream(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var slowly http.HandlerFunc = func(w http.ResponseWriter, r *http.Request) {
			startStream(w)
			for _, b := range []byte(event1 + done) {
				time.Sleep(30 * time.Second) // 840 s in all
				write(w, string(b))
			}
		}
		e := serveInBubble(t, Config{Budgets: Budgets{FirstByte: 899 * time.Second}}, slowly)
		if got := text(t, e.must(t, chat(t, streamedChat))); got != event1+done {
			t.Errorf("got %q", got)
		}
	})
}

func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		long := "data: {\"a\":\"" + strings.Repeat("x", 100<<10) + "\"}\n\n" // more than any buffer on the way holds
		e := serveInBubble(t, Config{}, events(event1, long, long, event1))
		response := e.must(t, chat(t, streamedChat))
		for _, want := range []string{event1, long, long} {
			time.Sleep(250 * time.Second)
			got := make([]byte, len(want))
			if _, err := io.ReadFull(response.Body, got); err != nil || string(got) != want {
				t.Errorf("got %.100q, %v", got, err)
			}
		}
		if got := text(t, response); got != event1+done {
			t.Errorf("got %.100q", got)
		}
	})
}

// Who reads too slowly for the whole stream's budget gets to know, too.
func TestTooSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, r := serveInBubble(t, Config{}, chain(head(startStream, event1), hang)), chat(t, streamedChat)
		response := e.must(t, r)
		time.Sleep(901 * time.Second)
		before, message := broke(t, r, text(t, response), connector.UpstreamStreamBroken)
		if before != event1 || !strings.Contains(message, "the stream took too long") {
			t.Errorf("got %q and %q", before, message)
		}
	})
}

// Whatever ends the call from outside ends the stream and reaches the endpoint.
func TestStreamIsLeft(t *testing.T) {
	for want, leave := range leaving() {
		t.Run(string(want), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				left := false
				e := serveInBubble(t, Config{}, chain(head(startStream, event1), hang, func(http.ResponseWriter, *http.Request) { left = true }))
				ctx, cancel := leave(t.Context())
				defer cancel()
				r, start := chat(t, streamedChat), time.Now()
				response, err := e.invoke(ctx, t, r)
				if err != nil {
					t.Fatal(err)
				}
				code := want
				if code == connector.UpstreamTimeout { // which is no answer any more
					code = connector.UpstreamStreamBroken
				}
				if before, _ := broke(t, r, text(t, response), code); before != event1 {
					t.Errorf("got %q, want %q", before, event1)
				}
				if synctest.Wait(); !left || time.Since(start) != time.Second {
					t.Errorf("got it after %v, want 1s; the endpoint knows: %t", time.Since(start), left)
				}
			})
		})
	}
}

// A stream that nobody reads to its end is over when it is closed: the endpoint gets to know at once, and
// nothing of the call stays behind, or the bubble would complain.
func TestStreamIsClosed(t *testing.T) {
	for name, rest := range map[string]http.HandlerFunc{
		"a silent endpoint":     hang,
		"one that goes on":      drip(time.Second, event1),
		"one that goes on fast": drip(time.Microsecond, event1),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				left := false
				e := serveInBubble(t, Config{}, chain(head(startStream, event1), rest, func(http.ResponseWriter, *http.Request) { left = true }))
				start := time.Now()
				response := e.must(t, chat(t, streamedChat))
				if err := response.Body.Close(); err != nil {
					t.Error(err)
				}
				if synctest.Wait(); !left || time.Since(start) > time.Second {
					t.Errorf("got it closed after %v; the endpoint knows: %t", time.Since(start), left)
				}
			})
		})
	}
}

// What follows [DONE] is not waited for long: the caller has the whole answer.
func TestCloseIsQuick(t *testing.T) {
	for name, rest := range map[string]http.HandlerFunc{
		"silence": hang, "drops": drip(90*time.Millisecond, " "), "a flood": drip(time.Nanosecond, strings.Repeat(" ", 8<<10)),
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				e := serveInBubble(t, Config{}, chain(head(startStream, event1+done), rest))
				start := time.Now()
				if got := text(t, e.must(t, chat(t, streamedChat))); got != event1+done {
					t.Errorf("got %q", got)
				}
				if got := time.Since(start); got > time.Second {
					t.Errorf("got it closed after %v, want at most 1s", got)
				}
			})
		})
	}
}
