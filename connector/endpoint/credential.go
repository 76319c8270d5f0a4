package endpoint

import (
	"crypto"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"

	"inferenceconnector/connector"
)

// The types of identities, in the words of Logic Apps.
const (
	ManagedServiceIdentity = "ManagedServiceIdentity"
	ActiveDirectoryOAuth   = "ActiveDirectoryOAuth"
	DefaultIdentity        = "Default"
)

// IdentityConfig describes who gets tokens of Entra for endpoints, with the fields of a connections file. What
// is not of its Type is not looked at.
type IdentityConfig struct {
	Type     string         // one of the types above
	Audience string         // for whom its tokens are; "" for what the endpoint's family asks for
	Hosts    []string       // where its tokens may go, as in BroughtConfig; nil for AzureHosts
	Roots    *x509.CertPool // for who hands out tokens; nil for the system's

	Identity string // of ManagedServiceIdentity: client id or resource id, "" for the system's own

	// Of ActiveDirectoryOAuth, with one of secret, certificate and file.
	Tenant, ClientID   string
	Secret             connector.Secret
	Certificate        connector.Secret // PEM with its key, or a PFX in base64
	Password           connector.Secret // of a PFX
	FederatedTokenFile string           // a token of another issuer, which its platform keeps fresh
	Authority          string           // "" for Entra's public one
}

// AzureHosts are the hosts that tokens may go to where nothing else is said (S6).
var AzureHosts = []string{
	"*.models.ai.azure.com", "*.inference.ai.azure.com", "*.inference.ml.azure.com",
	"*.services.ai.azure.com", "*.openai.azure.com", "*.cognitiveservices.azure.com",
}

// An Identity gets tokens for the endpoints that are made with it.
type Identity struct {
	config       IdentityConfig
	hosts        []allowedHost
	certificates []*x509.Certificate
	key          crypto.PrivateKey
}

// NewIdentity checks an IdentityConfig. It asks nobody. The error joins all that is wrong, in lines that begin
// with a field, and repeats no value.
func NewIdentity(c IdentityConfig) (*Identity, error) {
	i := &Identity{config: c}
	var problems []error
	complain := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }
	if strings.ContainsFunc(c.Audience, func(r rune) bool { return r <= ' ' || r > '~' }) {
		complain("audience must be an address or id without blanks, such as https://cognitiveservices.azure.com")
	}
	var err error
	if i.hosts, err = readAllowedHosts("hosts", orHosts(c.Hosts)); err != nil {
		problems = append(problems, err)
	}
	switch c.Type {
	case ManagedServiceIdentity:
		if c.Identity != "" && !isID(c.Identity) && !isResource(c.Identity) {
			complain("identity must be the client id (a GUID) or resource id (/subscriptions/...) of a user-assigned identity; leave it out for the system's own")
		}
	case ActiveDirectoryOAuth:
		i.checkApplication(complain)
	}
	return i, errors.Join(problems...)
}

func orHosts(hosts []string) []string {
	if hosts == nil {
		return AzureHosts
	}
	return hosts
}

// How ids are written.
var (
	isID       = like(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)
	isDomain   = like(`^[0-9A-Za-z-]+(\.[0-9A-Za-z-]+)+$`)
	isResource = like(`(?i)^/subscriptions/[^/]+/resourcegroups/[^/]+/providers/Microsoft\.ManagedIdentity/userAssignedIdentities/[^/]+$`)
)

// like returns a check that is compiled when it is first needed: a start without identities pays nothing.
func like(pattern string) func(string) bool {
	compiled := sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(pattern) })
	return func(text string) bool { return compiled().MatchString(text) }
}

// checkApplication checks the fields of ActiveDirectoryOAuth.
func (i *Identity) checkApplication(complain func(string, ...any)) {
	c := i.config
	if !isID(c.Tenant) && !isDomain(c.Tenant) { // not common or organizations: an application signs in to one
		complain("tenant must be the directory's id (a GUID) or its domain, such as contoso.onmicrosoft.com")
	}
	if !isID(c.ClientID) {
		complain("clientId must be the application's id, a GUID")
	}
	if c.Authority != "" && !isAuthority(c.Authority) {
		complain("authority must be https:// and a host with nothing behind it, such as https://login.microsoftonline.us")
	}
	if !c.Password.IsZero() && c.Certificate.IsZero() {
		complain("password is given, but no certificate; it is for a certificate in PFX form")
	}
	switch given := c.proofs(); {
	case len(given) == 0:
		complain("secret is missing or empty; give secret, certificate or federatedTokenFile")
	case len(given) > 1:
		complain("%s is given beside %s; keep one of them", given[1], given[0])
	case given[0] == "certificate":
		i.readCertificate(complain)
	case given[0] == "federatedTokenFile":
		if err := canRead(c.FederatedTokenFile); err != nil {
			complain("federatedTokenFile cannot be read (%v); name the file in which the platform keeps its token", err)
		}
	}
}

// proofs names the ways to sign in that are given.
func (c IdentityConfig) proofs() (given []string) {
	if !c.Secret.IsZero() {
		given = append(given, "secret")
	}
	if !c.Certificate.IsZero() {
		given = append(given, "certificate")
	}
	if c.FederatedTokenFile != "" {
		given = append(given, "federatedTokenFile")
	}
	return given
}

func isAuthority(text string) bool {
	u, err := url.Parse(text)
	return err == nil && u.Scheme == "https" && u.Hostname() != "" && strings.TrimSuffix(text, "/") == "https://"+u.Host
}

// canRead returns why a file cannot be read, without its name.
func canRead(path string) error {
	_, err := os.ReadFile(path)
	if of, ok := errors.AsType[*fs.PathError](err); ok {
		return of.Err
	}
	return err
}
