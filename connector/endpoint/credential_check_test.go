package endpoint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// What is wrong with an identity is told at the start, without its values, and nobody is asked.
func TestMistakesOfAnIdentity(t *testing.T) {
	const (
		wrongTenant = "tenant must be the directory's id (a GUID) or its domain, such as contoso.onmicrosoft.com"
		wrongID     = "clientId must be the application's id, a GUID"
		wrongHost   = "hosts[1] must be a host name, or *. and a domain of two names or more such as *.services.ai.azure.com, with a port if that is not 443 and nothing else"
		wrongPlace  = "authority must be https:// and a host with nothing behind it, such as https://login.microsoftonline.us"
		wrongName   = "identity must be the client id (a GUID) or resource id (/subscriptions/...) of a user-assigned identity; leave it out for the system's own"
		wrongWhom   = "audience must be an address or id without blanks, such as https://cognitiveservices.azure.com"
		noProof     = "secret is missing or empty; give secret, certificate or federatedTokenFile"
		unreadable  = "certificate cannot be read: it needs a certificate and its key, the password must be right and only for a PFX, " +
			"and a PFX of the older kind (openssl pkcs12 -legacy); PEM works as well"
		noFile = "federatedTokenFile cannot be read (no such file or directory); name the file in which the platform keeps its token"
	)
	certificate, key, _ := strings.Cut(applicationPEM(), "-----BEGIN PRIVATE KEY-----")
	for name, test := range map[string]struct {
		change func(*IdentityConfig)
		want   []string
	}{
		"tenant missing":   {func(c *IdentityConfig) { c.Tenant = "" }, []string{wrongTenant}},
		"tenant of anyone": {func(c *IdentityConfig) { c.Tenant = "common" }, []string{wrongTenant}},
		"tenant a path":    {func(c *IdentityConfig) { c.Tenant = "contoso.com/../x" }, []string{wrongTenant}},
		"client id":        {func(c *IdentityConfig) { c.ClientID = secretText }, []string{wrongID}},
		"audience":         {func(c *IdentityConfig) { c.Audience = "a b" }, []string{wrongWhom}},
		"hosts":            {func(c *IdentityConfig) { c.Hosts = []string{"a.example.com", "*.com"} }, []string{wrongHost}},
		"no hosts":         {func(c *IdentityConfig) { c.Hosts = []string{} }, []string{"hosts must name at least one host"}},
		"plain authority":  {func(c *IdentityConfig) { c.Authority = "http://login.example.com" }, []string{wrongPlace}},
		"authority's path": {func(c *IdentityConfig) { c.Authority = "https://login.example.com/" + testTenant }, []string{wrongPlace}},
		"authority's user": {func(c *IdentityConfig) { c.Authority = "https://u:" + secretText + "@login.example.com" }, []string{wrongPlace}},
		"no proof":         {func(c *IdentityConfig) { c.Secret = connector.Secret{} }, []string{noProof}},
		"two proofs":       {func(c *IdentityConfig) { c.FederatedTokenFile = "x" }, []string{"federatedTokenFile is given beside secret; keep one of them"}},
		"password alone":   {func(c *IdentityConfig) { c.Password = secret }, []string{"password is given, but no certificate; it is for a certificate in PFX form"}},
		"no file":          {with("", "", filepath.Join(t.TempDir(), secretText)), []string{noFile}},
		"no PEM":           {with(secretText+"!", "", ""), []string{"certificate must be PEM text with certificate and key, or a PFX in base64"}},
		"only its key":     {with("-----BEGIN PRIVATE KEY-----"+key, "", ""), []string{unreadable}},
		"without its key":  {with(certificate, "", ""), []string{unreadable}},
		"PEM cut":          {with(applicationPEM()[:900], "", ""), []string{unreadable}},
		"no PFX":           {with("AAAA", "", ""), []string{unreadable}},
		"wrong password":   {with(applicationPFX(), secretText, ""), []string{unreadable}},
		"several":          {func(c *IdentityConfig) { *c = IdentityConfig{Type: ActiveDirectoryOAuth} }, []string{wrongTenant, wrongID, noProof}},
		"identity": {func(c *IdentityConfig) { *c = IdentityConfig{Type: ManagedServiceIdentity, Identity: "my-identity"} },
			[]string{wrongName}},
		"fields of other types": {func(c *IdentityConfig) { *c = IdentityConfig{Type: DefaultIdentity, Tenant: "x", Authority: "x"} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			c := IdentityConfig{Type: ActiveDirectoryOAuth, Tenant: testTenant, ClientID: testClient, Secret: secret}
			test.change(&c)
			_, err := NewIdentity(c)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if want := strings.Join(test.want, "\n"); got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
		})
	}
}

// with replaces the secret by another proof.
func with(certificate, password, file string) func(*IdentityConfig) {
	return func(c *IdentityConfig) {
		c.Secret, c.FederatedTokenFile = connector.Secret{}, file
		c.Certificate, c.Password = connector.NewSecret(certificate), connector.NewSecret(password)
	}
}

// A key that cannot sign what Entra takes is told at the start as well.
func TestCertificateWithAnotherKey(t *testing.T) {
	const want = "certificate must have an RSA key, and the key must be that of the certificate"
	text, err := os.ReadFile("testdata/elliptic.pem")
	if err != nil {
		t.Fatal(err)
	}
	_, key, _ := strings.Cut(applicationPEM(), "-----BEGIN PRIVATE KEY-----")
	certificate, _, _ := strings.Cut(string(text), "-----BEGIN PRIVATE KEY-----")
	for name, pem := range map[string]string{"elliptic": string(text), "another": certificate + "-----BEGIN PRIVATE KEY-----" + key} {
		c := IdentityConfig{Type: ActiveDirectoryOAuth, Tenant: testTenant, ClientID: testClient, Certificate: connector.NewSecret(pem)}
		if _, err := NewIdentity(c); err == nil || err.Error() != want {
			t.Errorf("%s: got %v, want %s", name, err, want)
		}
	}
}
