package main

import (
	"io"
	"strings"
	"testing"
)

// BenchmarkFraming is what it costs to read a head along, and a body of 64 KiB.
func BenchmarkFraming(b *testing.B) {
	head := "POST /chat/completions?api-version=2024-05-01-preview HTTP/1.1\r\nHost: connector.example.com\r\nUser-Agent: azsdk-js-ai-inference/1.0\r\n" +
		"Accept: application/json\r\nAccept-Encoding: gzip\r\napi-key: 0123456789abcdef0123456789abcdef\r\nContent-Type: application/json\r\n" +
		"x-ms-client-request-id: 01234567-89ab-cdef-0123-456789abcdef\r\ntraceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\n"
	message := []byte(head + "Content-Length: 65536\r\n\r\n" + strings.Repeat("x", 64<<10))
	c := &framedConn{line: make([]byte, 0, longestLine)}
	for b.Loop() {
		for at := 0; at < len(message); at += 4096 {
			c.see(message[at:min(at+4096, len(message))])
		}
	}
	if c.last.Load() || c.body != 0 {
		b.Fatal("it lost its place")
	}
}

// BenchmarkSeenAsWritten is what it costs to look through a line of the log.
func BenchmarkSeenAsWritten(b *testing.B) {
	line := []byte(`{"time":"2026-11-21T16:11:28.79250024Z","level":"INFO","msg":"call","request_id":"8dd17fd7f9263d2c15e1a253e6ba873a","action":"GetChatCompletions","connection":"default","caller":"orders","deployment":"mistral-large","status":200,"ms":812.059,"endpoint_ms":800.1,"attempts":1,"bytes_in":2200,"bytes_out":1200,"prompt_tokens":512,"completion_tokens":128}` + "\n")
	w := seenAsWritten{io.Discard}
	b.ReportAllocs()
	for b.Loop() {
		_, _ = w.Write(line)
	}
}
