package emulator

import (
	"cmp"
	"net/http"
	"strings"
)

// The functions of this file are the ways in which families are told the deployment that is meant.

const theOnly = "echo" // the deployment of an endpoint that has one model

func byDeploymentHeader(r *http.Request, _ string) string {
	return cmp.Or(r.Header.Get("azureml-model-deployment"), theOnly)
}

func byHeaderOrBody(r *http.Request, inBody string) string {
	return cmp.Or(r.Header.Get("azureml-model-deployment"), r.Header.Get("x-ms-model-mesh-model-name"), inBody)
}

// byHeaderOrBodyIfAny serves the embedded default, which has one address for all of its deployments.
func byHeaderOrBodyIfAny(r *http.Request, inBody string) string {
	return cmp.Or(byHeaderOrBody(r, inBody), theOnly)
}

func byPath(r *http.Request, _ string) string { return r.PathValue("deployment") }

func byBody(_ *http.Request, inBody string) string { return inBody }

func (f *family) deployment(name string) (deployment, error) {
	if name == "" {
		return deployment{}, &problem{reason: noModel}
	}
	short := name
	if _, model, published := strings.Cut(name, "/"); published && f.publishers {
		short = model
	}
	for _, d := range deployments {
		if strings.EqualFold(d.name, short) {
			return d, nil
		}
	}
	return deployment{}, &problem{reason: unknownModel, about: name}
}
