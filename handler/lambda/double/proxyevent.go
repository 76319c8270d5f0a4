package double

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// proxyEvent is an HTTP request in the payload format 1.0, which is that of REST APIs.
type proxyEvent struct {
	Version                         string              `json:"version,omitempty"`
	Resource                        string              `json:"resource"`
	Path                            string              `json:"path"`
	HTTPMethod                      string              `json:"httpMethod"`
	Headers                         map[string]string   `json:"headers"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters"`
	PathParameters                  map[string]string   `json:"pathParameters"`
	StageVariables                  map[string]string   `json:"stageVariables"`
	RequestContext                  proxyContext        `json:"requestContext"`
	Body                            *string             `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

type proxyContext struct {
	AccountID         string          `json:"accountId"`
	APIID             string          `json:"apiId"`
	Authorizer        json.RawMessage `json:"authorizer,omitempty"`
	DomainName        string          `json:"domainName"`
	DomainPrefix      string          `json:"domainPrefix"`
	ExtendedRequestID string          `json:"extendedRequestId"`
	HTTPMethod        string          `json:"httpMethod"`
	Identity          map[string]any  `json:"identity"`
	Path              string          `json:"path"`
	Protocol          string          `json:"protocol"`
	RequestID         string          `json:"requestId"`
	RequestTime       string          `json:"requestTime"`
	RequestTimeEpoch  int64           `json:"requestTimeEpoch"`
	ResourceID        string          `json:"resourceId"`
	ResourcePath      string          `json:"resourcePath"`
	Stage             string          `json:"stage"`
}

// proxyFront is what fronts with this format differ in.
type proxyFront struct {
	version, resource, domain, stage string
	path, contextPath                string
	parameters                       map[string]string
	authorizer                       json.RawMessage
	lowerCase                        bool // the names of headers
	isText                           func(contentType string) bool
}

func newProxyEvent(r *http.Request, f proxyFront) (*proxyEvent, error) {
	headers, query := forwardedHeaders(r.Header, f.domain, f.lowerCase), queryValues(r.URL.RawQuery, decoded)
	prefix, _, _ := strings.Cut(f.domain, ".")
	now := time.Now().UTC()
	e := &proxyEvent{
		Version: f.version, Resource: f.resource, Path: f.path, HTTPMethod: r.Method,
		Headers: lastValues(headers), MultiValueHeaders: headers,
		PathParameters: f.parameters,
		RequestContext: proxyContext{
			AccountID: account, APIID: "abc123", Authorizer: f.authorizer, DomainName: f.domain, DomainPrefix: prefix,
			ExtendedRequestID: "TWegAcC4EowCHnA=", HTTPMethod: r.Method, Identity: identity(r), Path: f.contextPath,
			Protocol: "HTTP/1.1", RequestID: newID(), RequestTime: now.Format("02/Jan/2006:15:04:05 -0700"),
			RequestTimeEpoch: now.UnixMilli(), ResourceID: "roq9wj", ResourcePath: f.resource, Stage: f.stage,
		},
	}
	if len(query) > 0 { // else both are null
		e.QueryStringParameters, e.MultiValueQueryStringParameters = lastValues(query), query
	}
	body, err := readBody(r)
	if len(body) > 0 {
		text, isBase64 := eventBody(body, f.isText(r.Header.Get("Content-Type")))
		e.Body, e.IsBase64Encoded = &text, isBase64
	}
	return e, err
}

// identity is a caller of whom nothing is known.
func identity(r *http.Request) map[string]any {
	i := map[string]any{"sourceIp": sourceIP, "userAgent": r.Header.Get("User-Agent")}
	for _, name := range []string{
		"accessKey", "accountId", "caller", "cognitoAuthenticationProvider", "cognitoAuthenticationType",
		"cognitoIdentityId", "cognitoIdentityPoolId", "user", "userArn",
	} {
		i[name] = nil
	}
	return i
}

// forwardedHeaders are the headers behind a front that says where the call came from.
func forwardedHeaders(header http.Header, domain string, lowerCase bool) map[string][]string {
	h := map[string][]string{}
	header = header.Clone()
	header.Del("Connection") // the front's own affair
	header.Set("Host", domain)
	header.Set("X-Forwarded-For", strings.Join(append(header["X-Forwarded-For"], sourceIP), ", "))
	header.Set("X-Forwarded-Proto", "https")
	header.Set("X-Forwarded-Port", "443")
	header.Set("X-Amzn-Trace-Id", traceID)
	for name, values := range header {
		if lowerCase {
			name = strings.ToLower(name)
		}
		h[name] = values
	}
	return h
}

// lastValues keeps of every name what came last.
func lastValues(all map[string][]string) map[string]string {
	last := map[string]string{}
	for name, values := range all {
		last[name] = values[len(values)-1]
	}
	return last
}

// queryValues are the values by name, each text as read makes it.
func queryValues(raw string, read func(string) string) map[string][]string {
	values := map[string][]string{}
	for pair := range strings.SplitSeq(raw, "&") {
		if pair == "" {
			continue
		}
		name, value, _ := strings.Cut(pair, "=")
		values[read(name)] = append(values[read(name)], read(value))
	}
	return values
}

func asWritten(text string) string { return text }

// decoded leaves what cannot be decoded as it was written.
func decoded(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}
