package endpoint

import (
	"net/http"
	"strings"

	"inferenceconnector/connector"
)

// gitHubModels is GitHub Models: many models for whoever has a token, at a new and an old address.
var gitHubModels = family{
	name:      "github-models",
	hosts:     map[string]string{"models.github.ai": "/inference", "models.inference.ai.azure.com": ""},
	path:      below,
	authorize: bearer,
	headers: func(header http.Header, _ *connector.Request) {
		header["X-Github-Api-Version"] = []string{"2022-11-28"}
	},
	apiVersion:  "2024-05-01-preview",
	modelInBody: true,
	passThrough: true,
	probe: func(base string) string {
		root, isNew := strings.CutSuffix(base, "/inference")
		if !isNew {
			return base + "/models"
		}
		root, _, _ = strings.Cut(root, "/orgs/") // an organization has no catalog of its own
		return root + "/catalog/models"
	},
}
