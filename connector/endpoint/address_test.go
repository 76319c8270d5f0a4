package endpoint

import (
	"strings"
	"testing"
)

// Where a URL leads: its family, its host and the whole URL of a chat completion.
func TestAddress(t *testing.T) {
	for name, test := range map[string]struct{ url, family, host, chat string }{
		"AI Services": {"https://team.services.ai.azure.com/models", "ai-services", "team.services.ai.azure.com",
			"https://team.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"},
		"AI Services, newer path": {"https://team.services.ai.azure.com/api/models", "ai-services", "team.services.ai.azure.com",
			"https://team.services.ai.azure.com/api/models/chat/completions?api-version=2024-05-01-preview"},
		"AI Services, bare": {"https://team.services.ai.azure.com/", "ai-services", "team.services.ai.azure.com",
			"https://team.services.ai.azure.com/models/chat/completions?api-version=2024-05-01-preview"},
		"AI Services, Azure OpenAI's path": {"https://team.services.ai.azure.com/openai/deployments/d", "azure-openai", "team.services.ai.azure.com",
			"https://team.services.ai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"},
		"managed online": {"https://phi.eastus2.inference.ml.azure.com/", "managed-online", "phi.eastus2.inference.ml.azure.com",
			"https://phi.eastus2.inference.ml.azure.com/chat/completions?api-version=2024-05-01-preview"},
		"managed online, /v1": {"https://phi.eastus2.inference.ml.azure.com/v1", "managed-online", "phi.eastus2.inference.ml.azure.com",
			"https://phi.eastus2.inference.ml.azure.com/v1/chat/completions?api-version=2024-05-01-preview"},
		"GitHub": {"https://models.github.ai/inference", "github-models", "models.github.ai",
			"https://models.github.ai/inference/chat/completions?api-version=2024-05-01-preview"},
		"GitHub, bare": {"https://models.github.ai", "github-models", "models.github.ai",
			"https://models.github.ai/inference/chat/completions?api-version=2024-05-01-preview"},
		"GitHub, organization": {"https://models.github.ai/orgs/acme/inference/chat/completions", "github-models", "models.github.ai",
			"https://models.github.ai/orgs/acme/inference/chat/completions?api-version=2024-05-01-preview"},
		"GitHub, old": {"https://models.inference.ai.azure.com", "github-models", "models.inference.ai.azure.com",
			"https://models.inference.ai.azure.com/chat/completions?api-version=2024-05-01-preview"},
		"serverless, below GitHub's old host": {"https://x.models.inference.ai.azure.com", "serverless", "x.models.inference.ai.azure.com",
			"https://x.models.inference.ai.azure.com/chat/completions?api-version=2024-05-01-preview"},
		"unknown host, below GitHub's": {"https://x.models.github.ai", "openai-compatible", "x.models.github.ai",
			"https://x.models.github.ai/chat/completions"},
		"AI Services, target address": {"https://team.services.ai.azure.com/models/chat/completions?api-version=2025-04-01", "ai-services",
			"team.services.ai.azure.com", "https://team.services.ai.azure.com/models/chat/completions?api-version=2025-04-01"},
		"serverless": {"https://phi.eastus2.models.ai.azure.com", "serverless", "phi.eastus2.models.ai.azure.com",
			"https://phi.eastus2.models.ai.azure.com/chat/completions?api-version=2024-05-01-preview"},
		"serverless, older host": {"https://phi.eastus2.inference.ai.azure.com/", "serverless", "phi.eastus2.inference.ai.azure.com",
			"https://phi.eastus2.inference.ai.azure.com/chat/completions?api-version=2024-05-01-preview"},
		"serverless, /v1": {"https://phi.eastus2.models.ai.azure.com/v1/chat/completions", "serverless", "phi.eastus2.models.ai.azure.com",
			"https://phi.eastus2.models.ai.azure.com/v1/chat/completions?api-version=2024-05-01-preview"},
		"Azure OpenAI": {"https://team.openai.azure.com/", "azure-openai", "team.openai.azure.com",
			"https://team.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21"},
		"Azure OpenAI, /openai": {"https://team.openai.azure.com/openai/", "azure-openai", "team.openai.azure.com",
			"https://team.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21"},
		"Azure OpenAI, no deployment": {"https://team.openai.azure.com/openai/deployments/", "azure-openai", "team.openai.azure.com",
			"https://team.openai.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21"},
		"Azure OpenAI, other host": {"https://team.cognitiveservices.azure.com", "azure-openai", "team.cognitiveservices.azure.com",
			"https://team.cognitiveservices.azure.com/openai/deployments/m/chat/completions?api-version=2024-10-21"},
		"Azure OpenAI, fixed": {"https://team.openai.azure.com/openai/deployments/gpt-4o", "azure-openai", "team.openai.azure.com",
			"https://team.openai.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21"},
		"Azure OpenAI, target address": {
			"https://team.cognitiveservices.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview",
			"azure-openai", "team.cognitiveservices.azure.com",
			"https://team.cognitiveservices.azure.com/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview"},
		"Azure OpenAI, target address of embeddings": {
			"https://team.openai.azure.com/openai/deployments/ada/embeddings?api-version=2023-05-15", "azure-openai", "team.openai.azure.com",
			"https://team.openai.azure.com/openai/deployments/ada/chat/completions?api-version=2023-05-15"},
		"Azure, /openai/v1": {"https://team.openai.azure.com/openai/v1/", "openai-compatible", "team.openai.azure.com",
			"https://team.openai.azure.com/openai/v1/chat/completions"},
		"Azure, target address in /openai/v1": {"https://team.services.ai.azure.com/openai/v1/chat/completions?api-version=preview",
			"openai-compatible", "team.services.ai.azure.com", "https://team.services.ai.azure.com/openai/v1/chat/completions"},
		"OpenAI": {"https://api.openai.com/v1", "openai-compatible", "api.openai.com", "https://api.openai.com/v1/chat/completions"},
		"unknown host, /models": {"https://gateway.example.com/team/models/", "ai-services", "gateway.example.com",
			"https://gateway.example.com/team/models/chat/completions?api-version=2024-05-01-preview"},
		"unknown host, /openai/deployments": {"https://gateway.example.com/x/openai/deployments/d", "azure-openai", "gateway.example.com",
			"https://gateway.example.com/x/openai/deployments/d/chat/completions?api-version=2024-10-21"},
		"unknown host": {"https://gateway.example.com", "openai-compatible", "gateway.example.com", "https://gateway.example.com/chat/completions"},
		"local":        {"http://LOCALHOST:11434/v1", "openai-compatible", "localhost:11434", "http://localhost:11434/v1/chat/completions"},
		"local, IPv6":  {"http://[::1]:11434/v1", "openai-compatible", "[::1]:11434", "http://[::1]:11434/v1/chat/completions"},
		"letter case, port and slashes": {"HTTPS://Team.Services.AI.Azure.com:8443/models//", "ai-services", "team.services.ai.azure.com:8443",
			"https://team.services.ai.azure.com:8443/models/chat/completions?api-version=2024-05-01-preview"},
		"escapes in the path": {"https://gateway.example.com/a%2Fb/%C3%A9", "openai-compatible", "gateway.example.com",
			"https://gateway.example.com/a%2Fb/%C3%A9/chat/completions"},
		"a name that only ends like a known host": {"https://evilopenai.azure.com/v1", "openai-compatible", "evilopenai.azure.com",
			"https://evilopenai.azure.com/v1/chat/completions"},
		"a known host with something behind it": {"https://team.openai.azure.com.example.org/v1", "openai-compatible",
			"team.openai.azure.com.example.org", "https://team.openai.azure.com.example.org/v1/chat/completions"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, Config{URL: test.url, Egress: Egress{TrustLoopback: true}})
			if e.Family() != test.family || e.Host() != test.host {
				t.Errorf("got %s at %s, want %s at %s", e.Family(), e.Host(), test.family, test.host)
			}
			if got := e.target(chat(t, plainChat)).String(); got != test.chat {
				t.Errorf("got %s, want %s", got, test.chat)
			}
		})
	}
}

