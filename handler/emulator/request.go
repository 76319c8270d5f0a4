package emulator

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

const maxBody = 32 << 20

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

	// Floats, because 10.0 is an integer to a JSON Schema and not to Go.
	MaxTokens           *float64 `json:"max_tokens"`
	MaxCompletionTokens *float64 `json:"max_completion_tokens"`

	body []byte
}

type message struct {
	Role    string  `json:"role"`
	Content content `json:"content"`
}

func (f *family) readChat(w http.ResponseWriter, r *http.Request) (chat, error) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return chat{}, refuse(http.StatusRequestEntityTooLarge, "RequestEntityTooLarge",
			fmt.Sprintf("The body is larger than %d bytes.", tooLarge.Limit))
	}
	if err != nil {
		return chat{}, err
	}
	if !f.openAI {
		if body, err = settle(body, r.Header.Get("extra-parameters")); err != nil {
			return chat{}, err
		}
	}
	c := chat{body: body}
	if err := json.Unmarshal(body, &c); err != nil {
		return chat{}, refuse(http.StatusBadRequest, "BadRequest", complaint(err))
	}
	if len(c.Messages) == 0 {
		return chat{}, refuse(http.StatusBadRequest, "BadRequest", "The body must be a JSON object with at least one message in 'messages'.")
	}
	return c, nil
}

// complaint rewords the errors that would show names of Go types.
func complaint(err error) string {
	if mismatch, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Sprintf("'%s' cannot be of JSON type %s.", cmp.Or(mismatch.Field, "body"), mismatch.Value)
	}
	return "The body is not valid: " + err.Error()
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
