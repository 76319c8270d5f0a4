package emulator

import "net/http"

// aiServices is Azure AI Services, also called Foundry: many models behind one address.
var aiServices = &family{
	name:        "ai-services",
	bases:       []string{"/models"},
	list:        "/models",
	models:      listModels,
	modelInfo:   true,
	versioned:   true,
	credentials: []credential{apiKey, bearer},
	model:       byHeaderOrBody,
	words:       aiServicesWords,
}

func aiServicesWords(r *http.Request, p *problem) refusal {
	switch p.reason {
	case noKey, wrongKey:
		return azureKeyWords(p)
	case promptFiltered:
		return filtered(nil)
	case parameterUnsupported, messageUnsupported:
		return notSupported([]object{{"loc": p.loc, "input": p.value}})
	}
	return nativeWords(r, p)
}
