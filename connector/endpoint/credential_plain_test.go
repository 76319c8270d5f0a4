package endpoint

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/connector"
)

// askPlainly asks at an address without TLS, which leads to a server that answers, as that identity would.
func askPlainly(t testing.TB, c IdentityConfig, address string) error {
	t.Helper()
	server := httptest.NewServer(answer(`{}`))
	defer server.Close()
	client := newIdentity(t, c).newClient(Budgets{}.withDefaults())
	client.DialContext = dialTo(server.Listener.Addr().String())
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := client.Do(request)
	if err != nil {
		return err
	}
	return reply.Body.Close()
}

// Only the platform's own addresses are asked without TLS, and no application signs in there.
func TestPlainAuthorities(t *testing.T) {
	onPlatform(t, map[string]string{
		"IDENTITY_ENDPOINT": "http://127.0.0.1:41042/msi/token", "MSI_ENDPOINT": "http://localhost:50342/oauth2/token",
		"IMDS_ENDPOINT": "http://imds.example.com",
	})
	for address, platform := range map[string]error{
		"http://169.254.169.254/metadata/identity/oauth2/token":            nil,
		"http://127.0.0.1:40342/metadata/identity/oauth2/token":            nil,
		"http://127.0.0.1:41042/msi/token?resource=x":                      nil,
		"http://localhost:50342/oauth2/token":                              nil,
		"http://imds.example.com/metadata":                                 nil,
		"http://127.0.0.1:41043/msi/token":                                 errPlainAuthority,
		"http://127.0.0.1/msi/token":                                       errPlainAuthority,
		"http://169.254.169.253/metadata/identity/oauth2/token":            errPlainAuthority,
		"http://169.254.169.254:8080/metadata/identity/oauth2/token":       errPlainAuthority,
		"http://login.microsoftonline.com/" + testTenant + "/oauth2/token": errPlainAuthority,
	} {
		for _, identity := range []IdentityConfig{
			{Type: ManagedServiceIdentity}, {Type: DefaultIdentity},
			{Type: ActiveDirectoryOAuth, Tenant: testTenant, ClientID: testClient, Secret: secret},
		} {
			want := platform
			if identity.Type == ActiveDirectoryOAuth {
				want = errPlainAuthority
			}
			if err := askPlainly(t, identity, address); !errors.Is(err, want) {
				t.Errorf("%s of %s: got %v, want %v", address, identity.Type, err, want)
			}
		}
	}
}

// A platform that is named with TLS is asked only so.
func TestPlatformWithTLS(t *testing.T) {
	onPlatform(t, map[string]string{"IDENTITY_ENDPOINT": "https://10.0.0.4:2377/metadata/identity/oauth2/token"})
	err := askPlainly(t, IdentityConfig{Type: ManagedServiceIdentity}, "http://10.0.0.4:2377/metadata/identity/oauth2/token")
	if !errors.Is(err, errPlainAuthority) {
		t.Errorf("got %v", err)
	}
}

// A secret of the environment is not sent to an address without TLS either, which a discovery document names.
func TestSecretOfEnvironmentNeedsTLS(t *testing.T) {
	const entra = "login.microsoftonline.com"
	onPlatform(t, map[string]string{
		"AZURE_TENANT_ID": testTenant, "AZURE_CLIENT_ID": testClient, "AZURE_CLIENT_SECRET": secretText,
		"AZURE_TOKEN_CREDENTIALS": "EnvironmentCredential",
	})
	var plainly atomic.Int32
	plain := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		plainly.Add(1)
		w.WriteHeader(http.StatusBadRequest)
	}))
	defer plain.Close()
	certificate := certified(t, entra)
	server, _ := secure(t, &tls.Config{Certificates: []tls.Certificate{certificate}}, func(w http.ResponseWriter, _ *http.Request) {
		reply(w, http.StatusOK, map[string]any{
			"tenant_discovery_endpoint": "https://" + entra + "/" + testTenant + "/v2.0/.well-known/openid-configuration",
			"issuer":                    "https://" + entra + "/" + testTenant + "/v2.0", "authorization_endpoint": "https://" + entra + "/authorize",
			"token_endpoint": "http://" + entra + "/" + testTenant + "/oauth2/v2.0/token",
		})
	})
	e := signedIn(t, IdentityConfig{Type: DefaultIdentity, Roots: rootsOf(t, certificate)}, noCall(t))
	e.tokens.client.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		if strings.HasSuffix(address, ":80") {
			return dialTo(plain.Listener.Addr().String())(ctx, network, address)
		}
		return dialTo(server.Listener.Addr().String())(ctx, network, address)
	}
	_, err := e.Prepare(t.Context(), chat(t, plainChat))
	cause := told(t, wantCode(t, err, connector.CredentialUnavailable))
	if !strings.Contains(cause, errPlainAuthority.Error()) || plainly.Load() != 0 {
		t.Errorf("got %s after %d plain requests", cause, plainly.Load())
	}
}

// A proxy of the environment is not asked for tokens. (See TestProxyOfEnvironment.)
func TestProxyIsNotAskedForTokens(t *testing.T) {
	if url := os.Getenv("HTTP_PROXY"); !strings.HasSuffix(url, "#tokens") {
		var asked atomic.Int32
		proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		defer proxy.Close()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyIsNotAskedForTokens$")
		child.Env = append(os.Environ(), "HTTP_PROXY="+proxy.URL+"#tokens", "http_proxy=", "NO_PROXY=", "no_proxy=", "REQUEST_METHOD=")
		if out, err := child.CombinedOutput(); err != nil || asked.Load() != 0 {
			t.Errorf("%s%v; the proxy was asked %d times", out, err, asked.Load())
		}
		return
	}
	appService(t)
	t.Setenv("IDENTITY_ENDPOINT", strings.Replace(os.Getenv("IDENTITY_ENDPOINT"), "127.0.0.1", "0.0.0.0", 1))
	if got := mustGet(t, signedIn(t, IdentityConfig{Type: ManagedServiceIdentity}, noCall(t))); got != token(1) {
		t.Errorf("got %s", got)
	}
}
