package endpoint

import (
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// A stated family wins over the address.
func TestStatedFamily(t *testing.T) {
	for _, name := range Families() {
		e := newEndpoint(t, Config{URL: "https://team.services.ai.azure.com/models", Family: name})
		if e.Family() != name {
			t.Errorf("got %s, want %s", e.Family(), name)
		}
	}
}

// An unknown family is told together with what is wrong with the address.
func TestUnknownFamily(t *testing.T) {
	_, err := New(Config{URL: "http://user@example.com/v1", Family: "bedrock"})
	if err == nil {
		t.Fatal("got no error")
	}
	for _, want := range append(Families(), "family must be one of", noUser, noPlainHTTP) {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("got %q, want %q in it", err, want)
		}
	}
}

func TestOneModel(t *testing.T) {
	for url, want := range map[string]bool{
		"https://phi.eastus2.models.ai.azure.com":                 true,
		"https://phi.eastus2.inference.ml.azure.com":              true,
		"https://team.services.ai.azure.com/openai/deployments/g": true,
		"https://models.github.ai/inference":                      false,
		"https://models.inference.ai.azure.com":                   false,
		"https://team.openai.azure.com/openai/deployments/gpt":    true,
		"https://gateway.example.com/x/openai/deployments/gpt/":   true,
		"https://team.openai.azure.com":                           false,
		"https://team.openai.azure.com/openai/v1":                 false,
		"https://team.services.ai.azure.com/models":               false,
		"https://gateway.example.com/openai/deployments":          false,
		"https://api.openai.com/v1/chat/completions?api-version":  false,
	} {
		if got := newEndpoint(t, Config{URL: url}).OneModel(); got != want {
			t.Errorf("%s: got %t, want %t", url, got, want)
		}
	}
}

// The whole URL of every operation, by family.
func TestTarget(t *testing.T) {
	type bases map[string]string // URL by family
	for family, test := range map[string]struct {
		url  string
		want bases // by operation
	}{
		"serverless": {"https://phi.eastus2.models.ai.azure.com/", bases{
			"/chat/completions": "/chat/completions?api-version=2024-05-01-preview", "/completions": "/completions?api-version=2024-05-01-preview",
			"/embeddings": "/embeddings?api-version=2024-05-01-preview", "/images/embeddings": "/images/embeddings?api-version=2024-05-01-preview",
		}},
		"ai-services": {"https://team.services.ai.azure.com/models/", bases{
			"/chat/completions": "/models/chat/completions?api-version=2024-05-01-preview", "/completions": "/models/completions?api-version=2024-05-01-preview",
			"/embeddings": "/models/embeddings?api-version=2024-05-01-preview", "/images/embeddings": "/models/images/embeddings?api-version=2024-05-01-preview",
		}},
		"azure-openai": {"https://team.openai.azure.com/", bases{
			"/chat/completions": "/openai/deployments/m/chat/completions?api-version=2024-10-21", "/completions": "/openai/deployments/m/completions?api-version=2024-10-21",
			"/embeddings": "/openai/deployments/m/embeddings?api-version=2024-10-21",
		}},
		"managed-online": {"https://phi.eastus2.inference.ml.azure.com/", bases{
			"/chat/completions": "/chat/completions?api-version=2024-05-01-preview", "/completions": "/completions?api-version=2024-05-01-preview",
			"/embeddings": "/embeddings?api-version=2024-05-01-preview", "/images/embeddings": "/images/embeddings?api-version=2024-05-01-preview",
		}},
		"github-models": {"https://models.github.ai/orgs/acme/inference", bases{
			"/chat/completions": "/orgs/acme/inference/chat/completions?api-version=2024-05-01-preview",
			"/embeddings":       "/orgs/acme/inference/embeddings?api-version=2024-05-01-preview",
		}},
		"openai-compatible": {"https://api.openai.com/v1/", bases{
			"/chat/completions": "/v1/chat/completions", "/completions": "/v1/completions", "/embeddings": "/v1/embeddings",
		}},
	} {
		e := newEndpoint(t, Config{URL: test.url, Family: family})
		for operation, want := range test.want {
			got := e.target(&connector.Request{Action: post(operation), Model: "m", Body: document(t, "{}")})
			if got.RequestURI() != want || got.Host != e.Host() || got.Scheme != "https" {
				t.Errorf("%s: got %s, want %s", family, got, want)
			}
		}
	}
}
