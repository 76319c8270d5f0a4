package endpoint

import (
	"net/http"
	"strings"

	"inferenceconnector/connector"
)

// managedOnline is a managed online endpoint: one model, on machines of its own, in one deployment or more.
var managedOnline = family{
	name:      "managed-online",
	hosts:     map[string]string{".inference.ml.azure.com": ""},
	path:      below,
	authorize: bearer,
	scope:     machineLearning,
	headers: func(header http.Header, r *connector.Request) {
		if r.Routed && r.Model != "" {
			header["Azureml-Model-Deployment"] = []string{r.Model}
		}
	},
	unfit: func(r *connector.Request) string {
		if r.Routed && strings.ContainsFunc(r.Model, func(c rune) bool { return c < ' ' || c > '~' }) {
			return "Correct the name of the model: there is none of that name. This endpoint takes it in a header, where only plain ASCII characters can stand."
		}
		return ""
	},
	apiVersion:  "2024-05-01-preview",
	modelInBody: true,
	oneModel:    true,
	modelInfo:   true,
	passThrough: true,
	probe:       infoPath,
}
