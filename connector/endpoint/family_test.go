package endpoint

import (
	"net/http"
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
		"https://phi.eastus2.models.ai.azure.com":                true,
		"https://team.openai.azure.com/openai/deployments/gpt":   true,
		"https://gateway.example.com/x/openai/deployments/gpt/":  true,
		"https://team.openai.azure.com":                          false,
		"https://team.openai.azure.com/openai/v1":                false,
		"https://team.services.ai.azure.com/models":              false,
		"https://gateway.example.com/openai/deployments":         false,
		"https://api.openai.com/v1/chat/completions?api-version": false,
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

// GetModelInfo names its model in the query, and only where the family has it.
func TestTargetOfInfo(t *testing.T) {
	for name, test := range map[string]struct{ url, model, want string }{
		"one model":     {"https://phi.eastus2.models.ai.azure.com", "", "/info?api-version=2024-05-01-preview"},
		"a model":       {"https://team.services.ai.azure.com/models", "phi-4", "/models/info?api-version=2024-05-01-preview&model=phi-4"},
		"hostile model": {"https://team.services.ai.azure.com/models", "a&api-version=1#?/..", "/models/info?api-version=2024-05-01-preview&model=a%26api-version%3D1%23%3F%2F.."},
		"Azure OpenAI":  {"https://team.openai.azure.com", "m", ""},
		"OpenAI":        {"https://api.openai.com/v1", "m", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, Config{URL: test.url})
			r := &connector.Request{Action: getInfo, Model: test.model, Record: &connector.Record{}}
			_, err := e.Prepare(t.Context(), r)
			if test.want == "" {
				wantCode(t, err, connector.ModelInfoUnavailable)
			} else if got := e.target(r).RequestURI(); err != nil || got != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

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
		"OpenAI has none":                {openAI, "2024-12-01-preview", "2025-04-01", ""},
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

// The cheapest call of each family, with its credential and nothing of a caller's.
func TestProbe(t *testing.T) {
	for name, test := range map[string]struct{ path, family, want string }{
		"serverless":          {"", "serverless", "/info?api-version=2024-05-01-preview"},
		"ai-services":         {"/models", "ai-services", "/models/info?api-version=2024-05-01-preview"},
		"azure-openai":        {"", "azure-openai", "/openai/models?api-version=2024-10-21"},
		"azure-openai, fixed": {"/x/openai/deployments/d", "azure-openai", "/x/openai/models?api-version=2024-10-21"},
		"openai-compatible":   {"/v1", "openai-compatible", "/v1/models"},
	} {
		t.Run(name, func(t *testing.T) {
			seen := make(chan *http.Request, 1)
			status := http.StatusNotFound
			handler := func(w http.ResponseWriter, r *http.Request) {
				seen <- r
				w.WriteHeader(status)
			}
			e := serve(t, Config{}, handler)
			e = newEndpoint(t, Config{URL: "http://" + e.Host() + test.path, Family: test.family, Key: secret, Egress: Egress{TrustLoopback: true}})
			got, err := e.Probe(t.Context())
			r := <-seen
			if err != nil || got != status || r.Method != http.MethodGet || r.RequestURI != test.want {
				t.Errorf("got %d, %v for %s %s, want %d for GET %s", got, err, r.Method, r.RequestURI, status, test.want)
			}
			if key := r.Header.Get("Api-Key") + r.Header.Get("Authorization"); !strings.HasSuffix(key, secretText) {
				t.Errorf("got header %v, want the key in it", r.Header)
			}
			status = http.StatusForbidden
			_, err = e.Probe(t.Context())
			wantCode(t, err, connector.UpstreamAuthFailed)
		})
	}
}
