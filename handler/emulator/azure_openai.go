package emulator

import (
	"cmp"
	"fmt"
	"net/http"
)

// azureOpenAI is an Azure OpenAI resource, whose paths name the deployment.
var azureOpenAI = &family{
	name:        "azure-openai",
	bases:       []string{"/openai/deployments/{deployment}"},
	others:      []string{"/openai"},
	list:        "/openai/models",
	models:      listModels,
	versioned:   true,
	credentials: []credential{apiKey},
	model:       byPath,
	openAI:      true,
	filters:     true,
	words:       azureOpenAIWords,
}

// azureOpenAIv1 is the same resource under the address where it is used as OpenAI is.
var azureOpenAIv1 = &family{
	name:        "openai-compatible",
	bases:       []string{"/openai/v1"},
	list:        "/openai/v1/models",
	models:      listModels,
	credentials: []credential{apiKey, bearer},
	model:       byBody,
	openAI:      true,
	filters:     true,
	words:       azureOpenAIWords,
}

func azureOpenAIWords(r *http.Request, p *problem) refusal {
	switch p.reason {
	case noKey, wrongKey:
		return azureKeyWords(p)
	case noVersion, noRoute: // a path without a version is none
		return coded(http.StatusNotFound, "404", "Resource not found")
	case unknownModel:
		return coded(http.StatusNotFound, "DeploymentNotFound", "The API deployment for this resource does not exist. "+
			"If you created the deployment within the last 5 minutes, please wait a moment and try again.")
	case notOfModel:
		return coded(http.StatusBadRequest, "OperationNotSupported", fmt.Sprintf("The %s operation does not work with the specified model, "+
			"emulator/%s. Please choose different model and try again.", p.asked.ability, p.about))
	case promptFiltered:
		return filtered(object{"innererror": object{
			"code": "ResponsibleAIPolicyViolation", "content_filter_result": promptVerdicts(violent)}})
	case overLimit:
		refused := coded(http.StatusTooManyRequests, "429", fmt.Sprintf("Requests to the %s Operation under "+
			"Azure OpenAI API version %s have exceeded token rate limit of your current OpenAI S0 pricing tier. "+
			"Please retry after %s seconds.", p.asked.operation, cmp.Or(version(r), "v1"), limitWait))
		refused.header = map[string]string{"retry-after": limitWait, "retry-after-ms": limitWait + "000"}
		return refused
	case outOfService:
		return coded(http.StatusServiceUnavailable, "503", "The emulator's deployment 'unavailable' is never there.").
			with("Retry-After", outageWait)
	}
	return openAIWords(r, p)
}
