package main_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// streaming asks for a stream, and for its usage where callers have to.
func (c conversation) streaming() string {
	if c.form == "Azure AI" {
		return `,"stream":true`
	}
	return `,"stream":true,"stream_options":{"include_usage":true}`
}

// compareStream reads as strict clients do: Azure AI's want the usage on the finish chunk, OpenAI's in a chunk of its own.
func (c conversation) compareStream(t *testing.T, text, want string, tokens int) {
	t.Helper()
	chunks := readChunks(t, text)
	said, finished := "", -1
	for i, chunk := range chunks {
		if len(chunk.Choices) > 0 {
			said += chunk.Choices[0].Delta.Content + chunk.Choices[0].Text
			if chunk.Choices[0].FinishReason != "" {
				finished = i
			}
		}
	}
	same(t, "content of the stream", said, want)
	last := chunks[len(chunks)-1]
	if c.form == "Azure AI" {
		same(t, "the last chunk finishes", finished, len(chunks)-1)
	} else {
		same(t, "the last chunk but one finishes", finished, len(chunks)-2)
		same(t, "choices of the last chunk", len(last.Choices), 0)
	}
	same(t, "usage", last.Usage.TotalTokens, tokens)
}

// A chunk is one of a chat, or one of a completion of a prompt.
type chunk struct {
	Choices []struct {
		Text  string
		Delta struct {
			Content   string
			ToolCalls []struct {
				Function struct{ Name, Arguments string }
			} `json:"tool_calls"`
		}
		FinishReason string `json:"finish_reason"`
	}
	Usage struct {
		TotalTokens int `json:"total_tokens"`
	}
}

// readChunks reads a stream that must consist of nothing but data lines, and end well.
func readChunks(t *testing.T, text string) (chunks []chunk) {
	t.Helper()
	events := strings.Split(strings.TrimSuffix(text, "\n\n"), "\n\n")
	for i, event := range events {
		data, ok := strings.CutPrefix(event, "data: ")
		if !ok || strings.Contains(data, "\n") {
			t.Fatalf("no plain event: %q", event)
		}
		if i == len(events)-1 {
			same(t, "the end of the stream", data, "[DONE]")
			break
		}
		var c chunk
		if err := json.Unmarshal([]byte(data), &c); err != nil {
			t.Fatal(fmt.Errorf("%w: %q", err, data))
		}
		chunks = append(chunks, c)
	}
	if len(chunks) == 0 {
		t.Fatalf("an empty stream: %q", text)
	}
	return chunks
}
