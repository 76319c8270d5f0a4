package endpoint

import (
	"encoding/base64"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/Azure/azure-sdk-for-go/sdk/azcore"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud"
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy"
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity"
)

// readCertificate reads the certificate and its key.
func (i *Identity) readCertificate(complain func(string, ...any)) {
	text := strings.TrimSpace(i.config.Certificate.Reveal())
	raw := []byte(text)
	if !strings.HasPrefix(text, "-----BEGIN ") {
		var err error
		if raw, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err != nil {
			complain("certificate must be PEM text with certificate and key, or a PFX in base64")
			return
		}
	}
	var err error
	i.certificates, i.key, err = azidentity.ParseCertificates(raw, []byte(i.config.Password.Reveal()))
	if err != nil { // its words can repeat parts of what was read
		complain("certificate cannot be read: it needs a certificate and its key, the password must be right and only for a PFX, " +
			"and a PFX of the older kind (openssl pkcs12 -legacy); PEM works as well")
		return
	}
	if _, err = i.newCredential(azcore.ClientOptions{}); err != nil {
		complain("certificate must have an RSA key, and the key must be that of the certificate")
	}
}

// newCredential makes what asks Entra, or the platform, for tokens. It opens nothing.
func (i *Identity) newCredential(options azcore.ClientOptions) (azcore.TokenCredential, error) {
	c, elsewhere := i.config, i.config.Authority != ""
	options.Retry = policy.RetryOptions{MaxRetries: -1} // a failure is remembered, and the next call after that tries again
	if elsewhere {
		options.Cloud = cloud.Configuration{ActiveDirectoryAuthorityHost: c.Authority, Services: map[cloud.ServiceName]cloud.ServiceConfiguration{}}
	}
	switch {
	case c.Type == DefaultIdentity:
		return azidentity.NewDefaultAzureCredential(&azidentity.DefaultAzureCredentialOptions{ClientOptions: options})
	case c.Type == ManagedServiceIdentity:
		managed := &azidentity.ManagedIdentityCredentialOptions{ClientOptions: options}
		switch {
		case isID(c.Identity):
			managed.ID = azidentity.ClientID(c.Identity)
		case c.Identity != "":
			managed.ID = azidentity.ResourceID(c.Identity)
		}
		return azidentity.NewManagedIdentityCredential(managed)
	case !c.Secret.IsZero():
		return azidentity.NewClientSecretCredential(c.Tenant, c.ClientID, c.Secret.Reveal(),
			&azidentity.ClientSecretCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: elsewhere})
	case !c.Certificate.IsZero():
		return azidentity.NewClientCertificateCredential(c.Tenant, c.ClientID, i.certificates, i.key,
			&azidentity.ClientCertificateCredentialOptions{ClientOptions: options, DisableInstanceDiscovery: elsewhere})
	}
	return azidentity.NewWorkloadIdentityCredential(&azidentity.WorkloadIdentityCredentialOptions{
		ClientOptions: options, DisableInstanceDiscovery: elsewhere, TenantID: c.Tenant, ClientID: c.ClientID, TokenFilePath: c.FederatedTokenFile,
	})
}

// authorityClient calls those who hand out tokens. It follows no redirect and asks no proxy. What it sends proves who
// we are, and others name addresses in their replies.
type authorityClient struct {
	*http.Transport
	plain []string // hosts that are asked without TLS
}

var _ policy.Transporter = (*authorityClient)(nil)

// maxTokenReply is more than any reply with a token takes, in bytes.
const maxTokenReply = 1 << 20

func (i *Identity) newClient(budgets Budgets) *authorityClient {
	transport := newTransport(budgets, guard{}, i.config.Roots)
	// No guard: no caller has a word in these addresses, and the platform's own, which it forbids, are among them.
	transport.DialContext = (&net.Dialer{Timeout: budgets.Dial}).DialContext
	client := &authorityClient{Transport: transport}
	if i.config.Type != ActiveDirectoryOAuth { // which has nothing to ask of the platform
		client.plain = platformHosts()
	}
	return client
}

// platformHosts are where platforms hand out the tokens of managed identities without TLS: on virtual machines, on
// machines with Azure Arc, and where the environment says.
func platformHosts() []string {
	hosts := []string{"169.254.169.254", "127.0.0.1:40342"}
	for _, name := range []string{"IDENTITY_ENDPOINT", "MSI_ENDPOINT", "IMDS_ENDPOINT"} {
		if u, err := url.Parse(os.Getenv(name)); err == nil && u.Scheme == "http" {
			hosts = append(hosts, u.Host)
		}
	}
	return hosts
}

var errPlainAuthority = errors.New("the authority named an address without TLS")

// Do implements policy.Transporter.
func (c *authorityClient) Do(r *http.Request) (*http.Response, error) {
	if r.URL.Scheme != "https" && !slices.Contains(c.plain, r.URL.Host) {
		return nil, errPlainAuthority
	}
	reply, err := c.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	reply.Body = struct {
		io.Reader
		io.Closer
	}{io.LimitReader(reply.Body, maxTokenReply), reply.Body}
	return reply, nil
}
