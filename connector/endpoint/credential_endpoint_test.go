package endpoint

import (
	"crypto/tls"
	"crypto/x509"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

func newIdentity(t testing.TB, c IdentityConfig) *Identity {
	t.Helper()
	i, err := NewIdentity(c)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

// signedIn returns an Endpoint at one of Azure's hosts, over TLS, that takes tokens of that identity.
func signedIn(t testing.TB, c IdentityConfig, model http.HandlerFunc) *Endpoint {
	t.Helper()
	const host = "team.services.ai.azure.com"
	certificate := certified(t, host)
	server, _ := secure(t, &tls.Config{Certificates: []tls.Certificate{certificate}}, model)
	e := newEndpoint(t, Config{URL: "https://" + host + "/models", Identity: newIdentity(t, c), Roots: rootsOf(t, certificate)})
	e.transport.DialContext = dialTo(server.Listener.Addr().String())
	return e
}

// rootsOf trusts one certificate.
func rootsOf(t testing.TB, certificate tls.Certificate) *x509.CertPool {
	t.Helper()
	leaf, err := x509.ParseCertificate(certificate.Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(leaf)
	return roots
}

// told checks that an error tells neither a secret nor who signs in, and returns its cause.
func told(t testing.TB, e *connector.Error) string {
	t.Helper()
	for _, hidden := range []string{testTenant, testClient, "AADSTS", "127.0.0.1"} {
		if strings.Contains(string(e.JSON()), hidden) {
			t.Errorf("the caller reads %s in %s", hidden, e.JSON())
		}
	}
	for _, hidden := range []string{secretText, url.QueryEscape(secretText), testPassword, federated, "eyJ", "PRIVATE KEY"} {
		if strings.Contains(e.Error(), hidden) {
			t.Errorf("the log tells %s in %s", hidden, e.Error())
		}
	}
	if e.Err == nil {
		t.Fatalf("no cause of %v", e)
	}
	return e.Err.Error()
}
