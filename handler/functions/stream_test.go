package functions_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const streamed = `{"model":"m","stream":true,"messages":[{"role":"user","content":"Capital of Peru?"}]}`

// tell gives the model its next event to send.
func (m *model) tell(t *testing.T, text string) {
	t.Helper()
	select {
	case m.events <- text:
	case <-time.After(patience):
		t.Fatal("the model is not asked")
	}
}

// await reads until text has come.
func await(t *testing.T, body io.Reader, text string) {
	t.Helper()
	var got []byte
	for piece := make([]byte, 4096); !strings.Contains(string(got), text); {
		n, err := body.Read(piece)
		if got = append(got, piece[:n]...); err != nil {
			t.Fatalf("got %q (%v), want %q", got, err, text)
		}
	}
}

func TestProxiedStreamComesEventByEvent(t *testing.T) {
	m := newModel(t)
	_, address := startApp(t, "keys", m.URL, false)
	go func() { m.events <- event("Li", "") }()
	reply, err := http.DefaultTransport.RoundTrip(newRequest(t, "POST", address+chat, streamed, "api-key: "+ordersKey))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	await(t, reply.Body, `"Li"`) // the model has not been told to go on
	m.tell(t, event("ma.", ""))
	await(t, reply.Body, `"ma."`)
	end := event("", `"stop"`) + "data: [DONE]\n\n"
	m.tell(t, end)
	close(m.events)
	if got, err := io.ReadAll(reply.Body); string(got) != end || err != nil {
		t.Errorf("got %q (%v) at the end, want %q", got, err, end)
	}
}

func TestForwardedStreamComesWhole(t *testing.T) {
	m := newModel(t)
	_, address := startApp(t, "keys", m.URL, true)
	go func() {
		m.events <- event("Li", "")
		m.events <- event("ma.", "")
		m.events <- event("", `"stop"`) + "data: [DONE]\n\n"
		close(m.events)
	}()
	reply, err := http.DefaultTransport.RoundTrip(newRequest(t, "POST", address+chat, streamed, "api-key: "+ordersKey))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	got, err := io.ReadAll(reply.Body)
	if want := event("Li", "") + event("ma.", "") + event("", `"stop"`) + "data: [DONE]\n\n"; string(got) != want || err != nil {
		t.Errorf("got %q (%v), want %q", got, err, want)
	}
	if kind := reply.Header.Get("Content-Type"); kind != "text/event-stream; charset=utf-8" {
		t.Errorf("got content type %q", kind)
	}
	if reply.ContentLength != int64(len(got)) {
		t.Errorf("got length %d before the body, want %d: the whole was known", reply.ContentLength, len(got))
	}
}

// The promise is a second; the machine may be busy.
const soon = 10 * time.Second

func TestCallerThatLeavesEndsTheProxiedStream(t *testing.T) {
	m := newModel(t)
	host, address := startApp(t, "keys", m.URL, false)
	go func() { m.events <- event("Li", "") }()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r := newRequest(t, "POST", address+chat, streamed, "api-key: "+ordersKey).WithContext(ctx)
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	await(t, reply.Body, `"Li"`)
	leave()
	select {
	case <-m.left:
	case <-time.After(soon):
		t.Fatal("the request to the model goes on")
	}
	callers(t, host, 1)
	if text := host.Log()[len(host.Log())-1].Text; !strings.Contains(text, `"code":"CallerGone"`) {
		t.Errorf("got the log line %s, want CallerGone", text)
	}
}
