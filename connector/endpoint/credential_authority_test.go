package endpoint

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
)

const (
	testTenant   = "11111111-2222-3333-4444-555555555555"
	testClient   = "66666666-7777-8888-9999-000000000000"
	testPassword = "pfx-password-123"
	federated    = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwb2QifQ.c2lnbmF0dXJl"
)

// token is the nth that a double hands out.
func token(n int) string {
	return fmt.Sprintf("eyJhbGciOiJub25lIn0.eyJuIjoiMDAwMDAwMCI6%04d.c2lnbmF0dXJlMTIz", n)
}

// An authority is a double of Entra, over TLS: it answers discovery, and checks who asks for a token.
type authority struct {
	*httptest.Server
	roots    *x509.CertPool
	instead  http.HandlerFunc // answers requests for a token, where it is set
	tokenURL string           // that discovery names, where it is set

	mu    sync.Mutex
	forms []url.Values // of the requests for tokens
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{}
	a.Server, a.roots = secure(t, &tls.Config{}, a.serve)
	a.tokenURL = a.URL + "/" + testTenant + "/oauth2/v2.0/token"
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	switch r.Method + " " + r.URL.Path {
	case "GET /" + testTenant + "/v2.0/.well-known/openid-configuration":
		reply(w, http.StatusOK, map[string]any{
			"issuer": a.URL + "/" + testTenant + "/v2.0", "authorization_endpoint": a.URL + "/authorize", "token_endpoint": a.tokenURL,
		})
	case "POST /" + testTenant + "/oauth2/v2.0/token":
		a.hand(w, r)
	default:
		http.NotFound(w, r)
	}
}

// hand hands out a token, if who asks proves to be the application.
func (a *authority) hand(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	a.mu.Lock()
	a.forms = append(a.forms, r.PostForm)
	n := len(a.forms)
	a.mu.Unlock()
	switch {
	case a.instead != nil:
		a.instead(w, r)
	case r.PostForm.Get("client_id") != testClient || r.PostForm.Get("grant_type") != "client_credentials" || !a.proven(r.PostForm):
		reply(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": "AADSTS7000215: Invalid client secret provided, " +
			r.PostForm.Get("client_secret") + r.PostForm.Get("client_assertion") + " for app " + testClient + ".\r\nTrace ID: 1\r\nCorrelation ID: 2"})
	default:
		reply(w, http.StatusOK, map[string]any{"token_type": "Bearer", "expires_in": 3600, "access_token": token(n)})
	}
}

func (a *authority) proven(form url.Values) bool {
	if assertion := form.Get("client_assertion"); assertion != "" {
		return form.Get("client_assertion_type") == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" &&
			(assertion == federated || a.signed(assertion))
	}
	return form.Get("client_secret") == secretText
}

// signed checks that the application's certificate signed an assertion, for this authority.
func (a *authority) signed(assertion string) bool {
	parts := strings.Split(assertion, ".")
	if len(parts) != 3 {
		return false
	}
	var head struct{ Alg string }
	var claims struct{ Aud, Iss, Sub string }
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	if err != nil || decodePart(parts[0], &head) != nil || decodePart(parts[1], &claims) != nil {
		return false
	}
	block, _ := pem.Decode([]byte(applicationPEM()))
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return false
	}
	key, sum := certificate.PublicKey.(*rsa.PublicKey), sha256.Sum256([]byte(parts[0]+"."+parts[1]))
	if head.Alg == "PS256" {
		err = rsa.VerifyPSS(key, crypto.SHA256, sum[:], signature, nil)
	} else {
		err = rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], signature)
	}
	return err == nil && claims.Aud == a.tokenURL && claims.Iss == testClient && claims.Sub == testClient
}

func decodePart(part string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(part)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

// asked returns the requests for tokens.
func (a *authority) asked() []url.Values {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.forms
}

// application is the identity of an application that signs in here with its secret.
func (a *authority) application() IdentityConfig {
	return IdentityConfig{
		Type: ActiveDirectoryOAuth, Tenant: testTenant, ClientID: testClient, Secret: secret, Authority: a.URL, Roots: a.roots,
	}
}

func reply(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// applicationPEM is the certificate of the test application with its key.
func applicationPEM() string { return readTestdata("testdata/application.pem") }

// applicationPFX is the same as a PFX in base64, with the password testPassword.
func applicationPFX() string { return readTestdata("testdata/application.pfx.txt") }

func readTestdata(path string) string {
	text, err := os.ReadFile(path)
	if err != nil {
		panic(err) // not without the files of this package
	}
	return string(text)
}