const (
	notWhole    = "endpoint must be a whole URL"
	noUser      = "endpoint must not hold a user name or password; a key goes into authentication"
	noQuery     = "endpoint must not have a query"
	noFragment  = "endpoint must not have a fragment"
	notHTTPS    = "endpoint must begin with https://"
	noPlainHTTP = notHTTPS + "; egress.allowPlainHttp permits http"
	noSuchPort  = "endpoint must have a port between 1 and 65535, or none"
	noClimbing  = "endpoint must not have . or .. in its path"
	noAddress   = "endpoint must be a host name; egress.allowCidrs permits"
)

// Every problem of a URL is told at once, and none repeats what may be secret.
func TestAddressRefused(t *testing.T) {
	for name, test := range map[string]struct {
		url  string
		want []string
	}{
		"nothing":              {"", []string{notWhole}},
		"host only":            {"hidden.example.com", []string{notWhole}},
		"path only":            {"/hidden", []string{notWhole}},
		"no host":              {"https:///hidden", []string{notWhole}},
		"port only":            {"https://:443/hidden", []string{notWhole}},
		"opaque":               {"https:hidden.example.com", []string{notWhole}},
		"bad port":             {"https://hidden.example.com:hidden", []string{notWhole}},
		"bad escape":           {"https://example.com/%hidden", []string{notWhole}},
		"control character":    {"https://example.com/hidden\n", []string{notWhole}},
		"blank in the host":    {"https://hidden example.com", []string{notWhole}},
		"user":                 {"https://hidden@example.com", []string{noUser}},
		"user and password":    {"https://user:hidden@example.com/v1", []string{noUser}},
		"query":                {"https://example.com/v1?code=hidden", []string{noQuery}},
		"api-version":          {"https://example.com/models?api-version=2024-05-01-preview", []string{noQuery + "; an api-version goes into apiVersion"}},
		"empty query":          {"https://example.com/v1?", []string{noQuery}},
		"query of a target":    {"https://example.com/v1/chat/completions?code=hidden&api-version=2024-10-21", []string{noQuery}},
		"fragment":             {"https://example.com/v1#hidden", []string{noFragment}},
		"fragment of a target": {"https://example.com/v1/chat/completions?api-version=2024-10-21#hidden", []string{noFragment}},
		"port too high":        {"https://example.com:65536/v1", []string{noSuchPort}},
		"port 0":               {"https://example.com:0/v1", []string{noSuchPort}},
		"endless port":         {"https://example.com:99999999999999999999/v1", []string{noSuchPort}},
		"way up":               {"https://example.com/hidden/../v1", []string{noClimbing}},
		"escaped way up":       {"https://example.com/hidden/%2E%2e/v1", []string{noClimbing}},
		"way nowhere":          {"https://example.com/./hidden", []string{noClimbing}},
		"http":                 {"http://example.com/v1", []string{noPlainHTTP}},
		"another scheme":       {"ftp://example.com/v1", []string{notHTTPS}},
		"address":              {"https://192.0.2.7/v1", []string{noAddress}},
		"IPv6 address":         {"https://[2001:db8::7]:8443/v1", []string{noAddress}},
		"mapped address":       {"https://[::ffff:10.0.0.1]/v1", []string{noAddress}},
		"metadata service":     {"https://169.254.169.254/v1", []string{noAddress}},
		"loopback":             {"http://127.0.0.1:11434/v1", []string{noPlainHTTP, noAddress}},
		"all at once": {"http://user:hidden@10.0.0.1/../v1?code=hidden#hidden",
			[]string{noUser, noQuery, noFragment, noClimbing, noPlainHTTP, noAddress}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Config{URL: test.url})
			if err == nil {
				t.Fatal("got no error")
			}
			lines := strings.Split(err.Error(), "\n")
			if len(lines) != len(test.want) || strings.Contains(err.Error(), "hidden") {
				t.Fatalf("got %q, want %q", lines, test.want)
			}
			for i, want := range test.want {
				if !strings.HasPrefix(lines[i], want) {
					t.Errorf("got %q, want %q", lines[i], want)
				}
			}
		})
	}
}

// What an address calls its version goes into a query, so it is a word or the address is refused.
func TestVersionOfAnAddress(t *testing.T) {
	const address = "https://team.services.ai.azure.com/models/chat/completions?api-version="
	for given, ok := range map[string]bool{"2024-05-01-preview": true, "preview": true, "": true, "1%26model%3Dx": false, "a+b": false, "1%2F..": false} {
		if _, err := New(Config{URL: address + given}); (err == nil) != ok {
			t.Errorf("%s: got %v, want it accepted: %t", given, err, ok)
		}
	}
}
