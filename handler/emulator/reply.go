package emulator

import (
	"crypto/rand"
	"encoding/hex"
	"time"
)

// A completion is a whole chat reply, or one chunk of it.
type completion struct {
	ID                string   `json:"id"`
	Object            string   `json:"object"`
	Created           int64    `json:"created"`
	Model             string   `json:"model"`
	Choices           []object `json:"choices"`
	Usage             *usage   `json:"usage,omitempty"`
	SystemFingerprint string   `json:"system_fingerprint"`
}

type usage struct {
	PromptTokens     int    `json:"prompt_tokens"`
	CompletionTokens int    `json:"completion_tokens"`
	TotalTokens      int    `json:"total_tokens"`
	Details          object `json:"completion_tokens_details,omitempty"`
}

func newCompletion(d deployment, kind string) completion {
	return completion{
		ID:                newID(),
		Object:            kind,
		Created:           time.Now().Unix(),
		Model:             "emulator/" + d.name,
		SystemFingerprint: "emulator",
	}
}

func newID() string {
	id := make([]byte, 16)
	rand.Read(id)
	return hex.EncodeToString(id)
}

// whole is the completion with all of the answer in it.
func (c completion) whole(a answer, u usage) completion {
	said := object{"role": "assistant", "content": a.content}
	if a.reasoning != "" {
		said["reasoning_content"] = a.reasoning
	}
	if a.call != nil {
		said["content"] = nil
		said["tool_calls"] = []object{a.call.head(a.call.arguments)}
	}
	c.Choices = []object{a.finishing(object{"index": 0, "message": said})}
	c.Usage = &u
	return c
}

// finishing adds to a choice what is known only when the answer is over.
func (a answer) finishing(choice object) object {
	choice["finish_reason"] = a.finish
	if a.verdicts != nil {
		choice["content_filter_results"] = a.verdicts
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
	u := usage{PromptTokens: max(1, prompt), CompletionTokens: max(1, spoken)}
	u.TotalTokens = u.PromptTokens + u.CompletionTokens
	if thinking > 0 {
		u.Details = object{"reasoning_tokens": thinking}
	}
	return u
}
