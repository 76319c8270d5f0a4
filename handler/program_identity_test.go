package main_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
)

const (
	identityTenant = "11111111-2222-3333-4444-555555555555"
	identityClient = "66666666-7777-8888-9999-000000000000"
	identitySecret = "application~secret.0815"
	entraToken     = "eyJhbGciOiJub25lIn0.eyJmcm9tIjoiZW50cmEifQ.c2lnbmF0dXJlMTIz"
	platformToken  = "eyJhbGciOiJub25lIn0.eyJmcm9tIjoicGxhdGZvcm0ifQ.c2lnbmF0dXJlMTIz"
	platformHeader = "platform-header-4711"
)

// identities is a double of Entra, and of the platform that knows a managed identity. A model takes their tokens.
type identities struct {
	model           *brought
	entra, platform *httptest.Server
	asked           atomic.Int32 // for tokens of Entra
}

func newIdentities(t *testing.T) *identities {
	t.Helper()
	i := &identities{model: newBrought(t)}
	i.entra = httptest.NewTLSServer(http.HandlerFunc(i.serveEntra))
	t.Cleanup(i.entra.Close)
	i.platform = httptest.NewServer(http.HandlerFunc(i.servePlatform))
	t.Cleanup(i.platform.Close)
	file, err := os.OpenFile(i.model.authority, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if err := pem.Encode(file, &pem.Block{Type: "CERTIFICATE", Bytes: i.entra.Certificate().Raw}); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i *identities) serveEntra(w http.ResponseWriter, r *http.Request) {
	here := i.entra.URL + "/" + identityTenant
	switch r.URL.Path {
	case "/" + identityTenant + "/v2.0/.well-known/openid-configuration":
		writeReply(w, http.StatusOK, map[string]any{"issuer": here + "/v2.0", "authorization_endpoint": here + "/authorize", "token_endpoint": here + "/oauth2/v2.0/token"})
	case "/" + identityTenant + "/oauth2/v2.0/token":
		i.asked.Add(1)
		if r.PostFormValue("client_secret") != identitySecret || !strings.Contains(r.PostFormValue("scope"), "https://cognitiveservices.azure.com/.default") {
			writeReply(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided.\r\nTrace ID: 1"})
			return
		}
		writeReply(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": 3600, "access_token": entraToken})
	default:
		http.NotFound(w, r)
	}
}

func (i *identities) servePlatform(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get("X-Identity-Header") != platformHeader || r.FormValue("resource") != "https://cognitiveservices.azure.com" || r.FormValue("client_id") != identityClient {
		writeReply(w, http.StatusBadRequest, map[string]any{"statusCode": 400, "message": "no such identity"})
		return
	}
	writeReply(w, http.StatusOK, map[string]any{"access_token": platformToken, "expires_on": "4102444800", "token_type": "Bearer", "resource": r.FormValue("resource")})
}

func writeReply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// environment is that of a program whose connection signs in as an application, with that secret, and whose
// deployment managed as the platform says.
func (i *identities) environment(t *testing.T, secret string) []string {
	t.Helper()
	hosts := `"hosts":["` + strings.TrimPrefix(i.model.url, "https://") + `"]`
	file := writeInto(t, "connections.json", fmt.Sprintf(`{"connections":{"default":{"endpoint":"%[1]s/models",
		"authentication":{"type":"ActiveDirectoryOAuth","tenant":"%[2]s","clientId":"%[3]s","secret":"@appsetting('SECRET')","authority":"%[4]s",%[5]s},
		"deployments":{"m":{},"managed":{"endpoint":"%[1]s/models","authentication":{"type":"ManagedServiceIdentity","identity":"%[3]s",%[5]s}}}}}}`,
		i.model.url, identityTenant, identityClient, i.entra.URL, hosts))
	return []string{
		"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_EXTRA_CA_FILE=" + i.model.authority, "SECRET=" + secret,
		"IDENTITY_ENDPOINT=" + i.platform.URL + "/msi/token", "IDENTITY_HEADER=" + platformHeader,
		"HTTPS_PROXY=http://127.0.0.1:1", "HTTP_PROXY=http://127.0.0.1:1", // nobody asks them
	}
}

// The model gets the tokens of the identities that the file names, and nobody else does.
func (p program) testIdentity(t *testing.T) {
	i := newIdentities(t)
	environment := i.environment(t, identitySecret)
	r := p.start(t, environment)
	same(t, "requests before a call", i.asked.Load(), 0)
	var calls sync.WaitGroup
	for range 20 {
		calls.Go(func() {
			reply := r.post(t, programChat, say("m", "hi", ""), "Authorization: Bearer whatever", "api-key: whatever")
			if reply.StatusCode != http.StatusOK {
				t.Errorf("got %d", reply.StatusCode)
			}
		})
	}
	calls.Wait()
	same(t, "requests for a token", i.asked.Load(), 1)
	request, _ := i.model.last()
	same(t, "token", request.Header.Get("Authorization"), "Bearer "+entraToken)
	same(t, "key", request.Header.Get("api-key"), "")
	same(t, "managed", r.post(t, programChat, say("managed", "hi", "")).StatusCode, http.StatusOK)
	request, _ = i.model.last()
	same(t, "platform's token", request.Header.Get("Authorization"), "Bearer "+platformToken)
	checked := p.run(t, environment, "", "check", "--probe")
	same(t, "exit code", checked.code, 0)
	contains(t, "check", columns(checked.stdout), "default/m ai-services 2024-05-01-preview ActiveDirectoryOAuth", "default/managed ai-services 2024-05-01-preview ManagedServiceIdentity", "answers (200)")
	waitUntil(t, "the calls are logged", func() bool { return strings.Count(r.stdout.String(), `"msg":"call"`) == 21 })
	withoutSecrets(t, r.stdout.String()+r.stderr.String()+checked.stdout+checked.stderr)
}

// Without a token there is no call and no slot taken: the caller reads what to do, the operator why.
func (p program) testIdentityFails(t *testing.T) {
	i := newIdentities(t)
	environment := i.environment(t, identitySecret+"0")
	r := p.start(t, environment)
	for range 3 {
		reply := r.post(t, programChat, say("m", "hi", ""))
		same(t, "status", reply.StatusCode, http.StatusServiceUnavailable)
		same(t, "code", reply.Header.Get("x-ms-error-code"), "CredentialUnavailable")
		same(t, "slots", reply.Header.Get("x-ratelimit-remaining-requests"), "")
		body := readBody(t, reply)
		contains(t, "body", body, "The connection's identity could not get a token for the model endpoint. Try again in "+reply.Header.Get("Retry-After")+" seconds")
		if strings.Contains(body, identityTenant) || strings.Contains(body, identityClient) || strings.Contains(body, "AADSTS") {
			t.Errorf("the caller reads %s", body)
		}
	}
	same(t, "requests for a token", i.asked.Load(), 1)
	i.model.mu.Lock()
	same(t, "calls of the model", len(i.model.seen), 0)
	i.model.mu.Unlock()
	waitUntil(t, "the calls are logged", func() bool {
		return strings.Count(r.stdout.String(), "AADSTS7000215: Invalid client secret provided.") == 3
	})
	checked := p.run(t, environment, "", "check", "--probe")
	same(t, "exit code", checked.code, 1)
	contains(t, "check", checked.stdout, "CredentialUnavailable", "401 invalid_client AADSTS7000215", "answers (200)")
	withoutSecrets(t, r.stdout.String()+r.stderr.String()+checked.stdout+checked.stderr)
}

func withoutSecrets(t *testing.T, printed string) {
	t.Helper()
	for _, hidden := range []string{identitySecret, entraToken, platformToken, platformHeader, "eyJ"} {
		if strings.Contains(printed, hidden) {
			t.Errorf("%s is printed", hidden)
		}
	}
}
