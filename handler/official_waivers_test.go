package main_test

// A side is whose text is validated.
type side string

const (
	relayed   side = "what the example's endpoint answers, relayed"
	emulated  side = "what the emulator answers, relayed"
	forwarded side = "what reaches the endpoint"
	ours      side = "what we answer ourselves"
)

// A waiver lets a text break one rule of an OpenAPI file, for a reason.
type waiver struct {
	side
	breach
	reason string
}

const (
	errorResponse   = "Azure.Core.Foundations.ErrorResponse"
	chatOptions     = "ChatCompletionsOptions"
	chatCompletions = "ChatCompletions"
	chatUpdate      = "StreamingChatCompletionsUpdate"
)

var waivers = []waiver{
	{
		forwarded, breach{chatOptions, "/messages/0/content", "type"},
		"An assistant that asked for tools or spoke has said nothing: content is null there in the examples themselves.",
	},
	{
		forwarded, breach{chatOptions, "/messages/0/content/0", "missing properties: 'format'"},
		"The file puts format on the part and forgets input_audio; SDKs and the newer example put both into input_audio.",
	},
	{
		forwarded, breach{"GetModelInfo", "model", "unknown"},
		"The file of 2024-05-01-preview has no model there, but an endpoint with several deployments must know which.",
	},
	{
		relayed, breach{chatCompletions, "", "missing properties: 'object'"},
		"The example lacks object, and an endpoint's answer is relayed as it is.",
	},
	{
		relayed, breach{chatCompletions, "/choices/0/message/tool_calls", "type"},
		"The examples say tool_calls: null, as endpoints do.",
	},
	{
		emulated, breach{chatUpdate, "/object", "enum"},
		"Every chunk on the wire says chat.completion.chunk, and SDKs are used to it.",
	},
	{
		emulated, breach{chatUpdate, "/choices/0/delta/tool_calls/0", "missing properties: 'id'"},
		"The file describes whole calls; OpenAI's models send the id in a call's first piece only.",
	},
	{
		emulated, breach{chatUpdate, "/choices/0/delta/tool_calls/0/function", "missing properties: 'name'"},
		"As with the id of a call.",
	},
	{
		emulated, breach{"EmbeddingsResult", "/data/0/embedding", "type"},
		"Asked for in base64 an embedding is a text; swagger 2.0 cannot say: or a text.",
	},
}

// A staleExample is wrong in itself, and refused. Mended, it is an example like others.
type staleExample struct {
	status, says string   // the answer, and a part of it
	mend         []string // old text, new text, ...
	reason       string
}

var staleExamples = map[string]staleExample{
	"2024-05-01-preview_GetChatCompletions_AudioModality": {
		"422", `"target":"/messages/1/content/0/type"`,
		[]string{`"audio_input"`, `"input_audio"`, `"mime_type": "audio/wav"`, `"format": "wav"`},
		"Written before the part was named input_audio. No version of the interface defines audio_input.",
	},
	"2024-05-01-preview_GetChatCompletions_MaximumSet": {
		"502", `"code":"UpstreamInvalid"`, []string{`"stream": true`, `"stream": false`},
		"It asks for a stream, and its endpoint answers with one body. A reader of streams could not read it.",
	},
}
