package main_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

const (
	programTenant = "11111111-2222-3333-4444-555555555555"
	programApp    = "aaaaaaaa-0000-4000-8000-000000000000"
)

// tenant is an authority that publishes the key with which it signs.
type tenant struct {
	url, certificate string // its address, and a file
	key              *rsa.PrivateKey
	down             atomic.Bool
	asked            atomic.Int32
}

func newTenant(t *testing.T) *tenant {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	own := &tenant{key: key}
	server := httptest.NewTLSServer(own)
	t.Cleanup(server.Close)
	own.url = server.URL
	own.certificate = writeInto(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	return own
}

func (own *tenant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	own.asked.Add(1)
	if own.down.Load() || r.URL.Path != "/"+programTenant+"/discovery/v2.0/keys" {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintf(w, `{"keys":[{"kty":"RSA","use":"sig","kid":"one","n":%q,"e":%q}]}`,
		inBase64(own.key.N.Bytes()), inBase64(big.NewInt(int64(own.key.E)).Bytes()))
}

func inBase64(text []byte) string { return base64.RawURLEncoding.EncodeToString(text) }

// token is a header line with a token of an application that ends in some time.
func (own *tenant) token(t *testing.T, application string, lasts time.Duration) string {
	t.Helper()
	signed := inBase64([]byte(`{"alg":"RS256","typ":"JWT","kid":"one"}`)) + "." + inBase64(fmt.Appendf(nil,
		`{"iss":"%s/%s/v2.0","aud":"api://connector","tid":%q,"azp":%q,"exp":%d}`,
		own.url, programTenant, programTenant, application, time.Now().Add(lasts).Unix()))
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, own.key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return "Authorization: Bearer " + signed + "." + inBase64(signature)
}

// start starts the program with a connection for a key and for a token, and one for another application.
func (own *tenant) start(t *testing.T, p program) *running {
	t.Helper()
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, usualCompletion)
	}))
	t.Cleanup(model.Close)
	file := writeInto(t, "connections.json", fmt.Sprintf(`{
		"auth":{"entra":{"tenant":%q,"audience":"api://connector","authority":%q}},
		"connections":{
			"orders":{"endpoint":"%[3]s/models","callers":[{"name":"shop","key":%q},{"name":"hr-app","appId":%q}]},
			"people":{"endpoint":"%[3]s/models","callers":[{"name":"other","appId":"bbbbbbbb-0000-4000-8000-000000000000"}]}}}`,
		programTenant, own.url, model.URL, programKey, programApp))
	return p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_EXTRA_CA_FILE=" + own.certificate})
}

// An application is let in by its token, beside a caller with a key, and to its own connection only.
func (p program) testTokens(t *testing.T) {
	own := newTenant(t)
	own.down.Store(true)
	r := own.start(t, p)
	token := own.token(t, programApp, time.Hour)
	call := func(connection string, header ...string) (int, string, http.Header) {
		reply := r.post(t, "/connections/"+connection+programChat, say("m", "hi", ""), header...)
		body := strings.Replace(readBody(t, reply), reply.Header.Get("x-ms-request-id"), "", 1) // bodies are compared
		return reply.StatusCode, body, reply.Header
	}
	status, _, _ := call("orders", "api-key: "+programKey)
	same(t, "key", status, http.StatusOK)
	same(t, "requests for the tenant's keys", own.asked.Load(), 0)

	status, body, header := call("orders", token)
	same(t, "token, the authority down", status, http.StatusServiceUnavailable)
	contains(t, "its body", body, `"AuthUnavailable"`)
	same(t, "there is a Retry-After", header.Get("Retry-After") != "", true)
	own.down.Store(false)
	waitUntil(t, "the token is taken", func() bool { status, _, _ = call("orders", token); return status == http.StatusOK })

	status, body, header = call("orders", own.token(t, programApp, -time.Hour))
	same(t, "expired", status, http.StatusUnauthorized)
	contains(t, "its challenge", header.Get("WWW-Authenticate"), `error="invalid_token"`)
	status, alike, _ := call("orders", own.token(t, "cccccccc-0000-4000-8000-000000000000", time.Hour))
	same(t, "nobody's", status, http.StatusUnauthorized)
	same(t, "its body", alike, body)

	status, body, _ = call("people", token)
	same(t, "another's connection", status, http.StatusNotFound)
	status, alike, _ = call("nowhere", token)
	same(t, "no connection", status, http.StatusNotFound)
	same(t, "its body", alike, body)

	waitUntil(t, "both callers are logged", func() bool {
		return strings.Contains(r.stdout.String(), `"caller":"shop"`) && strings.Contains(r.stdout.String(), `"caller":"hr-app"`)
	})
	for _, secret := range strings.Split(strings.TrimPrefix(token, "Authorization: Bearer "), ".") {
		if strings.Contains(r.stdout.String()+r.stderr.String(), secret) {
			t.Error("a part of the token is in the log")
		}
	}
}
