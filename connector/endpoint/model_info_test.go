package endpoint

import (
	"encoding/json"
	"reflect"
	"testing"
)

func TestModelType(t *testing.T) {
	for want, spellings := range map[string][]string{
		"chat-completion":  {"chat-completion", "chat-completions", "chat_completion", "chat_completions", "chat", "completion", "Chat-Completion"},
		"embeddings":       {"embeddings", "embedding", "text-embeddings", "text_embedding", "Embeddings"},
		"image_embeddings": {"image_embeddings", "image-embeddings", "image_embedding"},
		"image-generation": {"image-generation"}, "text_generation": {"text_generation"}, "": {""}, "s": {"s"},
	} {
		for _, given := range spellings {
			if got := modelType(given); got != want {
				t.Errorf("%s: got %s, want %s", given, got, want)
			}
		}
	}
}

// The three texts are there in any case, and nothing that the endpoint says is lost.
func TestCompleteInfo(t *testing.T) {
	for given, want := range map[string]map[string]any{
		`{"model_name":"phi","model_type":"chat-completions","model_provider_name":"Microsoft"}`: {
			"model_name": "phi", "model_type": "chat-completion", "model_provider_name": "Microsoft"},
		`{"model_type":"embedding","capabilities":{"tools":true},"more":[1]}`: {
			"model_name": "m", "model_type": "embeddings", "model_provider_name": "", "capabilities": map[string]any{"tools": true}, "more": []any{1.0}},
		`{"model_name":null,"model_type":7,"model_provider_name":["x"]}`: {"model_name": "m", "model_type": "", "model_provider_name": ""},
		`{}`: {"model_name": "m", "model_type": "", "model_provider_name": ""},
	} {
		text, err := completeInfo([]byte(given), "m")
		if err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", given, got, want)
		}
	}
	if _, err := completeInfo([]byte(`{"a":1,"a":2}`), ""); err == nil {
		t.Error("got no error for what readers could read in two ways")
	}
}
