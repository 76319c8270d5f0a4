package endpoint

import (
	"net/netip"
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
	noUser      = "endpoint must not hold a user name or password"
	noQuery     = "endpoint must not have a query"
	noFragment  = "endpoint must not have a fragment"
	notHTTPS    = "endpoint must begin with https://"
	noPlainHTTP = notHTTPS + "; egress.allowPlainHttp permits http"
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
		"http":                 {"http://example.com/v1", []string{noPlainHTTP}},
		"another scheme":       {"ftp://example.com/v1", []string{notHTTPS}},
		"address":              {"https://192.0.2.7/v1", []string{noAddress}},
		"IPv6 address":         {"https://[2001:db8::7]:8443/v1", []string{noAddress}},
		"mapped address":       {"https://[::ffff:10.0.0.1]/v1", []string{noAddress}},
		"metadata service":     {"https://169.254.169.254/v1", []string{noAddress}},
		"loopback":             {"http://127.0.0.1:11434/v1", []string{noPlainHTTP, noAddress}},
		"all at once": {"http://user:hidden@10.0.0.1/v1?code=hidden#hidden",
			[]string{noUser, noQuery, noFragment, noPlainHTTP, noAddress}},
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

// What an operator opted in to is no problem.
func TestAddressOptIn(t *testing.T) {
	private := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	platform := []netip.Prefix{netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("168.63.0.0/16")}
	for name, test := range map[string]struct {
		url    string
		egress Egress
		want   string // "" for no problem
	}{
		"http":                           {"http://example.com/v1", Egress{AllowPlainHTTP: true}, ""},
		"address":                        {"https://10.1.2.3/v1", Egress{AllowCIDRs: private}, ""},
		"mapped address":                 {"https://[::ffff:10.1.2.3]/v1", Egress{AllowCIDRs: private}, ""},
		"both":                           {"http://10.1.2.3/v1", Egress{AllowPlainHTTP: true, AllowCIDRs: private}, ""},
		"another address":                {"https://192.168.0.1/v1", Egress{AllowCIDRs: private}, noAddress},
		"http to an allowed address":     {"http://10.1.2.3/v1", Egress{AllowCIDRs: private}, noPlainHTTP},
		"metadata service":               {"https://169.254.169.254/v1", Egress{AllowCIDRs: platform}, noAddress},
		"platform service":               {"https://168.63.129.16/v1", Egress{AllowCIDRs: platform}, noAddress},
		"trusted loopback":               {"http://127.0.0.1:8080/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, another":      {"http://127.8.8.8/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, name":         {"http://localhost/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, IPv6":         {"http://[::1]/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, mapped":       {"http://[::ffff:127.0.0.1]/v1", Egress{TrustLoopback: true}, ""},
		"no loopback name":               {"http://localhost.example.com/v1", Egress{TrustLoopback: true}, noPlainHTTP},
		"unspecified is no loopback":     {"https://0.0.0.0/v1", Egress{TrustLoopback: true}, noAddress},
		"another scheme to the loopback": {"ftp://localhost/v1", Egress{TrustLoopback: true}, notHTTPS},
		"loopback that is not trusted":   {"http://localhost/v1", Egress{}, noPlainHTTP},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Config{URL: test.url, Egress: test.egress})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
