package clients

import (
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"
	"testing"

	"github.com/openai/openai-go/v3"
)

func everyFamily(t *testing.T, run func(t *testing.T, client openai.Client)) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		for _, family := range families {
			t.Run(family, func(t *testing.T) {
				t.Parallel()
				run(t, c.client(form, user{connection: family}))
			})
		}
	})
}

func TestEmbeddings(t *testing.T) {
	everyFamily(t, func(t *testing.T, client openai.Client) {
		params := openai.EmbeddingNewParams{
			Model:      "embeddings",
			Input:      openai.EmbeddingNewParamsInputUnion{OfArrayOfStrings: []string{"one two", "three", "one two"}},
			Dimensions: openai.Int(256),
		}
		plain, err := client.Embeddings.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		one, two, again := plain.Data[0].Embedding, plain.Data[1].Embedding, plain.Data[2].Embedding
		if !slices.Equal(one, again) || slices.Equal(one, two) {
			t.Error("the vectors are not by their texts")
		}
		equal(t, "dimensions", len(one), 256)
		equal(t, "tokens", plain.Usage.TotalTokens, 5)
		square := 0.0
		for _, x := range one {
			square += x * x
		}
		if math.Abs(square-1) > 1e-5 {
			t.Errorf("the square of the length is %v", square)
		}

		params.EncodingFormat = openai.EmbeddingNewParamsEncodingFormatBase64
		encoded, err := client.Embeddings.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		for i, vector := range plain.Data {
			compareEncoded(t, encoded.Data[i], vector.Embedding)
		}
	})
}

// compareEncoded reads base64 by itself, which the SDK asks for and does not decode.
func compareEncoded(t *testing.T, entry openai.Embedding, want []float64) {
	t.Helper()
	var text string
	if err := json.Unmarshal([]byte(entry.JSON.Embedding.Raw()), &text); err != nil {
		t.Fatal(err)
	}
	raw, err := base64.StdEncoding.DecodeString(text)
	if err != nil || len(raw) != 4*len(want) {
		t.Fatalf("got %d bytes, %v", len(raw), err)
	}
	for i, x := range want {
		equal(t, "number", math.Float32frombits(binary.LittleEndian.Uint32(raw[4*i:])), float32(x))
	}
}

func TestEveryInputOfEmbeddings(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		for name, input := range map[string]openai.EmbeddingNewParamsInputUnion{
			"text":        {OfString: openai.String("one")},
			"texts":       {OfArrayOfStrings: []string{"one"}},
			"tokens":      {OfArrayOfTokens: []int64{1, 2}},
			"token lists": {OfArrayOfTokenArrays: [][]int64{{1, 2}}},
		} {
			reply, err := client.Embeddings.New(t.Context(), openai.EmbeddingNewParams{Model: "embeddings", Input: input})
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			equal(t, name, len(reply.Data), 1)
			equal(t, name, len(reply.Data[0].Embedding), 64)
		}
	})
}

func TestCompletions(t *testing.T) {
	everyFamily(t, func(t *testing.T, client openai.Client) {
		reply, err := client.Completions.New(t.Context(), openai.CompletionNewParams{
			Model:     "echo",
			Prompt:    openai.CompletionNewParamsPromptUnion{OfArrayOfStrings: []string{"one two three", "four"}},
			MaxTokens: openai.Int(2),
		})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "choices", len(reply.Choices), 2)
		equal(t, "first", reply.Choices[0].Text, "one two")
		equal(t, "first", reply.Choices[0].FinishReason, openai.CompletionChoiceFinishReasonLength)
		equal(t, "second", reply.Choices[1].Text, "four")
		equal(t, "tokens", reply.Usage.TotalTokens, 7)
	})
}

func TestCompletionsStreamed(t *testing.T) {
	everyFamily(t, func(t *testing.T, client openai.Client) {
		params := openai.CompletionNewParams{
			Model:  "echo",
			Prompt: openai.CompletionNewParamsPromptUnion{OfString: openai.String("one two three")},
			Stop:   openai.CompletionNewParamsStopUnion{OfString: openai.String(" three")},
		}
		params.StreamOptions.IncludeUsage = openai.Bool(true)
		stream := client.Completions.NewStreaming(t.Context(), params)
		defer stream.Close()
		text, finish, bare, tokens := "", openai.CompletionChoiceFinishReason(""), 0, int64(0)
		for stream.Next() {
			chunk := stream.Current()
			tokens += chunk.Usage.TotalTokens // told twice, it would be too much
			if len(chunk.Choices) == 0 {
				bare++
				continue
			}
			text += chunk.Choices[0].Text
			finish = chunk.Choices[0].FinishReason
		}
		if err := stream.Err(); err != nil {
			t.Fatal(err)
		}
		equal(t, "text", text, "one two")
		equal(t, "finish reason", finish, openai.CompletionChoiceFinishReasonStop)
		if bare == 0 {
			t.Error("no chunk tells the usage")
		}
		equal(t, "tokens", tokens, 5)
	})
}

func TestOthersAreRefused(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		embed := func(model string, dimensions int64) error {
			_, err := client.Embeddings.New(t.Context(), openai.EmbeddingNewParams{
				Model:      model,
				Input:      openai.EmbeddingNewParamsInputUnion{OfString: openai.String("one")},
				Dimensions: openai.Int(dimensions),
			})
			return err
		}
		equal(t, "filtered", refused(t, embed("filtered", 8), 400, "content_filter").Code, "content_filter")
		refused(t, embed("embeddings", 0), 422, "ValidationFailed")
		refused(t, embed("embeddings", 4000), 422, "parameter_not_supported")
		refused(t, embed("gpt-9", 8), 404, "unknown_model")
		prompt := openai.CompletionNewParamsPromptUnion{OfString: openai.String("one")}
		_, err := client.Completions.New(t.Context(), openai.CompletionNewParams{Model: "throttled", Prompt: prompt})
		equal(t, "retry-after", refused(t, err, 429, "UpstreamThrottled").Response.Header.Get("Retry-After"), "7")
	})
}
