package emulator

import (
	"crypto/sha256"
	"math"
	"math/rand/v2"
)

const (
	usualDimensions = 64 // small enough to be read by people
	mostDimensions  = 3072
)

// embedding is what is read of a request for vectors.
type embedding[T texts | pictures] struct {
	Model          string   `json:"model"`
	Input          T        `json:"input"`
	Dimensions     *float64 `json:"dimensions"` // 64.0 is an integer to a JSON Schema and not to Go
	EncodingFormat string   `json:"encoding_format"`
}

func (e *embedding[T]) name() string { return e.Model }

func (e *embedding[T]) missing() string { return texts(e.Input).missing() }

// embeddings answers with a vector for each text.
func (f *family) embeddings(d deployment, of texts, dimensions *float64, format string) (object, error) {
	length := usualDimensions
	if dimensions != nil {
		length = int(*dimensions)
		if float64(length) != *dimensions || length < 1 || length > mostDimensions {
			return nil, unsupportedParameter("dimensions", quote(*dimensions))
		}
	}
	data := make([]object, len(of))
	for i, text := range of {
		written, ok := f.encode(vector(text, length), format)
		if !ok {
			return nil, unsupportedParameter("encoding_format", quote(format))
		}
		data[i] = object{"object": "embedding", "index": i, "embedding": written}
	}
	tokens := max(1, of.words())
	reply := object{
		"object": "list", "model": "emulator/" + d.name, "data": data,
		"usage": object{"prompt_tokens": tokens, "total_tokens": tokens},
	}
	if !f.openAI {
		reply["id"] = newID()
	}
	return reply, nil
}

// vector is a direction that only the text decides. A shorter one is the beginning of a longer one, as with
// models that let their vectors be cut; its length in space is always 1.
func vector(text string, dimensions int) []float32 {
	numbers := rand.New(rand.NewChaCha8(sha256.Sum256([]byte(text))))
	raw := make([]float64, dimensions)
	sum := 0.0
	for i := range raw {
		raw[i] = numbers.NormFloat64()
		sum += raw[i] * raw[i]
	}
	unit := make([]float32, dimensions)
	for i, x := range raw {
		unit[i] = float32(x / math.Sqrt(sum))
	}
	return unit
}
