package emulator

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// An answer is what a deployment says, before it is known whether as one body or
// as a stream.
type answer struct {
	reasoning string
	content   string
	call      *toolCall
	finish    string
	censored  bool // by a content filter, which found violence
	spoken    bool // in a sound, of which content is the transcript
}

type toolCall struct {
	id, name, arguments string
}

func echo(c chat) (answer, error) {
	return say(c, c.lastUserText()), nil
}

// say answers with text as far as the request's stop and max_tokens let it.
func say(c chat, text string) answer {
	for _, stop := range c.Stop {
		if stop != "" {
			text, _, _ = strings.Cut(text, stop)
		}
	}
	limit := cmp.Or(c.MaxTokens, c.MaxCompletionTokens)
	if limit != nil && float64(countWords(text)) > *limit {
		return answer{content: firstWords(text, int(*limit)), finish: "length"}
	}
	return answer{content: text, finish: "stop"}
}

func think(c chat) (answer, error) {
	text := c.lastUserText()
	a := say(c, text)
	a.reasoning = fmt.Sprintf("The last message has %d words; an emulator can only repeat it.", countWords(text))
	return a, nil
}

func speak(c chat) (answer, error) {
	a := say(c, c.lastUserText())
	a.spoken = c.wantsAudio()
	return a, nil
}

// thinksAloud reports whether a version of the Model Inference API knows no
// reasoning_content.
func thinksAloud(version string) bool { return version != "" && version < "2025-04-01" }

// aloud puts the reasoning in front of what is said.
func (a answer) aloud() answer {
	if a.reasoning != "" {
		a.content, a.reasoning = "<think>"+a.reasoning+"</think>\n\n"+a.content, ""
	}
	return a
}

func writeJSONText(c chat) (answer, error) {
	if c.ResponseFormat.Type == "json_schema" {
		return answer{content: sample(c.ResponseFormat.JSONSchema.Schema), finish: "stop"}, nil
	}
	text, err := json.Marshal(object{"echo": c.lastUserText()})
	return answer{content: string(text), finish: "stop"}, err
}

func callTool(c chat) (answer, error) {
	last := c.Messages[len(c.Messages)-1]
	switch {
	case last.Role == "tool":
		return say(c, "The tool answered: "+string(last.Content)), nil
	case len(c.Tools) == 0:
		return say(c, "There is no tool to call."), nil
	case c.ToolChoice.mode == "none":
		return say(c, "No tool may be called."), nil
	}
	forced := c.ToolChoice.function
	for _, tool := range c.Tools {
		if forced != "" && tool.Function.Name != forced {
			continue
		}
		a := answer{finish: "tool_calls", call: &toolCall{"call_" + newID(), tool.Function.Name, sample(tool.Function.Parameters)}}
		if forced != "" {
			a.finish = "stop" // as OpenAI models end a forced call
		}
		return a, nil
	}
	return answer{}, refuse(http.StatusBadRequest, "BadRequest", "'tool_choice' names a function that is not among 'tools'.")
}

func truncated(c chat) (answer, error) {
	return answer{content: firstHalf(c.lastUserText()), finish: "length"}, nil
}

func censored(c chat) (answer, error) {
	return answer{content: firstHalf(c.lastUserText()), finish: "content_filter", censored: true}, nil
}

// interrupted is never heard to its end; it is long enough to be cut anywhere.
func interrupted(chat) (answer, error) {
	return answer{content: "The connection breaks before this sentence ends.", finish: "stop"}, nil
}
