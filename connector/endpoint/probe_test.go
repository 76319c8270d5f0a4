package endpoint

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// The cheapest call of each family, with its credential and nothing of a caller's.
func TestProbe(t *testing.T) {
	for name, test := range map[string]struct{ path, family, want string }{
		"serverless":            {"", "serverless", "/info?api-version=2024-05-01-preview"},
		"ai-services":           {"/models", "ai-services", "/models/info?api-version=2024-05-01-preview"},
		"azure-openai":          {"", "azure-openai", "/openai/models?api-version=2024-10-21"},
		"azure-openai, fixed":   {"/x/openai/deployments/d", "azure-openai", "/x/openai/models?api-version=2024-10-21"},
		"azure-openai, /openai": {"/openai", "azure-openai", "/openai/models?api-version=2024-10-21"},
		"managed-online":        {"", "managed-online", "/info?api-version=2024-05-01-preview"},
		"github-models":         {"/inference", "github-models", "/catalog/models?api-version=2024-05-01-preview"},
		"github-models, org":    {"/orgs/acme/inference", "github-models", "/catalog/models?api-version=2024-05-01-preview"},
		"github-models, old":    {"", "github-models", "/models?api-version=2024-05-01-preview"},
		"openai-compatible":     {"/v1", "openai-compatible", "/v1/models"},
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
			got, sound, err := e.Probe(t.Context())
			r := <-seen
			if err != nil || got != status || sound != strings.Contains(test.want, "/info?") || r.Method != http.MethodGet || r.RequestURI != test.want {
				t.Errorf("got %d, %v for %s %s, want %d for GET %s", got, err, r.Method, r.RequestURI, status, test.want)
			}
			if key := r.Header.Get("Api-Key") + r.Header.Get("Authorization"); !strings.HasSuffix(key, secretText) {
				t.Errorf("got header %v, want the key in it", r.Header)
			}
			status = http.StatusForbidden
			_, _, err = e.Probe(t.Context())
			wantCode(t, err, connector.UpstreamAuthFailed)
		})
	}
}
