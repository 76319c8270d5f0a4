package endpoint

import (
	"net/url"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

const azureDeployments = "/openai/deployments/"

// azureOpenAI is an Azure OpenAI resource, bare or fixed to one deployment by its path.
var azureOpenAI = family{
	name:  "azure-openai",
	hosts: map[string]string{".openai.azure.com": "", ".cognitiveservices.azure.com": ""},
	path: func(base, operation, model string) string {
		if strings.Contains(base, azureDeployments) {
			return base + operation
		}
		resource := strings.TrimSuffix(strings.TrimSuffix(base, "/openai/deployments"), "/openai")
		return resource + azureDeployments + url.PathEscape(model) + operation
	},
	authorize: apiKey,
	scope:     cognitiveServices,
	unfit: func(r *connector.Request) string {
		if r.Model == "." || r.Model == ".." { // a path resolves these, escaped or not (S1)
			return "Correct the name of the model: there is none of that name."
		}
		return ""
	},
	apiVersion: "2024-10-21",
	numbering:  schema.AzureOpenAI,
	openAI:     true,
	probe: func(base string) string {
		resource, _, _ := strings.Cut(base+"/", "/openai/")
		return strings.TrimSuffix(resource, "/") + "/openai/models"
	},
}
