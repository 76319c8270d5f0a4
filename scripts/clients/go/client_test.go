package clients

import (
	"cmp"
	"testing"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/azure"
	"github.com/openai/openai-go/v3/option"
)

// forms are the ways in which the SDK is pointed at a connection, as its documentation has them.
var forms = map[string]func(base, key string) []option.RequestOption{
	"OpenAI at v1":        plain("/v1"),
	"OpenAI at openai-v1": plain("/openai/v1"),
	"Azure": func(base, key string) []option.RequestOption {
		return []option.RequestOption{azure.WithEndpoint(base, "2024-10-21"), azure.WithAPIKey(key), azure.WithUnsafeAllowHTTP()}
	},
}

func plain(path string) func(base, key string) []option.RequestOption {
	return func(base, key string) []option.RequestOption {
		return []option.RequestOption{option.WithBaseURL(base + path), option.WithAPIKey(key)}
	}
}

// user is who calls which connection: orders calls main, and does not try again.
type user struct {
	connection, key string
	retries         int
}

func (c connector) client(form string, u user) openai.Client {
	base := c.url + "/connections/" + cmp.Or(u.connection, "main")
	options := forms[form](base, cmp.Or(u.key, callerKey))
	return openai.NewClient(append(options, option.WithMaxRetries(u.retries))...)
}

// everyForm runs a test for each form, all at once.
func everyForm(t *testing.T, run func(t *testing.T, c connector, form string)) {
	t.Helper()
	t.Parallel()
	c := startConnector(t)
	for form := range forms {
		t.Run(form, func(t *testing.T) {
			t.Parallel()
			run(t, c, form)
		})
	}
}

// say is a call with one message of three words.
func say(model string) openai.ChatCompletionNewParams {
	return openai.ChatCompletionNewParams{
		Model:    model,
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage("one two three")},
	}
}

// collect joins the chunks of a stream with the SDK's own accumulator.
func collect(t testing.TB, client openai.Client, params openai.ChatCompletionNewParams) (openai.ChatCompletion, []openai.ChatCompletionChunk) {
	t.Helper()
	stream := client.Chat.Completions.NewStreaming(t.Context(), params)
	defer stream.Close()
	var whole openai.ChatCompletionAccumulator
	var chunks []openai.ChatCompletionChunk
	for stream.Next() {
		chunk := stream.Current()
		chunks = append(chunks, chunk)
		if !whole.AddChunk(chunk) {
			t.Fatalf("the accumulator does not take %s", chunk.RawJSON())
		}
	}
	if err := stream.Err(); err != nil {
		t.Fatal(err)
	}
	return whole.ChatCompletion, chunks
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
