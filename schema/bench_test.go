package schema_test

import (
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// samples are bodies of the sizes that matter.
var samples = []struct {
	name string
	body func() string
}{
	{"1KB", func() string {
		return `{"model":"m","messages":[{"role":"system","content":"` + text(300) + `"},{"role":"user","content":"` + text(600) +
			`"}],"temperature":0.5,"max_tokens":100}`
	}},
	{"100KB", func() string {
		pair := `{"role":"user","content":"` + text(2000) + `"},{"role":"assistant","content":"` + text(2000) + `"}`
		return message(list(pair, 25))
	}},
	{"2MB", func() string {
		return part(`{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,` +
			strings.Repeat("A", 2<<20) + `","detail":"low"}}`)
	}},
	{"16MB", func() string { return tool(`"name":"` + text(16<<20) + `"`) }},
	{"hostile", hostile["bad roles"].body},
	{"hostile-calls", hostile["bad calls"].body},
	{"largest-good", hostile["good calls"].body},
}

func BenchmarkParse(b *testing.B) {
	for _, sample := range samples {
		b.Run(sample.name, func(b *testing.B) {
			body := []byte(sample.body())
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := schema.Parse(body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkParseAndCheck(b *testing.B) {
	for _, sample := range samples {
		b.Run(sample.name, func(b *testing.B) {
			chat, body := action(b, chatID), []byte(sample.body())
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			for b.Loop() {
				d, err := schema.Parse(body)
				if err != nil {
					b.Fatal(err)
				}
				chat.CheckBody(d)
			}
		})
	}
}

func BenchmarkLoad(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := schema.Load(); err != nil {
			b.Fatal(err)
		}
	}
}
