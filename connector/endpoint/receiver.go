package endpoint

import (
	"cmp"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// ReceiverConfig describes where outputs of events are delivered. Only URL is required.
type ReceiverConfig struct {
	URL    connector.Secret // may carry a query with a signature, as workflow triggers do
	Egress Egress
	Rules  string         // where the configuration says Egress, for complaints; "" for egress
	Roots  *x509.CertPool // nil for the system's
}

// A Receiver is an address that outputs are posted to. It is safe for concurrent use.
type Receiver struct {
	url       connector.Secret // nothing of it but the host may be seen (S17)
	host      string
	transport *http.Transport
}

// NewReceiver checks a ReceiverConfig and returns its Receiver. It opens nothing. The error joins all that is
// wrong, and names no part of the address but its host.
func NewReceiver(c ReceiverConfig) (*Receiver, error) {
	u, ok := readReceiver(c.URL)
	if !ok {
		return nil, fmt.Errorf("url must be a whole URL, such as %s", exampleReceiver)
	}
	if err := errors.Join(checkReceiver(u, c.Egress, cmp.Or(c.Rules, "egress"))...); err != nil {
		return nil, err
	}
	g := guard{c.Egress, isLoopbackName(u.Hostname()) && c.Egress.TrustLoopback}
	transport := newTransport(Budgets{}.withDefaults(), g, c.Roots)
	// Deliveries are few, and far between: a connection that is kept would be gone when the next one needs it.
	// Nor does net/http send again by itself what fails on a new one, whatever the idempotency key allows.
	transport.DisableKeepAlives = true
	return &Receiver{url: c.URL, host: strings.ToLower(u.Host), transport: transport}, nil
}

const exampleReceiver = "https://flows.example.com/morning?sig=..."

// readReceiver reads an address. A blank in a query would be sent as it is, and end the request line.
func readReceiver(address connector.Secret) (*url.URL, bool) {
	text := address.Reveal()
	u, err := url.Parse(text)
	return u, err == nil && u.Hostname() != "" && !strings.Contains(text, " ")
}

func checkReceiver(u *url.URL, egress Egress, rules string) (problems []error) {
	if u.User != nil {
		problems = append(problems, errors.New("url must not hold a user name or password"))
	}
	if u.Fragment != "" {
		problems = append(problems, errors.New("url must not have a fragment (#...)"))
	}
	return append(problems, checkPlace("url", u, egress, rules)...)
}

// Host returns the host and port, for operators.
func (r *Receiver) Host() string { return r.host }

// Format implements fmt.Formatter: a Receiver prints as its host, with every verb.
func (r Receiver) Format(f fmt.State, _ rune) { _, _ = fmt.Fprint(f, r.host) }

// Close closes the connections that no delivery uses.
func (r *Receiver) Close() { r.transport.CloseIdleConnections() }
