package clients

import (
	"testing"

	"github.com/openai/openai-go/v3"
)

// One connection for each family of endpoints: an operator moves a deployment from one to another, and no
// client notices.
var families = []string{
	"ai-services", "serverless", "managed-online", "azure-openai", "azure-openai-v1", "openai-compatible", "github-models",
}

func TestFamilies(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		for _, family := range families {
			client := c.client(form, user{connection: family})
			for way, ask := range map[string]func(testing.TB, openai.ChatCompletionNewParams) openai.ChatCompletion{
				"whole": func(t testing.TB, params openai.ChatCompletionNewParams) openai.ChatCompletion {
					reply, err := client.Chat.Completions.New(t.Context(), params)
					if err != nil {
						t.Fatal(err)
					}
					return *reply
				},
				"streamed": func(t testing.TB, params openai.ChatCompletionNewParams) openai.ChatCompletion {
					params.StreamOptions.IncludeUsage = openai.Bool(true)
					reply, _ := collect(t, client, params)
					return reply
				},
			} {
				t.Run(family+", "+way, func(t *testing.T) {
					t.Parallel()
					talk(t, ask)
				})
			}
		}
	})
}

func talk(t *testing.T, ask func(testing.TB, openai.ChatCompletionNewParams) openai.ChatCompletion) {
	t.Run("chat", func(t *testing.T) {
		reply := ask(t, say("echo"))
		equal(t, "content", reply.Choices[0].Message.Content, "one two three")
		equal(t, "finish reason", reply.Choices[0].FinishReason, "stop")
		equal(t, "tokens", reply.Usage.TotalTokens, 6)
	})
	t.Run("tools", func(t *testing.T) { toolCalled(t, ask(t, useTool())) })
	t.Run("json", func(t *testing.T) { verdictWritten(t, ask(t, writeVerdict())) })
}
