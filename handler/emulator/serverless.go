package emulator

import "net/http"

// serverless is a model deployed as a serverless API: one model at an address of its own. A real one ignores
// model; here it chooses the deployment all the same.
var serverless = &family{
	name:        "serverless",
	bases:       []string{""},
	modelInfo:   true,
	versioned:   true,
	credentials: []credential{bearer},
	model:       byHeaderOrBodyIfAny,
	wholeCalls:  true,
	words:       serverlessWords,
}

func serverlessWords(r *http.Request, p *problem) refusal {
	switch p.reason {
	case noKey:
		return coded(http.StatusBadRequest, "Bad Request", "Missing Authorization header")
	case wrongKey:
		return coded(http.StatusUnauthorized, "Unauthorized", "auth token validation failed")
	case noRoute, notOfModel: // the model's server has no such route
		return flat(http.StatusNotFound, "Not Found", "Resource not found")
	case promptFiltered:
		return refusal{status: http.StatusBadRequest, body: object{"status": http.StatusBadRequest, "code": "content_filter",
			"message": "The response was filtered", "param": "messages", "type": nil}}
	case parameterUnsupported:
		return notSupported(object{"loc": p.loc, "input": p.value})
	case messageUnsupported: // the other spelling of the same pages
		return notSupported(object{"loc": p.loc, "value": p.value})
	case overLimit:
		return flatLimit()
	}
	return nativeWords(r, p)
}
