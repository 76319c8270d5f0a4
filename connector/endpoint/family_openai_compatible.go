package endpoint

// openAICompatible is OpenAI itself and all who speak as it does: vLLM, Ollama, llama.cpp, /openai/v1 on Azure.
var openAICompatible = family{
	name:        "openai-compatible",
	path:        below,
	authorize:   bearer,
	modelInBody: true,
	openAI:      true,
	probe:       func(base string) string { return base + "/models" },
}
