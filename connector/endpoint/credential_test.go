package endpoint

import (
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

const cognitiveScope = "https://cognitiveservices.azure.com/.default"

// bearerOnly is a model that takes one token, and no key.
func bearerOnly(t testing.TB, want string) http.HandlerFunc {
	t.Helper()
	return func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header["Authorization"]; !slices.Equal(got, []string{"Bearer " + want}) || r.Header["Api-Key"] != nil {
			t.Errorf("got %v with %v, want %s", got, r.Header["Api-Key"], want)
		}
		answer(`{}`)(w, r)
	}
}

// Every way in which an application can sign in: the authority checks what it is shown.
func TestApplication(t *testing.T) {
	file := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(file, []byte(federated), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, proof := range map[string]func(*IdentityConfig){
		"secret": func(c *IdentityConfig) { c.Secret = secret },
		"PEM":    func(c *IdentityConfig) { c.Certificate = connector.NewSecret(applicationPEM()) },
		"PFX": func(c *IdentityConfig) {
			c.Certificate, c.Password = connector.NewSecret(applicationPFX()), connector.NewSecret(testPassword)
		},
		"federated token": func(c *IdentityConfig) { c.FederatedTokenFile = file },
	} {
		t.Run(name, func(t *testing.T) {
			a := newAuthority(t)
			c := a.application()
			c.Secret = connector.Secret{}
			proof(&c)
			e := signedIn(t, c, bearerOnly(t, token(1)))
			for range 3 {
				if got := text(t, e.must(t, chat(t, plainChat))); got != `{}` {
					t.Errorf("got %s", got)
				}
			}
			asked := a.asked()
			if len(asked) != 1 {
				t.Fatalf("got %d requests for a token, want 1", len(asked))
			}
			if got := asked[0].Get("scope"); !strings.Contains(got, cognitiveScope) {
				t.Errorf("got scope %s", got)
			}
		})
	}
}

// The identities that platforms hand out, with the names by which a user-assigned one is asked for.
func TestManagedIdentity(t *testing.T) {
	const resource = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities/i"
	for name, test := range map[string]struct{ identity, parameter, onMachines string }{
		"system":      {"", "", ""},
		"client id":   {testClient, "client_id", "client_id"},
		"resource id": {resource, "mi_res_id", "msi_res_id"},
	} {
		c := IdentityConfig{Type: ManagedServiceIdentity, Identity: test.identity}
		check := func(t *testing.T, p *tokenPlatform, parameter string) {
			t.Helper()
			asked := p.asked()
			if len(asked) != 1 || asked[0].Get("resource") != "https://cognitiveservices.azure.com" {
				t.Fatalf("got %v", asked)
			}
			for _, other := range []string{"client_id", "mi_res_id", "msi_res_id", "object_id"} {
				if got := asked[0].Get(other); got != "" && other != parameter || other == parameter && got != test.identity {
					t.Errorf("got %s %q", other, got)
				}
			}
		}
		t.Run("App Service: "+name, func(t *testing.T) {
			p := appService(t)
			e := signedIn(t, c, bearerOnly(t, token(1)))
			text(t, e.must(t, chat(t, plainChat)))
			check(t, p, test.parameter)
		})
		t.Run("virtual machine: "+name, func(t *testing.T) {
			onPlatform(t, nil)
			p := &tokenPlatform{}
			server := httptest.NewServer(p)
			t.Cleanup(server.Close)
			e := signedIn(t, c, bearerOnly(t, token(1)))
			e.tokens.client.DialContext = dialTo(server.Listener.Addr().String())
			text(t, e.must(t, chat(t, plainChat)))
			check(t, p, test.onMachines)
		})
	}
}

// Default takes what the environment has. (Its audience is its own: azidentity keeps the tokens of managed
// identities for the whole process.)
func TestDefaultIdentity(t *testing.T) {
	p, audience := appService(t), "api://"+rand.Text()
	e := signedIn(t, IdentityConfig{Type: DefaultIdentity, Audience: audience}, bearerOnly(t, token(1)))
	text(t, e.must(t, chat(t, plainChat)))
	if asked := p.asked(); len(asked) != 1 || asked[0].Get("resource") != audience {
		t.Errorf("got %v", asked)
	}
}

// Streams and probes sign in as well.
func TestTokenOnStreamAndProbe(t *testing.T) {
	a := newAuthority(t)
	e := signedIn(t, a.application(), func(w http.ResponseWriter, r *http.Request) {
		if got := r.Header.Get("Authorization"); got != "Bearer "+token(1) {
			t.Errorf("%s: got %q", r.URL, got)
		}
		events("data: {}\n\n")(w, r)
	})
	if got := text(t, e.must(t, chat(t, streamedChat))); got != "data: {}\n\n"+done {
		t.Errorf("got %s", got)
	}
	if status, _, err := e.Probe(t.Context()); status != http.StatusOK || err != nil {
		t.Errorf("got %d, %v", status, err)
	}
}

// Whose tokens an endpoint takes, by its family; audience says otherwise.
func TestScope(t *testing.T) {
	const learning = "https://ml.azure.com/.default"
	for name, test := range map[string]struct{ url, family, audience, want string }{
		"serverless":             {"https://phi.eastus2.models.ai.azure.com", "", "", learning},
		"serverless, older":      {"https://phi.eastus2.inference.ai.azure.com", "", "", learning},
		"managed-online":         {"https://phi.eastus2.inference.ml.azure.com", "", "", learning},
		"ai-services":            {"https://team.services.ai.azure.com/models", "", "", cognitiveScope},
		"azure-openai":           {"https://team.openai.azure.com", "", "", cognitiveScope},
		"cognitive":              {"https://team.cognitiveservices.azure.com/openai/deployments/d", "", "", cognitiveScope},
		"openai-compatible":      {"https://team.openai.azure.com/openai/v1", "", "", cognitiveScope},
		"on a serverless host":   {"https://phi.eastus2.models.ai.azure.com/openai/v1", "", "", learning},
		"stated family":          {"https://gateway.example.com/x", "managed-online", "", learning},
		"audience":               {"https://gateway.example.com/v1", "", "api://models", "api://models/.default"},
		"audience with .default": {"https://team.openai.azure.com", "", "api://models/.default", "api://models/.default"},
	} {
		t.Run(name, func(t *testing.T) {
			c := IdentityConfig{Type: ManagedServiceIdentity, Audience: test.audience, Hosts: append([]string{"gateway.example.com"}, AzureHosts...)}
			e := newEndpoint(t, Config{URL: test.url, Family: test.family, Identity: newIdentity(t, c)})
			if e.tokens.scope != test.want {
				t.Errorf("got %s, want %s", e.tokens.scope, test.want)
			}
		})
	}
}

// Tokens go only where they may: nothing else becomes an Endpoint.
func TestNoPlaceForTokens(t *testing.T) {
	const (
		noGitHub = "authentication must be of the type Key: GitHub Models takes no tokens of Entra"
		noTLS    = "endpoint must begin with https://: tokens of Entra are sent only over TLS"
		noHost   = "endpoint must be at one of authentication.hosts"
		noOther  = "endpoint must be at one of *.models.ai.azure.com, *.inference.ai.azure.com, *.inference.ml.azure.com, *.services.ai.azure.com, " +
			"*.openai.azure.com, *.cognitiveservices.azure.com; authentication.hosts permits others"
		noScope = "authentication.audience is missing; say for whom the tokens are, as this endpoint is not known to be Azure's"
	)
	lines := func(all ...string) string { return strings.Join(all, "\n") }
	for name, test := range map[string]struct {
		url, family string
		hosts       []string
		want        string
	}{
		"GitHub":                   {"https://models.github.ai", "", nil, noGitHub},
		"GitHub's old host":        {"https://models.inference.ai.azure.com", "serverless", nil, noGitHub},
		"GitHub, stated":           {"https://team.services.ai.azure.com/models", "github-models", nil, noGitHub},
		"plain HTTP":               {"http://team.services.ai.azure.com/models", "", nil, noTLS},
		"loopback":                 {"http://localhost:11434/v1", "ai-services", nil, lines(noTLS, noOther)},
		"another host":             {"https://gateway.example.com/models", "", nil, noOther},
		"another port":             {"https://team.openai.azure.com:8443", "", nil, noOther},
		"only the end alike":       {"https://evilopenai.azure.com", "azure-openai", nil, noOther},
		"a host below":             {"https://openai.azure.com", "azure-openai", nil, noOther},
		"none of the hosts":        {"https://team.openai.azure.com", "", []string{"team.services.ai.azure.com"}, noHost},
		"an address":               {"https://127.0.0.1/models", "", []string{"localhost"}, noHost},
		"no Azure, without either": {"https://api.example.com/v1", "", nil, lines(noOther, noScope)},
		"no Azure, without whom":   {"https://api.example.com/v1", "", []string{"api.example.com"}, noScope},
	} {
		t.Run(name, func(t *testing.T) {
			i := newIdentity(t, IdentityConfig{Type: DefaultIdentity, Hosts: test.hosts})
			_, err := New(Config{URL: test.url, Family: test.family, Identity: i, Egress: Egress{AllowPlainHTTP: true, TrustLoopback: true}})
			if err == nil || err.Error() != test.want {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}
