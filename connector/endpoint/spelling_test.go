package endpoint

import "testing"

// However a place is spelled, its address is one: limits count by it.
func TestSpellingsOfAnAddress(t *testing.T) {
	for want, spellings := range map[string][]string{
		"https://team.services.ai.azure.com/models": {
			"https://team.services.ai.azure.com/models", "https://team.services.ai.azure.com", "https://team.services.ai.azure.com//",
			"HTTPS://TEAM.Services.AI.azure.com/models/", "https://team.services.ai.azure.com:443/models", "https://team.services.ai.azure.com:/models",
			"https://team.services.ai.azure.com//models///", "https://team.services.ai.azure.com/%6dodels", "https://team.services.ai.azure.com/%6Dodels",
			"https://team.services.ai.azure.com/models//chat//completions/?api-version=2025-04-01", "https://team.services.ai.azure.com/models/embeddings",
			"https://team.services.ai.azure.com/models/info?api-version=2025-04-01",
		},
		"https://gateway.example.com:8443/a%2Fb/%C3%A9~;x=1,2": {
			"https://gateway.example.com:8443/a%2Fb/%C3%A9~;x=1,2", "https://gateway.example.com:8443/a%2fb//%c3%A9%7e;x=1,2/",
		},
		"https://gateway.example.com/%C3%A9": {"https://gateway.example.com/é", "https://gateway.example.com/%c3%A9"},
		"https://gateway.example.com/Models": {"https://gateway.example.com/Models", "https://gateway.example.com:443/%4Dodels"},
		"http://localhost/v1":                {"http://localhost/v1", "http://LocalHost:80/v1/", "http://localhost:/v1"},
		"http://localhost:443":               {"http://localhost:443", "http://localhost:443/"},
		"https://localhost:80":               {"https://localhost:80/"},
		"http://[::1]/v1":                    {"http://[::1]/v1", "http://[::1]:80/v1"},
		"https://[::1]:444":                  {"https://[::1]:444"},
	} {
		for _, spelling := range spellings {
			if got := newEndpoint(t, Config{URL: spelling, Egress: Egress{TrustLoopback: true}}).Address(); got != want {
				t.Errorf("%s: got %s, want %s", spelling, got, want)
			}
		}
	}
}

// A bare address is completed where its host has one path only, and never where the family is told otherwise.
func TestBareAddress(t *testing.T) {
	for name, test := range map[string]struct{ url, family, want string }{
		"known host":               {"https://team.services.ai.azure.com", "ai-services", "https://team.services.ai.azure.com/models"},
		"known host, another path": {"https://team.services.ai.azure.com/api/models", "ai-services", "https://team.services.ai.azure.com/api/models"},
		"another family":           {"https://team.services.ai.azure.com", "azure-openai", "https://team.services.ai.azure.com"},
		"another host":             {"https://gateway.example.com", "ai-services", "https://gateway.example.com"},
		"GitHub":                   {"https://models.github.ai/", "github-models", "https://models.github.ai/inference"},
		"GitHub, old":              {"https://models.inference.ai.azure.com/", "github-models", "https://models.inference.ai.azure.com"},
		"GitHub, elsewhere":        {"https://gateway.example.com/", "github-models", "https://gateway.example.com"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := newEndpoint(t, Config{URL: test.url, Family: test.family}).Address(); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
