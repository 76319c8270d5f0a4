package main_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// A hangingModel takes whole requests, and answers none that is large before it is let go.
type hangingModel struct {
	*httptest.Server
	contentType, reply string
	early              bool      // it begins its answer at once, and keeps the last byte
	arrived, gone      chan bool // calls, as they come, and those that leave before they are let go
	leave              chan bool
}

func newHangingModel(t *testing.T, contentType, reply string) *hangingModel {
	t.Helper()
	m := &hangingModel{contentType: contentType, reply: reply, leave: make(chan bool),
		arrived: make(chan bool, 10_000), gone: make(chan bool, 10_000)}
	m.Server = httptest.NewServer(m)
	t.Cleanup(m.Close)
	t.Cleanup(m.CloseClientConnections)
	return m
}

// ServeHTTP implements http.Handler.
func (m *hangingModel) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if n, _ := io.Copy(io.Discard, r.Body); n < 1<<10 {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{}`)
		return
	}
	m.arrived <- true
	rest := m.reply
	w.Header().Set("Content-Type", m.contentType)
	if m.early {
		_, _ = io.WriteString(w, rest[:len(rest)-1])
		_ = http.NewResponseController(w).Flush()
		rest = rest[len(rest)-1:]
	}
	select {
	case <-m.leave:
		_, _ = io.WriteString(w, rest)
		if m.contentType == "text/event-stream" {
			_, _ = io.WriteString(w, "data: [DONE]\n\n")
		}
	case <-r.Context().Done():
		m.gone <- true
	}
}

// await waits until so many calls are in progress.
func (m *hangingModel) await(t *testing.T, calls int) {
	t.Helper()
	late := time.After(2 * patience)
	for n := range calls {
		select {
		case <-m.arrived:
		case <-late:
			t.Fatalf("%d of %d calls arrived", n, calls)
		}
	}
}

// An ending is how a call was answered.
type ending struct {
	status     int
	code, wait string
	took       time.Duration
	err        error
}

func (e ending) isOverload(t *testing.T) {
	t.Helper()
	if e.err != nil { // it was refused while it was sending, and cut before it could read why
		return
	}
	same(t, "status of a refusal", e.status, http.StatusServiceUnavailable)
	same(t, "its code", e.code, "Overloaded")
	same(t, "its Retry-After", e.wait, "1")
}

// offer makes so many calls at once. Each ending comes when it is there; the channel is closed behind the last.
func offer(t *testing.T, url string, calls int, body []byte) <-chan ending {
	t.Helper()
	endings := make(chan ending, calls)
	client := &http.Client{Transport: &http.Transport{}}
	t.Cleanup(client.CloseIdleConnections)
	var all sync.WaitGroup
	for range calls {
		all.Go(func() { endings <- call(client, url, body) })
	}
	go func() {
		all.Wait()
		close(endings)
	}()
	return endings
}

func call(client *http.Client, url string, body []byte) (e ending) {
	began := time.Now()
	response, err := client.Post(url, "application/json", bytes.NewReader(body))
	if err == nil {
		e.status, e.code, e.wait = response.StatusCode, response.Header.Get("x-ms-error-code"), response.Header.Get("Retry-After")
		_, err = io.Copy(io.Discard, response.Body)
		response.Body.Close()
	}
	e.took, e.err = time.Since(began), err
	return e
}

// image is a chat request with an image of so many bytes in it.
func image(bytes int) []byte {
	return []byte(`{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,` +
		strings.Repeat("A", bytes) + `"}}]}]}`)
}
