package endpoint

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// Config describes one endpoint. Only URL is required.
type Config struct {
	URL        string           // base or full target address
	Family     string           // one of Families; "" to find it by the address
	Key        connector.Secret // zero: no key is sent
	Identity   *Identity        // sends tokens in place of a key; nil for none
	APIVersion string           // wins over the caller's
	Egress     Egress
	Roots      *x509.CertPool // nil for the system's
	Budgets    Budgets
}

// An Endpoint forwards to one model endpoint. It is safe for concurrent use.
type Endpoint struct {
	family    family
	address   address
	key       connector.Secret
	tokens    *tokenSource // nil without an identity
	budgets   Budgets
	transport *http.Transport
	http2     atomic.Bool // it was seen to speak HTTP/2
	mask      mask        // for text of the endpoint's that callers see
}

var _ connector.Endpoint = (*Endpoint)(nil)

// New checks a Config and returns its Endpoint. It opens nothing. The error joins all that is wrong.
func New(c Config) (*Endpoint, error) {
	address, err := parseAddress(c.URL, c.Egress)
	family, unknown := choose(c.Family, address)
	if err = errors.Join(err, unknown); err != nil {
		return nil, err
	}
	if c.APIVersion != "" {
		if family.apiVersion == "" {
			return nil, fmt.Errorf("apiVersion is not used by the family %s; remove it", family.name)
		}
		address.apiVersion = c.APIVersion
	}
	budgets := c.Budgets.withDefaults()
	g := guard{c.Egress, address.loopback && c.Egress.TrustLoopback}
	e := assemble(address, family, c.Key, budgets, newTransport(budgets, g, c.Roots))
	if c.Identity != nil {
		if e.tokens, err = c.Identity.tokensFor(family, address, budgets); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func assemble(a address, f family, key connector.Secret, budgets Budgets, transport *http.Transport) *Endpoint {
	if path, known := f.knows(hostname(a.host)); known && a.base == "" {
		a.base = path
	}
	return &Endpoint{family: f, address: a, key: key, budgets: budgets, transport: transport, mask: newMask(key, a.host)}
}

// Family returns the name of the endpoint's family.
func (e *Endpoint) Family() string { return e.family.name }

// Host returns the host and port, for operators; callers never see it.
func (e *Endpoint) Host() string { return e.address.host }

// Address returns what was made of the configured URL, for operators. Spellings of one place give one address;
// letter case in the path stays.
func (e *Endpoint) Address() string {
	return e.address.scheme + "://" + e.address.host + e.address.base
}

// APIVersion returns the version that is sent when the caller names none, "" when the family has none.
func (e *Endpoint) APIVersion() string { return e.version("", schema.Inference) }

// OneModel reports whether the endpoint serves one model, so that a call need not name any.
func (e *Endpoint) OneModel() bool {
	return e.family.oneModel || e.Fixed() != ""
}

// Fixed returns the one deployment to which the address leads, "" when it leads to none in particular.
func (e *Endpoint) Fixed() string {
	_, name, _ := strings.Cut(e.address.base, azureDeployments)
	return name
}

// Close closes the connections that no call uses.
func (e *Endpoint) Close() {
	e.transport.CloseIdleConnections()
	if e.tokens != nil {
		e.tokens.client.CloseIdleConnections()
	}
}

// Prepare implements connector.Endpoint. It fails where Check does, and where there is no token.
func (e *Endpoint) Prepare(ctx context.Context, r *connector.Request) (connector.Attempt, error) {
	if err := e.Check(r); err != nil {
		return nil, err
	}
	changes := e.shape(r)
	c := &call{request: e.newRequest(r.Action.Method, e.target(r), e.header(r)), stream: r.Stream, changes: changes, record: r.Record, part: r.Part}
	c.setBody(r.Body)
	if err := e.signIn(ctx, c.request.Header); err != nil {
		return nil, err
	}
	return func(ctx context.Context) (*connector.Response, error) { return e.send(ctx, c) }, nil
}

// Check implements connector.Endpoint. It fails where the family lacks the operation, and where a model's name
// would not stay in its place.
func (e *Endpoint) Check(r *connector.Request) error {
	if r.Body == nil && !e.family.modelInfo {
		return &connector.Error{
			Code: connector.ModelInfoUnavailable,
			Message: fmt.Sprintf("Endpoints of the family %s cannot tell which model they serve; call %s only on others.",
				e.family.name, r.Action.ID),
		}
	}
	if e.family.openAI && r.Action.Path == imageEmbeddings {
		return &connector.Error{Code: connector.NotFound,
			Message: fmt.Sprintf("Endpoints of the family %s have no image embeddings; call %s only on others.", e.family.name, r.Action.ID)}
	}
	if e.family.unfit != nil {
		if why := e.family.unfit(r); why != "" {
			return &connector.Error{Code: connector.UnknownModel, Target: "model", Message: why}
		}
	}
	return nil
}

// imageEmbeddings is the operation that OpenAI's families do not have (contract/inference-api.md section 9).
const imageEmbeddings = "/images/embeddings"

func hostname(host string) string {
	return (&url.URL{Host: host}).Hostname()
}
