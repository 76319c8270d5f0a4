package endpoint

import (
	"context"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"
)

const platformSecret = "platform-header-4711"

// A tokenPlatform is a double of what hands out the tokens of managed identities: App Service's, which Functions
// have, and that of virtual machines (IMDS).
type tokenPlatform struct {
	mu      sync.Mutex
	queries []url.Values
	instead http.HandlerFunc // answers, where it is set
	left    bool             // whoever asked was gone before the answer
}

func (p *tokenPlatform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.queries = append(p.queries, r.URL.Query())
	n, instead := len(p.queries), p.instead
	p.mu.Unlock()
	appService := r.URL.Path == "/msi/token" && r.Header.Get("X-Identity-Header") == platformSecret
	imds := r.Host == "169.254.169.254" && r.URL.Path == "/metadata/identity/oauth2/token" && r.Header.Get("Metadata") == "true"
	switch {
	case !appService && !imds:
		http.Error(w, `{"error":"no such place"}`, http.StatusBadRequest)
	case instead != nil:
		instead(w, r)
	default:
		p.hand(w, r, n)
	}
}

// hand hands out the nth token.
func (p *tokenPlatform) hand(w http.ResponseWriter, r *http.Request, n int) {
	reply(w, http.StatusOK, map[string]any{
		"access_token": token(n), "token_type": "Bearer", "resource": r.URL.Query().Get("resource"),
		"expires_on": strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10),
	})
}

// answer makes the platform answer otherwise, as it did before with nil.
func (p *tokenPlatform) answer(instead http.HandlerFunc) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.instead = instead
}

func (p *tokenPlatform) asked() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.queries
}

// onPlatform sets the variables of a platform, and unsets those of all others.
func onPlatform(t testing.TB, variables map[string]string) {
	t.Helper()
	for _, name := range []string{
		"IDENTITY_ENDPOINT", "IDENTITY_HEADER", "IDENTITY_SERVER_THUMBPRINT", "IMDS_ENDPOINT", "MSI_ENDPOINT", "MSI_SECRET", "AZURE_CLIENT_ID",
		"AZURE_TENANT_ID", "AZURE_CLIENT_SECRET", "AZURE_FEDERATED_TOKEN_FILE", "AZURE_AUTHORITY_HOST", "AZURE_TOKEN_CREDENTIALS",
	} {
		t.Setenv(name, variables[name])
		if variables[name] == "" {
			_ = os.Unsetenv(name)
		}
	}
}

// appService starts a double of App Service's, and sets its variables.
func appService(t testing.TB) *tokenPlatform {
	t.Helper()
	p := &tokenPlatform{}
	server := httptest.NewServer(p)
	t.Cleanup(server.Close)
	onPlatform(t, map[string]string{"IDENTITY_ENDPOINT": server.URL + "/msi/token", "IDENTITY_HEADER": platformSecret})
	return p
}

// inBubble returns an Endpoint whose identity is the platform's, over pipes.
func (p *tokenPlatform) inBubble(t testing.TB) *Endpoint {
	t.Helper()
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := httptest.NewUnstartedServer(p)
	server.Listener.Close()
	server.Listener = pipes
	server.Start()
	t.Cleanup(server.Close)
	e := newEndpoint(t, Config{
		URL: "https://team.services.ai.azure.com/models", Identity: newIdentity(t, IdentityConfig{Type: ManagedServiceIdentity}),
	})
	e.tokens.client.DialContext = pipes.dial
	return e
}

// onFunctions sets the variables for inBubble.
func onFunctions(t testing.TB) {
	t.Helper()
	onPlatform(t, map[string]string{"IDENTITY_ENDPOINT": "http://platform/msi/token", "IDENTITY_HEADER": platformSecret})
}

// dialTo dials that address, whichever is asked for.
func dialTo(address string) func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, address)
	}
}
