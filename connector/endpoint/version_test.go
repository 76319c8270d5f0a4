package endpoint

import (
	"testing"

	"inferenceconnector/schema"
)

// The deployment's version wins, then the address's, then the caller's where that means the same thing.
func TestAPIVersion(t *testing.T) {
	const (
		services = "https://team.services.ai.azure.com/models"
		azure    = "https://team.openai.azure.com"
		openAI   = "https://api.openai.com/v1"
	)
	for name, test := range map[string]struct{ url, configured, callers, want string }{
		"family's":                       {services, "", "", "2024-05-01-preview"},
		"caller's":                       {services, "", "2025-04-01", "2025-04-01"},
		"caller's with hostile text":     {services, "", "1&model=x#/", "1&model=x#/"},
		"address's":                      {services + "/info?api-version=2025-05-01", "", "2025-04-01", "2025-05-01"},
		"configured":                     {services + "/info?api-version=2025-05-01", "2024-04-01-preview", "2025-04-01", "2024-04-01-preview"},
		"Azure OpenAI, family's":         {azure, "", "", "2024-10-21"},
		"Azure OpenAI, not the caller's": {azure, "", "2025-04-01", "2024-10-21"},
		"Azure OpenAI, address's":        {azure + "/openai/deployments/d/chat/completions?api-version=2024-06-01", "", "2025-04-01", "2024-06-01"},
		"Azure OpenAI, configured":       {azure, "2024-12-01-preview", "2025-04-01", "2024-12-01-preview"},
		"OpenAI has none":                {openAI, "", "2025-04-01", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, Config{URL: test.url, APIVersion: test.configured})
			r := chat(t, plainChat)
			r.APIVersion = test.callers
			query := e.target(r).Query()
			if got := query.Get("api-version"); got != test.want || query.Has("model") || len(query["api-version"]) > 1 {
				t.Errorf("got %v, want api-version %q", query, test.want)
			}
		})
	}
}

// A caller's version is sent where the endpoint's family numbers versions as the caller's dialect does.
func TestNumbering(t *testing.T) {
	const callers, inference, azure = "2025-04-01", "2024-05-01-preview", "2024-10-21"
	for url, want := range map[string]map[schema.Dialect]string{
		"https://phi.eastus2.models.ai.azure.com":                 {schema.Inference: callers, schema.AzureOpenAI: inference, schema.OpenAI: inference},
		"https://phi.eastus2.inference.ml.azure.com":              {schema.Inference: callers, schema.AzureOpenAI: inference, schema.OpenAI: inference},
		"https://team.services.ai.azure.com/models":               {schema.Inference: callers, schema.AzureOpenAI: inference, schema.OpenAI: inference},
		"https://models.github.ai/inference":                      {schema.Inference: callers, schema.AzureOpenAI: inference, schema.OpenAI: inference},
		"https://models.inference.ai.azure.com":                   {schema.Inference: callers, schema.AzureOpenAI: inference, schema.OpenAI: inference},
		"https://team.openai.azure.com":                           {schema.Inference: azure, schema.AzureOpenAI: callers, schema.OpenAI: azure},
		"https://team.services.ai.azure.com/openai/deployments/d": {schema.Inference: azure, schema.AzureOpenAI: callers, schema.OpenAI: azure},
		"https://team.cognitiveservices.azure.com/openai":         {schema.Inference: azure, schema.AzureOpenAI: callers, schema.OpenAI: azure},
		"https://team.openai.azure.com/openai/v1":                 {schema.Inference: "", schema.AzureOpenAI: "", schema.OpenAI: ""},
		"https://api.openai.com/v1":                               {schema.Inference: "", schema.AzureOpenAI: "", schema.OpenAI: ""},
	} {
		e := newEndpoint(t, Config{URL: url})
		for dialect, want := range want {
			r := chat(t, plainChat)
			r.Action.Dialect, r.APIVersion = dialect, callers
			if got := e.target(r).Query().Get("api-version"); got != want {
				t.Errorf("%s to %s: got %q, want %q", dialect, url, got, want)
			}
		}
	}
}
