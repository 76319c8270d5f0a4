package emulator

import (
	"encoding/json"
	"slices"
)

// chat is what the deployments read of a chat completions request.
type chat struct {
	Model         string    `json:"model"`
	Messages      []message `json:"messages"`
	Stop          stops     `json:"stop"`
	Stream        bool      `json:"stream"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
	ResponseFormat struct {
		Type       string `json:"type"`
		JSONSchema struct {
			Schema json.RawMessage `json:"schema"`
		} `json:"json_schema"`
	} `json:"response_format"`
	Tools []struct {
		Function struct {
			Name       string          `json:"name"`
			Parameters json.RawMessage `json:"parameters"`
		} `json:"function"`
	} `json:"tools"`
	ToolChoice toolChoice `json:"tool_choice"`
	Modalities []string   `json:"modalities"`

	// Floats, because 10.0 is an integer to a JSON Schema and not to Go.
	MaxTokens           *float64 `json:"max_tokens"`
	MaxCompletionTokens *float64 `json:"max_completion_tokens"`
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

func (c *chat) name() string { return c.Model }

func (c *chat) missing() string {
	if len(c.Messages) == 0 {
		return "message"
	}
	return ""
}

// lastUserText is the text of the last user message, or a sentence that says
// there is none.
func (c chat) lastUserText() string {
	for i := len(c.Messages) - 1; i >= 0; i-- {
		if c.Messages[i].Role == "user" {
			return string(c.Messages[i].Content)
		}
	}
	return "There is no user message to repeat."
}

func (c *chat) wantsAudio() bool { return slices.Contains(c.Modalities, "audio") }
