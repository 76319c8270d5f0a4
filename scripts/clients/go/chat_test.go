package clients

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
)

func TestChat(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		params := say("echo")
		params.Temperature = openai.Float(2)
		params.Stop = openai.ChatCompletionNewParamsStopUnion{OfString: openai.String(" three")}
		reply, err := client.Chat.Completions.New(t.Context(), params)
		if err != nil {
			t.Fatal(err)
		}
		equal(t, "content", reply.Choices[0].Message.Content, "one two")
		equal(t, "finish reason", reply.Choices[0].FinishReason, "stop")
		equal(t, "tokens", reply.Usage.TotalTokens, 5)
	})
}

func TestUsageChunkComesExactlyWhenAsked(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		for name, test := range map[string]struct {
			options openai.ChatCompletionStreamOptionsParam
			want    int // chunks without choices
		}{
			"unasked":  {want: 0},
			"declined": {openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(false)}, 0},
			"asked":    {openai.ChatCompletionStreamOptionsParam{IncludeUsage: openai.Bool(true)}, 1},
		} {
			params := say("echo")
			params.StreamOptions = test.options
			reply, chunks := collect(t, c.client(form, user{}), params)
			equal(t, name+": content", reply.Choices[0].Message.Content, "one two three")
			equal(t, name+": finish reason", reply.Choices[0].FinishReason, "stop")
			bare := 0
			for _, chunk := range chunks {
				if len(chunk.Choices) == 0 {
					bare++
				}
			}
			equal(t, name+": chunks without choices", bare, test.want)
			if last := chunks[len(chunks)-1]; test.want == 1 {
				equal(t, "choices of the last chunk", len(last.Choices), 0)
				equal(t, "tokens", reply.Usage.TotalTokens, 6) // the accumulator adds up what it is told twice
			}
		}
	})
}

func TestStreamArrivesOverTime(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{})
		stream := client.Chat.Completions.NewStreaming(t.Context(), say("slow"))
		defer stream.Close()
		var arrivals []time.Time
		for stream.Next() {
			arrivals = append(arrivals, time.Now())
		}
		if err := stream.Err(); err != nil {
			t.Fatal(err)
		}
		// The emulator pauses half a second between events: collected, they would come together.
		if span := arrivals[len(arrivals)-1].Sub(arrivals[0]); span < time.Second {
			t.Errorf("arrived within %s", span)
		}
	})
}

func TestWhatArrivesIsWhatWasSent(t *testing.T) {
	everyForm(t, func(t *testing.T, c connector, form string) {
		client := c.client(form, user{connection: "recorded"})
		for model, test := range map[string]struct{ known, extraParameters string }{
			"of-openai":   {"gpt", ""},
			"of-services": {"phi", "pass-through"},
		} {
			params := say(model)
			params.User = openai.String(form + ", " + model)
			params.LogitBias = map[string]int64{"50256": -100}
			unknown := option.WithJSONSet("x_unknown", map[string]any{"kept": nil})
			if _, err := client.Chat.Completions.New(t.Context(), params, unknown); err != nil {
				t.Fatal(err)
			}
			var want map[string]any
			text := fmt.Sprintf(`{"model":%q,"messages":[{"role":"user","content":"one two three"}],"logit_bias":{"50256":-100},
				"user":%q,"x_unknown":{"kept":null}}`, test.known, params.User.Value)
			if err := json.Unmarshal([]byte(text), &want); err != nil {
				t.Fatal(err)
			}
			got := c.recorder.of(t, params.User.Value)
			if !reflect.DeepEqual(got.body, want) {
				t.Errorf("%s: got %v, want %v", model, got.body, want)
			}
			equal(t, "extra-parameters", got.header.Get("extra-parameters"), test.extraParameters)
			if strings.Contains(fmt.Sprint(got.header), callerKey) {
				t.Error("the caller's key travels on")
			}
		}
	})
}

func TestModelsAreListed(t *testing.T) {
	t.Parallel()
	c := startConnector(t)
	for _, form := range []string{"OpenAI at v1", "OpenAI at openai-v1"} {
		client := c.client(form, user{connection: "github-models"})
		var names []string
		models := client.Models.ListAutoPaging(t.Context())
		for models.Next() {
			names = append(names, models.Current().ID)
		}
		if err := models.Err(); err != nil {
			t.Fatal(err)
		}
		slices.Sort(names)
		equal(t, form, strings.Join(names, " "), "echo embeddings json tools")
	}
}
