package clients

import (
	"encoding/json"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/shared"
)

// useTool is a call that offers a tool, which only knows one city.
func useTool() openai.ChatCompletionNewParams {
	params := say("tools")
	params.Tools = []openai.ChatCompletionToolUnionParam{openai.ChatCompletionFunctionTool(shared.FunctionDefinitionParam{
		Name:        "get_weather",
		Description: openai.String("The weather of a city"),
		Parameters: shared.FunctionParameters{
			"type":       "object",
			"properties": map[string]any{"city": map[string]any{"type": "string", "enum": []string{"Lisbon"}}},
			"required":   []string{"city"},
		},
	})}
	return params
}

// toolCalled checks that a reply is a call of that tool, and returns the call's id.
func toolCalled(t testing.TB, reply openai.ChatCompletion) string {
	t.Helper()
	equal(t, "finish reason", reply.Choices[0].FinishReason, "tool_calls")
	calls := reply.Choices[0].Message.ToolCalls
	if len(calls) != 1 || calls[0].ID == "" || calls[0].Type != "function" {
		t.Fatalf("got %+v, want one call of a function, with an id", calls)
	}
	equal(t, "tool", calls[0].Function.Name, "get_weather")
	var given struct{ City string }
	if err := json.Unmarshal([]byte(calls[0].Function.Arguments), &given); err != nil {
		t.Fatal(err)
	}
	equal(t, "city", given.City, "Lisbon")
	return calls[0].ID
}

func TestToolRoundTrip(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		params := useTool()
		asked, err := client.Chat.Completions.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		id := toolCalled(t, *asked)
		params.Messages = append(params.Messages, asked.Choices[0].Message.ToParam(), openai.ToolMessage("sunny", id))
		reply, err := client.Chat.Completions.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "content", reply.Choices[0].Message.Content, "The tool answered: sunny")
	})
}

func TestFragmentsOfAToolCallBecomeOne(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		reply, chunks := collect(t, c.client(form, user{}), useTool())
		toolCalled(t, reply)
		fragments := 0
		for _, chunk := range chunks {
			if len(chunk.Choices) > 0 {
				fragments += len(chunk.Choices[0].Delta.ToolCalls)
			}
		}
		if fragments < 2 {
			t.Errorf("got %d fragments, want more", fragments)
		}
	})
}

// writeVerdict is a call for an answer by a schema, which only leaves one.
func writeVerdict() openai.ChatCompletionNewParams {
	params := say("json")
	params.ResponseFormat.OfJSONSchema = &shared.ResponseFormatJSONSchemaParam{
		JSONSchema: shared.ResponseFormatJSONSchemaJSONSchemaParam{
			Name:   "verdict",
			Strict: openai.Bool(true),
			Schema: map[string]any{
				"type": "object",
				"properties": map[string]any{
					"mood":  map[string]any{"enum": []string{"good"}},
					"score": map[string]any{"type": "integer", "minimum": 7},
				},
				"required": []string{"mood", "score"},
			},
		},
	}
	return params
}

func verdictWritten(t testing.TB, reply openai.ChatCompletion) {
	t.Helper()
	var got struct {
		Mood  string
		Score int
	}
	if err := json.Unmarshal([]byte(reply.Choices[0].Message.Content), &got); err != nil {
		t.Fatal(err)
	}
	equal(t, "mood", got.Mood, "good")
	equal(t, "score", got.Score, 7)
}

func TestJSONSchema(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		reply, err := client.Chat.Completions.New(t.Context(), writeVerdict())
		if err != nil {
			t.Fatal(err)
		}
		verdictWritten(t, *reply)
	})
}
