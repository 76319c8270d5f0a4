package endpoint

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// delta is what most events of a stream look like.
const delta = `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","choices":[` +
	`{"index":0,"delta":{"content":" word"},"finish_reason":null,"logprobs":null}],"usage":null}`

func BenchmarkRelay(b *testing.B) {
	for _, family := range []string{"ai-services", "openai-compatible"} {
		b.Run(family, func(b *testing.B) {
			const events = 1000
			e := newEndpoint(b, at(Config{Family: family}, "http://localhost"))
			body := strings.Repeat("data: "+delta+"\n\n", events) + done
			r, hold := chat(b, streamedChat), family == "openai-compatible"
			buffer := make([]byte, 16<<10)
			b.ReportAllocs()
			for b.Loop() {
				ctx, cancel := context.WithCancelCause(b.Context())
				response, err := e.openStream(ctx, &call{record: r.Record, begun: time.Now(), cancel: cancel, changes: changes{holdFinish: hold}}, &http.Response{
					Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(strings.NewReader(body)),
				}, time.AfterFunc(time.Minute, func() {}))
				if err != nil {
					b.Fatal(err)
				}
				for err == nil {
					_, err = response.Body.Read(buffer)
				}
				if response.Body.Close(); r.Record.Failure != nil {
					b.Fatal(r.Record.Failure)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*events), "ns/event")
		})
	}
}

func BenchmarkInspect(b *testing.B) {
	data := []byte(delta)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if c, err := inspect(data); err != nil || c.choices != 1 {
			b.Fatal(c, err)
		}
	}
}

func BenchmarkScan(b *testing.B) {
	const frame = `{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"%s"},"finish_reason":"stop"}],` +
		`"usage":{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}}`
	vector := strings.Repeat("-0.012345678,", 80_000)
	for name, text := range map[string]string{
		"1 KB":                fmt.Sprintf(frame, strings.Repeat("words ", 150)),
		"1 MB":                fmt.Sprintf(frame, strings.Repeat("words ", 170_000)),
		"1 MB of embeddings":  `{"data":[{"index":0,"embedding":[` + vector + `0]}],"usage":{"prompt_tokens":3,"completion_tokens":0}}`,
		"1 MB of odd strings": fmt.Sprintf(frame, strings.Repeat(`\"\u00e9\n`, 100_000)),
	} {
		b.Run(name, func(b *testing.B) {
			data := []byte(text)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				if counts, err := scan(data); err != nil || counts.Prompt != 3 {
					b.Fatal(counts, err)
				}
			}
		})
	}
}

func BenchmarkPrepare(b *testing.B) {
	for _, family := range Families() {
		b.Run(family, func(b *testing.B) {
			e := newEndpoint(b, Config{URL: "https://team.example.com/base", Family: family, Key: secret})
			r := chat(b, `{"messages":[{"role":"user","content":"`+strings.Repeat("words ", 150)+`"}],"model":"m","temperature":0.7}`)
			r.Model, r.Correlation.Traceparent = "deployment", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
			b.ReportAllocs()
			for b.Loop() {
				if _, err := e.Prepare(b.Context(), r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A whole exchange over a connection that is kept, with the least a server can do.
func BenchmarkExchange(b *testing.B) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		body    string
	}{
		"JSON":   {answer(`{"usage":{"prompt_tokens":3}}`), plainChat},
		"stream": {events("data: " + delta + "\n\n"), streamedChat},
	} {
		b.Run(name, func(b *testing.B) {
			e := serve(b, Config{}, test.handler)
			var response *connector.Response
			b.ReportAllocs()
			for b.Loop() {
				attempt, err := e.Prepare(b.Context(), chat(b, test.body))
				if err == nil {
					response, err = attempt(b.Context())
				}
				if err != nil {
					b.Fatal(err)
				}
				text(b, response)
			}
		})
	}
}
