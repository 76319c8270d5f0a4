package endpoint

import (
	"net/url"
	"strings"
)

const azureDeployments = "/openai/deployments/"

// azureOpenAI is an Azure OpenAI resource, bare or fixed to one deployment by its path.
var azureOpenAI = family{
	name:  "azure-openai",
	hosts: []string{".openai.azure.com", ".cognitiveservices.azure.com"},
	path: func(base, operation, model string) string {
		if strings.Contains(base, azureDeployments) {
			return base + operation
		}
		return strings.TrimSuffix(base, "/openai") + azureDeployments + url.PathEscape(model) + operation
	},
	authorize:  apiKey,
	apiVersion: "2024-10-21",
	openAI:     true,
	probe: func(base string) string {
		resource, _, _ := strings.Cut(base+"/", "/openai/")
		return strings.TrimSuffix(resource, "/") + "/openai/models"
	},
}
