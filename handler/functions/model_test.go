package functions_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
)

// A model is an endpoint. What it streams, the test tells it event by event.
type model struct {
	URL    string
	events chan string
	left   chan struct{} // closed when the first stream was given up by the other side

	mu   sync.Mutex
	seen []string
}

func newModel(t *testing.T) *model {
	t.Helper()
	m := &model{events: make(chan string), left: make(chan struct{})}
	server := httptest.NewServer(m)
	t.Cleanup(server.Close)
	m.URL = server.URL
	return m
}

// requests returns all that arrived, each as text.
func (m *model) requests() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]string(nil), m.seen...)
}

// ServeHTTP implements http.Handler.
func (m *model) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	var text strings.Builder
	text.WriteString(r.Method + " " + r.RequestURI + "\n")
	_ = r.Header.Write(&text)
	m.mu.Lock()
	m.seen = append(m.seen, text.String()+string(body))
	m.mu.Unlock()
	if !strings.Contains(string(body), `"stream":true`) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, reply)
		return
	}
	m.stream(w, r)
}

func (m *model) stream(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/event-stream")
	for {
		select {
		case event, more := <-m.events:
			if !more {
				return
			}
			_, _ = io.WriteString(w, event)
			_ = http.NewResponseController(w).Flush()
		case <-r.Context().Done():
			close(m.left)
			return
		}
	}
}

// event makes one event of a stream.
func event(content, finish string) string {
	if finish == "" {
		finish = "null"
	}
	return `data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"content":"` + content +
		`"},"finish_reason":` + finish + "}]}\n\n"
}
