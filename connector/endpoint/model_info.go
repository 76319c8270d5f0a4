package endpoint

import (
	"bytes"
	"strings"

	"inferenceconnector/schema"
)

// modelTypes are the types of models as contract/inference-api.md section 6 spells them, by what endpoints of
// all times and families call them: letter case, hyphens, underscores and a plural do not count.
var modelTypes = map[string]string{
	"chat": "chat-completion", "chatcompletion": "chat-completion", "completion": "chat-completion",
	"embedding": "embeddings", "textembedding": "embeddings", "imageembedding": "image_embeddings",
}

func modelType(given string) string {
	folded := strings.TrimSuffix(strings.NewReplacer("-", "", "_", "").Replace(strings.ToLower(given)), "s")
	if known, ok := modelTypes[folded]; ok {
		return known
	}
	return given
}

// completeInfo gives a model's description the three texts that readers rely on, the type in one spelling. What
// else the endpoint says of its model stays.
func completeInfo(text []byte, model string) ([]byte, error) {
	d, err := schema.Parse(text)
	if err != nil {
		return nil, err
	}
	for _, field := range [][2]string{{"model_name", model}, {"model_type", ""}, {"model_provider_name", ""}} {
		if _, isText := value(d, field[0]).(string); !isText {
			d.Set(field[0], schema.Quote(field[1]))
		}
	}
	if given := d.Text("model_type"); modelType(given) != given {
		d.Set("model_type", schema.Quote(modelType(given)))
	}
	return bytes.Join(d.Segments(), nil), nil
}
