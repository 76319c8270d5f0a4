package emulator

import "net/http"

// gitHubModels is GitHub Models: models of many publishers for whoever has a token.
var gitHubModels = &family{
	name:        "github-models",
	bases:       []string{"/inference", "/orgs/{org}/inference"},
	others:      []string{"/catalog"},
	list:        "/catalog/models",
	models:      listCatalog,
	credentials: []credential{bearer},
	model:       byBody,
	publishers:  true,
	words:       gitHubModelsWords,
}

func gitHubModelsWords(r *http.Request, p *problem) refusal {
	switch p.reason {
	case noKey, wrongKey:
		return explained(http.StatusUnauthorized, "unauthorized", "Bad credentials")
	case unknownModel:
		return explained(http.StatusNotFound, "unknown_model", unknownName(p)).with("Content-Type", "text/plain")
	case promptFiltered:
		return filtered(object{"inner_error": object{
			"code": "ResponsibleAIPolicyViolation", "content_filter_results": promptVerdicts(violent)}})
	case parameterUnsupported, messageUnsupported:
		return numbered(http.StatusUnprocessableEntity, "Invalid input", detailed(0, []object{p.entry()}).inText())
	}
	return nativeWords(r, p)
}
