package emulator

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
)

type route struct {
	method, path string
	serve        operation
}

// A shape is one form of address under which the same operations are served.
type shape struct {
	prefix   string
	fallback string // the deployment of a call that names none; empty: it must name one
}

func (c Config) routes() []route {
	routes := []route{{http.MethodGet, "/models", listModels}}
	for _, s := range []shape{
		{prefix: "", fallback: "echo"}, // serverless: one model behind one address
		{prefix: "/models"},            // AI Services
	} {
		routes = append(routes,
			route{http.MethodPost, s.prefix + "/chat/completions", c.chat(s)},
			route{http.MethodGet, s.prefix + "/info", modelInfo},
		)
	}
	return routes
}

// deployment finds the one a request is for: a header wins over the given name.
func (s shape) deployment(r *http.Request, name string) (deployment, error) {
	name = cmp.Or(
		r.Header.Get("azureml-model-deployment"),
		r.Header.Get("x-ms-model-mesh-model-name"),
		name,
		s.fallback,
	)
	if name == "" {
		f := refuse(http.StatusBadRequest, "no_model_name", "No model specified in request. "+
			"Please provide a model name in the request body or as a x-ms-model-mesh-model-name header.")
		f.detail["details"] = f.detail["message"]
		return deployment{}, f
	}
	for _, d := range deployments {
		if strings.EqualFold(d.name, name) {
			return d, nil
		}
	}
	f := refuse(http.StatusBadRequest, "unknown_model", fmt.Sprintf("Unknown model: %.64s", name))
	f.detail["details"] = nil
	f.header = map[string]string{"x-ms-error-code": "unknown_model"}
	return deployment{}, f
}
