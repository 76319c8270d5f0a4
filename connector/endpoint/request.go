package endpoint

import (
	"net/http"
	"net/url"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

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
	if e.family.headers != nil {
		e.family.headers(header, r)
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
	return e.url(e.family.path(e.address.base, r.Action.Path, r.Model), e.version(r.APIVersion, r.Action.Dialect), query)
}

// url composes a URL below the endpoint. Caller text in it is escaped already: it can reach neither host
// nor path prefix (S1).
func (e *Endpoint) url(escaped, version string, query url.Values) *url.URL {
	path, err := url.PathUnescape(escaped)
	if err != nil {
		path = escaped // cannot be: the base was parsed and the model escaped
	}
	if version != "" {
		query.Set("api-version", version)
	}
	return &url.URL{Scheme: e.address.scheme, Host: e.address.host, Path: path, RawPath: escaped, RawQuery: query.Encode()}
}

// version is the deployment's, else the caller's where the family numbers them alike, else the family's.
func (e *Endpoint) version(callers string, numbering schema.Dialect) string {
	switch {
	case e.family.apiVersion == "":
		return ""
	case e.address.apiVersion != "":
		return e.address.apiVersion
	case callers != "" && numbering == e.family.numbering:
		return callers
	}
	return e.family.apiVersion
}
