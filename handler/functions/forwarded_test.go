package functions_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// What forwarding hosts do to a request is told to the caller as what to do about it.
func TestForwardedRequestsThatLostSomething(t *testing.T) {
	m := newModel(t)
	_, address := startApp(t, "keys", m.URL, true)
	key := "api-key: " + ordersKey
	unknownLength := struct{ io.Reader }{strings.NewReader(message)}
	lost := newRequest(t, "POST", address+chat, message, key)
	lost.Body, lost.ContentLength, lost.GetBody = io.NopCloser(unknownLength), -1, nil
	for name, c := range map[string]struct {
		request *http.Request
		code    string
		want    string
	}{
		"api-version twice":       {newRequest(t, "POST", address+"/chat/completions?api-version=2025-04-01&api-version=2024-05-01-preview", message, key), "UnsupportedApiVersion", "api-version must be a date"},
		"a body without a length": {lost, "InvalidJson", "Send a JSON object, with its Content-Length: some hosts lose chunked bodies."},
	} {
		t.Run(name, func(t *testing.T) {
			transport := &http.Transport{Protocols: new(http.Protocols)}
			transport.Protocols.SetUnencryptedHTTP2(true) // which has bodies without a length, and needs no chunks
			t.Cleanup(transport.CloseIdleConnections)
			reply, err := transport.RoundTrip(c.request)
			if err != nil {
				t.Fatal(err)
			}
			defer reply.Body.Close()
			text, _ := io.ReadAll(reply.Body)
			if reply.StatusCode != http.StatusBadRequest || reply.Header.Get("X-Ms-Error-Code") != c.code || !strings.Contains(string(text), c.want) {
				t.Errorf("got %d %s, want 400 %s with %q", reply.StatusCode, text, c.code, c.want)
			}
		})
	}
	if got := m.requests(); len(got) > 0 {
		t.Errorf("the model was called: %q", got)
	}
}

// New hosts lose nothing.
func TestProxiedBodyWithoutALength(t *testing.T) {
	_, address := startApp(t, "keys", newModel(t).URL, false)
	r := newRequest(t, "POST", address+chat, message, "api-key: "+ordersKey)
	r.Body, r.ContentLength, r.GetBody = io.NopCloser(struct{ io.Reader }{strings.NewReader(message)}), -1, nil
	if got := send(t, r); got.status != http.StatusOK {
		t.Errorf("got %+v, want 200", got)
	}
}
