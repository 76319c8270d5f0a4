package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// A completion is a whole reply to a chat or to prompts, or one chunk of it.
type completion struct {
	ID                  string   `json:"id"`
	Object              string   `json:"object"`
	Created             int64    `json:"created"`
	Model               string   `json:"model"`
	Choices             []object `json:"choices"`
	Usage               any      `json:"usage,omitempty"` // absent when nil, null when a *usage that is nil
	PromptFilterResults []object `json:"prompt_filter_results,omitempty"`
	SystemFingerprint   string   `json:"system_fingerprint"`
}

type usage struct {
	PromptTokens     int    `json:"prompt_tokens"`
	CompletionTokens int    `json:"completion_tokens"`
	TotalTokens      int    `json:"total_tokens"`
	Details          object `json:"completion_tokens_details,omitempty"`
}

func (f *family) newCompletion(d deployment, kind string) completion {
	return completion{
		ID:                f.newID(kind),
		Object:            kind,
		Created:           time.Now().Unix(),
		Model:             "emulator/" + d.name,
		SystemFingerprint: "emulator",
	}
}

func (f *family) newID(kind string) string {
	if !f.openAI {
		return newID()
	}
	prefix := "chatcmpl-"
	if kind == textCompletion {
		prefix = "cmpl-"
	}
	return prefix + (rand.Text() + rand.Text())[:29]
}

func newID() string {
	id := make([]byte, 16)
	rand.Read(id)
	return hex.EncodeToString(id)
}

// whole is the completion with all of the answer in it.
func (f *family) whole(d deployment, a answer, u usage) completion {
	c := f.newCompletion(d, "chat.completion")
	said := object{"role": "assistant", "content": a.content}
	if a.reasoning != "" {
		said["reasoning_content"] = a.reasoning
	}
	if a.call != nil {
		said["content"] = nil
		said["tool_calls"] = []object{a.call.head(a.call.arguments)}
	}
	if a.spoken {
		said["content"] = nil
		said["audio"] = newSound().saying(a.content)
	}
	choice := f.finishing(a, object{"index": 0, "message": said})
	if f.openAI {
		said["refusal"], choice["logprobs"] = nil, nil
	}
	if f.filters {
		c.PromptFilterResults = []object{{"prompt_index": 0, "content_filter_results": promptVerdicts(safe)}}
	}
	c.Choices = []object{choice}
	c.Usage = &u
	return c
}

// finishing adds to a choice what is known only when the answer is over.
func (f *family) finishing(a answer, choice object) object {
	choice["finish_reason"] = a.finish
	switch {
	case a.censored && (f.filters || !f.openAI):
		choice["content_filter_results"] = violent
	case f.filters:
		choice["content_filter_results"] = safe
	}
	return choice
}

func (t toolCall) head(arguments string) object {
	return object{"id": t.id, "type": "function", "function": object{"name": t.name, "arguments": arguments}}
}

func measure(c chat, a answer) usage {
	prompt := 0
	for _, m := range c.Messages {
		prompt += countWords(string(m.Content))
	}
	thinking := countWords(a.reasoning)
	spoken := countWords(a.content) + thinking
	if a.call != nil {
		spoken += countWords(a.call.arguments)
	}
	u := newUsage(prompt, spoken)
	if thinking > 0 {
		u.Details = object{"reasoning_tokens": thinking, "audio_tokens": 0, "total_tokens": spoken}
	}
	return u
}

func newUsage(prompt, completion int) usage {
	u := usage{PromptTokens: max(1, prompt), CompletionTokens: max(1, completion)}
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	return u
}
