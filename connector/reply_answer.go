package connector

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"

	"inferenceconnector/schema"
)

// maxReplyAnswer is the largest answer to GetChatReply, in bytes: Copilot Studio takes no larger one.
const maxReplyAnswer = 500_000

// chatCompletion is what is read of an answer.
type chatCompletion struct {
	Model   string `json:"model"`
	Choices []struct {
		FinishReason string `json:"finish_reason"`
		Message      *struct {
			Content json.RawMessage `json:"content"`
			Refusal string          `json:"refusal"`
		} `json:"message"`
	} `json:"choices"`
}

// chatAnswer is the answer to GetChatReply.
type chatAnswer struct {
	Text             string          `json:"text"`
	JSON             json.RawMessage `json:"json,omitempty"`
	FinishReason     string          `json:"finish_reason"`
	PromptTokens     int64           `json:"prompt_tokens"`
	CompletionTokens int64           `json:"completion_tokens"`
	TotalTokens      int64           `json:"total_tokens"`
	Model            string          `json:"model,omitempty"`
}

// answer makes the answer to GetChatReply of a chat completion. An endpoint's error stays as it is.
func (c *chatReply) answer(response *Response) (*Response, error) {
	if response.Status != http.StatusOK {
		return response, nil
	}
	defer response.Body.Close()
	if err := c.part.Keep(3 * response.Length); err != nil { // the text, what is read of it, and the answer
		return nil, err
	}
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	var completion chatCompletion
	if json.Unmarshal(text, &completion) != nil || len(completion.Choices) == 0 || completion.Choices[0].Message == nil {
		return nil, &Error{Code: UpstreamInvalid, Message: "The model endpoint's answer is no chat completion. Try again; if it stays, choose another model."}
	}
	answer, err := c.read(completion)
	if err != nil {
		return nil, err
	}
	written := compact(answer)
	if len(written) > maxReplyAnswer {
		return nil, tooLarge(len(written))
	}
	return NewResponse(http.StatusOK, written), nil
}

func tooLarge(bytesInAll int) error {
	return &Error{Code: ResponseTooLarge, Target: maxTokens, Message: fmt.Sprintf(
		"max_tokens must be lower, or less be asked for: the answer has %d bytes, and workflows take %d.", bytesInAll, maxReplyAnswer)}
}

func (c *chatReply) read(completion chatCompletion) (*chatAnswer, error) {
	choice := completion.Choices[0]
	answer := &chatAnswer{
		Text:         said(choice.Message.Content),
		FinishReason: choice.FinishReason,
		PromptTokens: c.record.PromptTokens, CompletionTokens: c.record.CompletionTokens,
		TotalTokens: c.record.PromptTokens + c.record.CompletionTokens,
		Model:       completion.Model,
	}
	refused := answer.Text == "" && choice.Message.Refusal != ""
	if refused {
		answer.Text = choice.Message.Refusal
	}
	if c.schema == nil {
		return answer, nil
	}
	if size := len(answer.Text); size > maxReplyAnswer { // whether it fits or not
		return nil, tooLarge(size)
	}
	value := []byte(jsonIn(answer.Text))
	violations, checked := c.schema.Check("json", value)
	if violations == nil && !bytes.HasPrefix(value, []byte("{")) {
		violations = []schema.Violation{{Path: []string{"json"}, Rule: "must be an object"}}
	}
	switch {
	case !checked:
		return nil, misfit(jsonSchema, "must be simpler: the model's answer takes too many steps to check by it")
	case violations == nil:
		answer.JSON = value
		return answer, nil
	case refused || answer.FinishReason == "content_filter":
		return nil, &Error{Code: ContentFilter, Target: userPrompt,
			Message: fmt.Sprintf("user_prompt: the model gave no JSON, as it refused or was filtered; change the prompt (finish_reason %s).", reason(answer))}
	case answer.FinishReason == "length":
		return nil, misfit(maxTokens, "must be higher, or the answer shorter: it was cut off before its JSON was whole (finish_reason length)")
	}
	return nil, unfit(violations, reason(answer))
}

// unfit is the error for an answer that is not what was asked for. Models do not answer alike: a repeat can help. What
// the model said is for the details, as messages may be logged.
func unfit(violations []schema.Violation, reason string) *Error {
	first := violations[0]
	e := &Error{Code: UpstreamInvalid, Target: jsonSchema, Message: fmt.Sprintf(
		"json_schema: the model's answer does not fit; try again, or choose another model. %s %s (finish_reason %s).",
		Shorten(first.Place(), 200), first.Rule, reason)}
	for _, v := range violations {
		e.Details = append(e.Details, Detail{UpstreamInvalid, sentence(v), v.Pointer()})
	}
	return e
}

// misfit is the error for a parameter that cannot give an answer: a repeat would give none, either.
func misfit(parameter, rule string) *Error {
	return invalid(ValidationFailed, []schema.Violation{{Path: []string{parameter}, Keyword: "reply", Rule: rule}})
}

// reason is the finish reason for a message: a word, or none.
func reason(answer *chatAnswer) string {
	if len(answer.FinishReason) > maxInput || !isPlain(answer.FinishReason) || answer.FinishReason == "" {
		return "unknown"
	}
	return answer.FinishReason
}

// said returns the text of a message's content: a string, parts, or null.
func said(content json.RawMessage) string {
	var text string
	if json.Unmarshal(content, &text) == nil {
		return text
	}
	var parts []struct {
		Type, Text string
	}
	_ = json.Unmarshal(content, &parts) // what is neither says nothing
	for _, part := range parts {
		if part.Type == "text" {
			text += part.Text
		}
	}
	return text
}

// jsonIn returns the JSON in a text, around which some models think aloud or put a fence.
func jsonIn(text string) string {
	text = strings.TrimSpace(text)
	if strings.HasPrefix(text, "<think>") {
		_, text, _ = strings.Cut(text, "</think>")
		text = strings.TrimSpace(text)
	}
	if inside, fenced := strings.CutPrefix(text, "```"); fenced {
		inside = strings.TrimPrefix(inside, "json")
		text = strings.TrimSuffix(inside, "```")
	}
	return strings.TrimSpace(text)
}
