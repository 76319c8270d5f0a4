package lambda_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

const streamingChat = `{"model":"m","stream":true,"messages":[{"role":"user","content":"Capital of Peru?"}]}`

// pacing sends one event, waits to be told, sends the next.
func pacing(more <-chan struct{}, events ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		for _, event := range events {
			_, _ = io.WriteString(w, event)
			w.(http.Flusher).Flush()
			select {
			case <-more:
			case <-r.Context().Done():
				return
			}
		}
	}
}

func TestEventsLeaveAsTheyCome(t *testing.T) {
	events := []string{"data: {\"n\":1}\n\n", "data: {\"n\":2}\n\n", "data: [DONE]\n\n"}
	more := make(chan struct{})
	f := start(t, one(newEndpoint(t, pacing(more, events...)).URL, ""), streamed, timeout(30*time.Second))
	answer, err := (&double.FunctionURL{Function: f.Function, Stream: true}).RoundTrip(call(t, "POST", chatTarget, streamingChat))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := answer.Header.Get("Content-Type"); answer.StatusCode != http.StatusOK || got != "text/event-stream; charset=utf-8" {
		t.Errorf("got %d and %s", answer.StatusCode, got)
	}
	for _, want := range events { // the next one does not leave the endpoint before this one is here
		got := make([]byte, len(want))
		if _, err := io.ReadFull(answer.Body, got); err != nil || string(got) != want {
			t.Fatalf("got %q, %v, want %q", got, err, want)
		}
		more <- struct{}{}
	}
	if rest, err := io.ReadAll(answer.Body); err != nil || len(rest) > 0 {
		t.Errorf("after the end: %q, %v", rest, err)
	}
}

// The runtime gets the head first, then each event at its own time and not before the endpoint sent it.
func TestTimesOfChunks(t *testing.T) {
	events := []string{"data: {\"n\":1}\n\n", "data: {\"n\":2}\n\n", "data: [DONE]\n\n"}
	more := make(chan struct{})
	f := start(t, one(newEndpoint(t, pacing(more, events...)).URL, ""), streamed, timeout(30*time.Second))
	stream, err := f.Stream(t.Context(), urlEvent("POST", "/chat/completions", streamingChat, false))
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Close()
	begun, released := time.Now(), time.Time{}
	for _, event := range events {
		buffer := make([]byte, 4<<10)
		for seen := ""; !strings.HasSuffix(seen, event); {
			n, err := stream.Read(buffer)
			if err != nil {
				t.Fatalf("%v before %q", err, event)
			}
			seen += string(buffer[:n])
		}
		last := stream.Chunks[len(stream.Chunks)-1]
		if last.At.Before(released) {
			t.Errorf("%q came before the endpoint sent it", event)
		}
		t.Logf("%8v %q", last.At.Sub(begun).Round(time.Microsecond), last.Text)
		released = time.Now()
		more <- struct{}{}
	}
	head, _, whole := strings.Cut(stream.Chunks[0].Text, strings.Repeat("\x00", 8))
	if !whole || !strings.Contains(head, `"statusCode":200`) {
		t.Errorf("the stream begins with %q", stream.Chunks[0].Text)
	}
}

// urlEvent is an event of a Function URL, written by hand.
func urlEvent(method, path, body string, base64 bool) []byte {
	text, _ := json.Marshal(body)
	return fmt.Appendf(nil, `{"version":"2.0","rawPath":"%s","rawQueryString":"api-version=2024-05-01-preview",`+
		`"headers":{"api-key":"%s","content-type":"application/json"},"body":%s,"isBase64Encoded":%t,`+
		`"requestContext":{"domainName":"x.lambda-url.eu-west-1.on.aws","http":{"method":"%s"}}}`, path, callerKey, text, base64, method)
}

// On the wire a streamed answer is its head, eight zero bytes, and the body: refusals, too.
func TestPreludeComesFirst(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""), streamed)
	for name, test := range map[string]struct {
		event  []byte
		status int
		body   string
	}{
		"answer":           {urlEvent("POST", "/chat/completions", chat, false), 200, completion},
		"base64":           {urlEvent("POST", "/chat/completions", "eyJtZXNzYWdlcyI6W3sicm9sZSI6InVzZXIiLCJjb250ZW50IjoieCJ9XSwibW9kZWwiOiJtIn0=", true), 200, completion},
		"refusal":          {urlEvent("POST", "/nowhere", chat, false), 404, `{"error":{"code":"NotFound","message":"There is no such route.`},
		"no base64":        {urlEvent("POST", "/chat/completions", "eyJ", true), 400, `{"error":{"code":"InvalidRequest","message":"The body of the event is not base64, though it says so."`},
		"no path":          {urlEvent("GET", "/%zz", "", false), 400, `{"error":{"code":"InvalidRequest","message":"The path of the request is not well formed."`},
		"health, no query": {urlEvent("GET", "", "", false), 200, `{"status":"ok"}`},
	} {
		t.Run(name, func(t *testing.T) {
			answer, err := f.Stream(t.Context(), test.event)
			if err != nil {
				t.Fatal(err)
			}
			text, err := io.ReadAll(answer)
			head, body, ok := bytes.Cut(text, make([]byte, 8))
			var prelude struct {
				StatusCode int
				Headers    map[string]string
			}
			if err != nil || !ok || json.Unmarshal(head, &prelude) != nil {
				t.Fatalf("got %q, %v", text, err)
			}
			if prelude.StatusCode != test.status || prelude.Headers["Content-Type"] != "application/json" || !strings.HasPrefix(string(body), test.body) {
				t.Errorf("got %s and %q, want %d and %q", head, body, test.status, test.body)
			}
			if want := "application/vnd.awslambda.http-integration-response"; answer.ContentType != want {
				t.Errorf("got the content type %s, want %s", answer.ContentType, want)
			}
		})
	}
}

// To the platform a stream that broke off is a good one: its last event tells.
func TestBrokenStreams(t *testing.T) {
	cut := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {\"n\":1}\n\n")
		w.(http.Flusher).Flush()
		panic(http.ErrAbortHandler)
	}
	f := start(t, one(newEndpoint(t, cut).URL, ""), streamed)
	for range 2 {
		got := send(t, &double.FunctionURL{Function: f.Function, Stream: true}, call(t, "POST", chatTarget, streamingChat))
		if !strings.HasPrefix(got.body, "data: {\"n\":1}\n\nevent: error\ndata: {\"error\":{\"code\":\"UpstreamStreamBroken\"") || strings.Contains(got.body, "[DONE]") {
			t.Errorf("got %q", got.body)
		}
	}
}

// A caller that left does not stop the function, and the next one is answered.
func TestCallersThatLeave(t *testing.T) {
	more := make(chan struct{})
	e := newEndpoint(t, pacing(more, "data: {\"n\":1}\n\n", "data: {\"n\":2}\n\n", "data: [DONE]\n\n"))
	f := start(t, one(e.URL, ""), streamed, timeout(30*time.Second))
	front := &double.FunctionURL{Function: f.Function, Stream: true}
	left, err := front.RoundTrip(call(t, "POST", chatTarget, streamingChat))
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(left.Body.Close(), err); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		more <- struct{}{} // the endpoint is read to its end
	}
	if got := send(t, front, call(t, "GET", "/models", "")); got.status != http.StatusOK {
		t.Errorf("got %+v", got)
	}
}
