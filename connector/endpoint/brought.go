package endpoint

import (
	"crypto/x509"
	"errors"
	"net/http"
	"net/netip"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// BroughtConfig says which endpoints callers may bring along. Only AllowHosts is required.
type BroughtConfig struct {
	AllowHosts []string       // name or *.domain, with a port where that is not 443
	AllowCIDRs []netip.Prefix // what may be dialled beyond public addresses
	Roots      *x509.CertPool // nil for the system's
	Budgets    Budgets
}

// Brought makes Endpoints of what callers bring along with each call. They share one connection pool. It is
// safe for concurrent use.
type Brought struct {
	allowed   []allowedHost
	names     string // of allowed, for messages
	budgets   Budgets
	transport *http.Transport
}

// maxIdleBrought is how many connections that no call uses are kept, to all hosts together: callers choose those.
const maxIdleBrought = 256

// NewBrought checks a BroughtConfig. It opens nothing. The error joins all that is wrong.
func NewBrought(c BroughtConfig) (*Brought, error) {
	allowed, err := readAllowedHosts("allowHosts", c.AllowHosts)
	if err != nil {
		return nil, err
	}
	budgets := c.Budgets.withDefaults()
	transport := newTransport(budgets, guard{egress: Egress{AllowCIDRs: c.AllowCIDRs}}, c.Roots)
	transport.MaxIdleConns = maxIdleBrought
	return &Brought{allowed, strings.Join(c.AllowHosts, ", "), budgets, transport}, nil
}

// Endpoint returns the Endpoint at a base or full target address. It is made for one call and not to be closed.
// The error is for whoever wrote the address, and does not repeat it.
func (b *Brought) Endpoint(address string, key connector.Secret) (*Endpoint, error) {
	a, rest, ok := takeApart(address)
	if !ok || !isASCII(address) {
		return nil, b.refuse("be a whole URL, such as https://team.services.ai.azure.com/models")
	}
	if wrong := b.objection(a, rest); wrong != "" {
		return nil, b.refuse(wrong)
	}
	if !isKey(key.Reveal()) {
		return nil, errors.New("the endpoint's key has blanks or characters that no key has")
	}
	f, err := choose("", a)
	if err != nil {
		return nil, err
	}
	return assemble(a, f, key, b.budgets, b.transport), nil
}

// objection says what a brought address must be and is not, "" when it is in order.
func (b *Brought) objection(a address, rest *url.URL) string {
	switch {
	case a.scheme != "https":
		return "begin with https://"
	case rest.User != nil:
		return "not hold a user name or password"
	case rest.RawQuery != "" || rest.ForceQuery:
		return "not have a query, but for the api-version of a full target address"
	case rest.Fragment != "":
		return "not have a fragment (#...)"
	case a.climbs():
		return "not have . or .. in its path"
	}
	at, ok := readHost(a.host)
	if !ok {
		return "name its host in full; an IP address is no name"
	}
	for _, allowed := range b.allowed {
		if allowed.matches(at) {
			return ""
		}
	}
	return "be at an allowed host"
}

// refuse says what a brought address must be.
func (b *Brought) refuse(must string) error {
	return errors.New("the endpoint must " + must + ". Allowed hosts: " + b.names)
}

// Close closes the connections that no call uses.
func (b *Brought) Close() { b.transport.CloseIdleConnections() }

func isKey(key string) bool {
	return !strings.ContainsFunc(key, func(c rune) bool { return c <= ' ' || c > '~' })
}

func isASCII(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c > '~' })
}
