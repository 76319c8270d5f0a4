package emulator

import "net/http"

// managedOnline is an online endpoint on machines of its own: one model, in deployments that a header tells apart.
var managedOnline = &family{
	name:        "managed-online",
	bases:       []string{"/managed-online"},
	modelInfo:   true,
	versioned:   true,
	credentials: []credential{bearer},
	model:       byDeploymentHeader,
	wholeCalls:  true,
	words:       managedOnlineWords,
}

func managedOnlineWords(r *http.Request, p *problem) refusal {
	switch p.reason {
	case noKey, wrongKey:
		return flat(http.StatusUnauthorized, "Unauthorized", "The access token is missing or is not this endpoint's.")
	case noRoute, notOfModel: // the model's server has no such route
		return detailed(http.StatusFailedDependency, "Not Found")
	case unknownModel:
		return flat(http.StatusNotFound, "Not Found", unknownName(p))
	case promptFiltered:
		return numbered(http.StatusBadRequest, "Bad Request", "request input violates azure ai content safety setting.")
	case parameterUnsupported:
		refused := numbered(http.StatusUnprocessableEntity, "Invalid input", "invalid input error")
		refused.body["error"].(object)["details"] = []object{p.entry()}
		return refused
	case messageUnsupported: // the model's own server, which the endpoint's lets speak
		return detailed(http.StatusUnprocessableEntity, []object{p.entry()})
	case overLimit:
		return flatLimit()
	}
	return nativeWords(r, p)
}
