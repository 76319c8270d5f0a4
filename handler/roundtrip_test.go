package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/rest"
	"inferenceconnector/schema"
)

// BenchmarkRoundTrip compares a whole call through the connector, with validation, defaults, throttle and
// log line, with a bare httputil.ReverseProxy in front of the same endpoint. Client and endpoint run in the
// same process and are part of both figures.
func BenchmarkRoundTrip(b *testing.B) {
	reply := []byte(`{"id":"x","object":"chat.completion","created":1,"model":"m","choices":[{"index":0,"finish_reason":"stop",` +
		`"message":{"role":"assistant","content":"` + strings.Repeat("word ", 150) + `"}}],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}`)
	target := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(reply)
	}))
	b.Cleanup(target.Close)
	for _, size := range []int{1 << 10, 100 << 10, 2 << 20} {
		body := chatBody(size)
		b.Run(fmt.Sprintf("proxy/%dKB", size>>10), func(b *testing.B) { roundTrips(b, bareProxy(b, target.URL), body) })
		b.Run(fmt.Sprintf("connector/%dKB", size>>10), func(b *testing.B) { roundTrips(b, wholeConnector(b, target.URL), body) })
	}
}

// chatBody returns a chat request of about size bytes: messages of 2 KB, or one image when it is larger
// than a conversation gets.
func chatBody(size int) []byte {
	var b bytes.Buffer
	b.WriteString(`{"model":"m","max_tokens":100,"messages":[{"role":"system","content":"Be brief."}`)
	if size > 1<<20 {
		fmt.Fprintf(&b, `,{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,%s"}}]}`, strings.Repeat("A", size))
	}
	for b.Len() < size {
		fmt.Fprintf(&b, `,{"role":"user","content":"%s"}`, strings.Repeat("some words ", min(size-b.Len(), 2048)/11))
	}
	b.WriteString(`]}`)
	return b.Bytes()
}

func bareProxy(b *testing.B, target string) string {
	u, err := url.Parse(target)
	if err != nil {
		b.Fatal(err)
	}
	proxy := &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(u) },
		Transport: &http.Transport{MaxIdleConnsPerHost: 128, DisableCompression: true},
	}
	server := httptest.NewServer(proxy)
	b.Cleanup(server.Close)
	return server.URL + "/chat/completions?api-version=2024-05-01-preview"
}

func wholeConnector(b *testing.B, target string) string {
	actions, err := schema.Load()
	if err != nil {
		b.Fatal(err)
	}
	e, err := endpoint.New(endpoint.Config{URL: target + "/models", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		b.Fatal(err)
	}
	connection := &connector.Connection{Name: "default", Open: true, Calls: 1 << 30, RenewalPeriod: time.Second, Endpoint: e}
	server := httptest.NewServer(rest.New(rest.Config{
		Connector: connector.New([]*connector.Connection{connection}, throttle.NewMemory()),
		Actions:   actions, Callers: &callers.List{}, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
		Memory: connector.NewMemory(128 << 20), MaxCalls: 512, MaxBodyBytes: 16 << 20, BodyTimeout: 30 * time.Second, WriteTimeout: 30 * time.Second,
	}))
	b.Cleanup(server.Close)
	return server.URL + "/chat/completions?api-version=2024-05-01-preview"
}

func roundTrips(b *testing.B, target string, body []byte) {
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 128}}
	b.Cleanup(client.CloseIdleConnections)
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	b.SetParallelism(16)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			reply, err := client.Post(target, "application/json", bytes.NewReader(body))
			if err != nil {
				b.Error(err)
				return
			}
			_, _ = io.Copy(io.Discard, reply.Body)
			_ = reply.Body.Close()
			if reply.StatusCode != http.StatusOK {
				b.Errorf("status %d", reply.StatusCode)
				return
			}
		}
	})
}
