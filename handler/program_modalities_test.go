package main_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// testEmbeddings compares the two forms that SDKs ask for, and equal texts with different ones.
func (c conversation) testEmbeddings(t *testing.T) {
	const input = `{"model":"embeddings","input":["one two","three","one two"],"dimensions":8,"encoding_format":`
	reply, text := c.send(t, "/embeddings", "embeddings", input+`"float"}`)
	same(t, "status of embeddings", reply.StatusCode, http.StatusOK)
	vectors := readVectors[[]float32](t, text)
	same(t, "vectors", len(vectors), 3)
	same(t, "dimensions", len(vectors[0]), 8)
	if !slices.Equal(vectors[0], vectors[2]) || slices.Equal(vectors[0], vectors[1]) {
		t.Errorf("not by their texts: %v", vectors)
	}
	contains(t, "embeddings", text, `"total_tokens":5`)
	_, text = c.send(t, "/embeddings", "embeddings", input+`"base64"}`)
	for i, encoded := range readVectors[string](t, text) {
		raw, err := base64.StdEncoding.DecodeString(encoded)
		decoded := make([]float32, len(raw)/4)
		if err != nil || binary.Read(bytes.NewReader(raw), binary.LittleEndian, decoded) != nil || !slices.Equal(decoded, vectors[i]) {
			t.Errorf("base64: got %v (%v), want %v", decoded, err, vectors[i])
		}
	}
	reply, _ = c.send(t, "/embeddings", "filtered", `{"model":"filtered","input":"x"}`)
	same(t, "filtered embeddings", reply.Header.Get("x-ms-error-code"), "content_filter")
}

func readVectors[T any](t *testing.T, text string) (vectors []T) {
	t.Helper()
	var reply struct{ Data []struct{ Embedding T } }
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	for _, entry := range reply.Data {
		vectors = append(vectors, entry.Embedding)
	}
	return vectors
}

func (c conversation) testImages(t *testing.T) {
	reply, text := c.send(t, "/images/embeddings", "embeddings", `{"model":"embeddings","input":[{"image":"data:image/png;base64,AA==","text":"a cat"}]}`)
	if strings.Contains(c.family, "openai") {
		same(t, "images", reply.StatusCode, http.StatusNotFound)
		same(t, "images", reply.Header.Get("x-ms-error-code"), "NotFound")
		return
	}
	same(t, "images", reply.StatusCode, http.StatusOK)
	same(t, "vectors of images", len(readVectors[[]float32](t, text)), 1)
}

func (c conversation) testPrompts(t *testing.T) {
	const prompt = `{"model":"echo","prompt":"one two three","max_tokens":2`
	reply, text := c.send(t, "/completions", "echo", prompt+"}")
	same(t, "status of a completion", reply.StatusCode, http.StatusOK)
	contains(t, "completion", text, `"object":"text_completion"`, `"text":"one two"`, `"finish_reason":"length"`, `"total_tokens":5`)
	_, text = c.send(t, "/completions", "echo", prompt+c.streaming()+"}")
	c.compareStream(t, text, "one two", 5)
	reply, _ = c.send(t, "/completions", "throttled", `{"model":"throttled","prompt":"x"}`)
	same(t, "throttled completion", reply.StatusCode, http.StatusTooManyRequests)
	same(t, "throttled completion", reply.Header.Get("Retry-After"), "7")
}

func (c conversation) testAudio(t *testing.T) {
	const aloud = `,"modalities":["text","audio"]`
	for way, more := range map[string]string{"whole": aloud, "streamed": aloud + `,"stream":true`} {
		reply, text := c.ask(t, "audio", "Lima", more)
		same(t, "status of audio", reply.StatusCode, http.StatusOK)
		contains(t, "audio, "+way, text, `"audio":{`, `"transcript":"Lima"`, `"data":"UklGR`, `"expires_at":`)
	}
	want := http.StatusUnprocessableEntity
	if strings.Contains(c.family, "openai") {
		want = http.StatusBadRequest
	}
	reply, text := c.ask(t, "echo", "Lima", aloud)
	same(t, "status without audio", reply.StatusCode, want)
	contains(t, "without audio", text, "modalities")
}
