package endpoint

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"inferenceconnector/connector"
)

// Config describes one endpoint. Only URL is required.
type Config struct {
	URL        string           // base or full target address
	Family     string           // one of Families; "" to find it by the address
	Key        connector.Secret // zero: no credential is sent
	APIVersion string           // wins over the caller's
	Egress     Egress
	Roots      *x509.CertPool // nil for the system's
	Budgets    Budgets
}

// An Endpoint forwards to one model endpoint, over a connection pool of its own. It is safe for concurrent use.
type Endpoint struct {
	family     family
	address    address
	key        connector.Secret
	apiVersion string
	budgets    Budgets
	transport  *http.Transport
	mask       *strings.Replacer // for text of the endpoint's that callers see
}

var _ connector.Endpoint = (*Endpoint)(nil)

// New checks a Config and returns its Endpoint. It opens nothing. The error joins all that is wrong.
func New(c Config) (*Endpoint, error) {
	address, err := parseAddress(c.URL, c.Egress)
	family := detect(hostname(address.host), address.base)
	if c.Family != "" {
		known := false
		if family, known = familyNamed(c.Family); !known {
			err = errors.Join(err, errors.New("family must be one of "+strings.Join(Families(), ", ")))
		}
	}
	if err != nil {
		return nil, err
	}
	if family.name == openAICompatible.name { // it is spoken on Azure's hosts too, which keep their own header
		family.authorize = detect(hostname(address.host), "").authorize
	}
	e := &Endpoint{
		family:     family,
		address:    address,
		key:        c.Key,
		apiVersion: c.APIVersion,
		budgets:    c.Budgets.withDefaults(),
	}
	if e.apiVersion == "" {
		e.apiVersion = address.apiVersion
	}
	e.mask = masker(c.Key, address.host)
	e.transport = newTransport(e.budgets, guard{c.Egress, address.loopback && c.Egress.TrustLoopback}, c.Roots)
	return e, nil
}

// Family returns the name of the endpoint's family.
func (e *Endpoint) Family() string { return e.family.name }

// Host returns the host and port, for operators; callers never see it.
func (e *Endpoint) Host() string { return e.address.host }

// Address returns what was made of the configured URL, for operators.
func (e *Endpoint) Address() string {
	return e.address.scheme + "://" + e.address.host + e.address.base
}

// APIVersion returns the version that is sent when the caller names none, "" when the family has none.
func (e *Endpoint) APIVersion() string { return e.version("") }

// OneModel reports whether the endpoint serves one model, so that a call need not name any.
func (e *Endpoint) OneModel() bool {
	return e.family.oneModel || strings.Contains(e.address.base, azureDeployments)
}

// Close closes the connections that no call uses.
func (e *Endpoint) Close() { e.transport.CloseIdleConnections() }

// Prepare implements connector.Endpoint. It fails where the family lacks the operation, and where a model's
// name would not stay in its place.
func (e *Endpoint) Prepare(_ context.Context, r *connector.Request) (connector.Attempt, error) {
	if r.Body == nil && !e.family.modelInfo {
		return nil, &connector.Error{
			Code: connector.ModelInfoUnavailable,
			Message: fmt.Sprintf("Endpoints of the family %s cannot tell which model they serve; call %s only on others.",
				e.family.name, r.Action.ID),
		}
	}
	if !e.family.modelInBody && (r.Model == "." || r.Model == "..") { // a path resolves these, escaped or not (S1)
		return nil, &connector.Error{Code: connector.UnknownModel, Target: "model", Message: "There is no model of that name."}
	}
	usage := e.shape(r)
	request := e.newRequest(r.Action.Method, e.target(r), e.header(r))
	setBody(request, r.Body)
	return func(ctx context.Context) (*connector.Response, error) {
		return e.send(ctx, &call{request: request, stream: r.Stream, usage: usage, record: r.Record})
	}, nil
}

// header returns the headers that are sent, and no others are (S15).
func (e *Endpoint) header(r *connector.Request) http.Header {
	header := http.Header{
		"Accept":                 {"application/json"},
		"User-Agent":             {"inference-connector"},
		"X-Ms-Client-Request-Id": {r.Correlation.ClientRequestID},
	}
	if r.Stream {
		header["Accept"] = []string{"text/event-stream"}
	}
	if !e.key.IsZero() {
		e.family.authorize(header, e.key.Reveal())
	}
	if r.PassThrough && e.family.passThrough {
		header["Extra-Parameters"] = []string{"pass-through"}
	}
	if r.Correlation.Traceparent != "" {
		header["Traceparent"] = []string{r.Correlation.Traceparent}
	}
	if r.Correlation.Tracestate != "" {
		header["Tracestate"] = []string{r.Correlation.Tracestate}
	}
	return header
}

func (e *Endpoint) newRequest(method string, target *url.URL, header http.Header) *http.Request {
	return &http.Request{
		Method: method, URL: target, Host: e.address.host, Header: header,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
	}
}

// target returns the URL of a request.
func (e *Endpoint) target(r *connector.Request) *url.URL {
	query := url.Values{}
	if r.Body == nil && r.Model != "" {
		query.Set("model", r.Model)
	}
	return e.url(e.family.path(e.address.base, r.Action.Path, r.Model), r.APIVersion, query)
}

// url composes a URL below the endpoint. Caller text in it is escaped already: it can reach neither host
// nor path prefix (S1).
func (e *Endpoint) url(escaped, callersVersion string, query url.Values) *url.URL {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		path = escaped // cannot be: the base was parsed and the model escaped
	}
	if version := e.version(callersVersion); version != "" {
		query.Set("api-version", version)
	}
	return &url.URL{Scheme: e.address.scheme, Host: e.address.host, Path: path, RawPath: escaped, RawQuery: query.Encode()}
}

// version is the deployment's, else the caller's where the family shares its numbering, else the family's.
func (e *Endpoint) version(callers string) string {
	switch {
	case e.family.apiVersion == "":
		return ""
	case e.apiVersion != "":
		return e.apiVersion
	case e.family.sharesVersions && callers != "":
		return callers
	}
	return e.family.apiVersion
}

func hostname(host string) string {
	return (&url.URL{Host: host}).Hostname()
}
