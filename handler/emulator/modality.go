package emulator

// A modality is what a model can be asked for.
type modality struct {
	path       string
	subject    string   // the parameter that has what is asked
	parameters []string // all that the Model Inference API defines
	operation  string   // Azure OpenAI's name for it when it counts calls
	ability    string   // and when a model does not have it
}

var (
	chats = &modality{"/chat/completions", "messages", []string{
		"messages", "model", "frequency_penalty", "presence_penalty", "temperature", "top_p", "max_tokens", "stop", "stream",
		"seed", "response_format", "tools", "tool_choice", "modalities", "user_security_context",
	}, "ChatCompletions_Create", "chatCompletion"}

	prompts = &modality{"/completions", "prompt", []string{
		"prompt", "model", "frequency_penalty", "presence_penalty", "temperature", "top_p", "max_tokens", "stop", "stream", "seed",
	}, "Completions_Create", "completion"}

	textVectors = &modality{"/embeddings", "input", []string{
		"input", "model", "dimensions", "encoding_format", "input_type",
	}, "Embeddings_Create", "embeddings"}

	// Where OpenAI is spoken there are none of images.
	imageVectors = &modality{path: "/images/embeddings", subject: "input", parameters: textVectors.parameters}
)

// What a model can do.
var (
	talk     = []*modality{chats}
	write    = []*modality{chats, prompts}
	embed    = []*modality{textVectors, imageVectors}
	anything = []*modality{chats, prompts, textVectors, imageVectors}
)
