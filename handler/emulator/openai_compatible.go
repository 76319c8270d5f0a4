package emulator

import (
	"fmt"
	"net/http"
)

// openAI is OpenAI itself, and all who speak as it does.
var openAI = &family{
	name:        "openai-compatible",
	bases:       []string{"/v1"},
	list:        "/v1/models",
	models:      listModels,
	credentials: []credential{bearer},
	model:       byBody,
	openAI:      true,
	words:       openAIWords,
}

func openAIWords(r *http.Request, p *problem) refusal {
	const invalid = "invalid_request_error"
	switch p.reason {
	case noKey:
		return typed(http.StatusUnauthorized, invalid, "", "", "You didn't provide an API key. Send it as Authorization: Bearer YOUR_KEY.")
	case wrongKey:
		return typed(http.StatusUnauthorized, invalid, "", "invalid_api_key", "Incorrect API key provided.")
	case noRoute:
		return typed(http.StatusNotFound, invalid, "", "", fmt.Sprintf("Invalid URL (%s %s)", r.Method, r.URL.Path))
	case noModel:
		return typed(http.StatusBadRequest, invalid, "", "", "you must provide a model parameter")
	case unknownModel:
		return typed(http.StatusNotFound, invalid, "", "model_not_found",
			fmt.Sprintf("The model `%.64s` does not exist or you do not have access to it.", p.about))
	case notOfModel:
		return typed(http.StatusNotFound, invalid, "model", "", "This model is not supported in the v1"+p.asked.path+" endpoint.")
	case promptFiltered:
		return typed(http.StatusBadRequest, invalid, "prompt", "content_filter", "The response was filtered")
	case parameterUnsupported:
		return typed(http.StatusBadRequest, invalid, p.parameter(), "unsupported_parameter",
			fmt.Sprintf("Unsupported parameter: '%s' is not supported with this model.", p.parameter()))
	case messageUnsupported:
		return typed(http.StatusBadRequest, invalid, p.parameter(), "unsupported_value",
			fmt.Sprintf("Unsupported value: '%s' does not support '%.64s' with this model.", p.parameter(), p.about))
	case overLimit:
		return typed(http.StatusTooManyRequests, "requests", "", "rate_limit_exceeded",
			"Rate limit reached for requests. Please try again in "+limitWait+"s.").with("x-ratelimit-reset-requests", limitWait+"s")
	case outOfService:
		return typed(http.StatusServiceUnavailable, "server_error", "", "", "The engine is currently overloaded, please try again later").
			with("Retry-After", outageWait)
	}
	return typed(p.status, invalid, "", "", p.text)
}
