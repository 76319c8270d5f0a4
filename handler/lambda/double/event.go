package double

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strings"
	"time"
)

// event is an HTTP request in the payload format 2.0.
type event struct {
	Version               string            `json:"version"`
	RouteKey              string            `json:"routeKey"`
	RawPath               string            `json:"rawPath"`
	RawQueryString        string            `json:"rawQueryString"`
	Cookies               []string          `json:"cookies,omitempty"`
	Headers               map[string]string `json:"headers"`
	QueryStringParameters map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext        requestContext    `json:"requestContext"`
	Body                  string            `json:"body,omitempty"`
	IsBase64Encoded       bool              `json:"isBase64Encoded"`
}

type requestContext struct {
	AccountID    string          `json:"accountId"`
	APIID        string          `json:"apiId"`
	Authorizer   json.RawMessage `json:"authorizer,omitempty"`
	DomainName   string          `json:"domainName"`
	DomainPrefix string          `json:"domainPrefix"`
	HTTP         httpContext     `json:"http"`
	RequestID    string          `json:"requestId"`
	RouteKey     string          `json:"routeKey"`
	Stage        string          `json:"stage"`
	Time         string          `json:"time"`
	TimeEpoch    int64           `json:"timeEpoch"`
}

type httpContext struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

// Where calls come from, and the names of the functions' own domains.
const (
	sourceIP      = "192.0.2.1"
	gatewayDomain = "abc123.execute-api." + region + ".amazonaws.com"
	urlDomain     = "abc123.lambda-url." + region + ".on.aws"
)

// newEvent describes a request that came to domain. path is as this front writes it.
func newEvent(r *http.Request, domain, stage, path string, authorizer json.RawMessage) (*event, error) {
	prefix, _, _ := strings.Cut(domain, ".")
	now := time.Now().UTC()
	e := &event{
		Version: "2.0", RouteKey: "$default", RawPath: path, RawQueryString: r.URL.RawQuery,
		Cookies: cookies(r.Header), Headers: headers(r.Header, domain), QueryStringParameters: queryParameters(r),
		RequestContext: requestContext{
			AccountID: account, APIID: prefix, Authorizer: authorizer, DomainName: domain, DomainPrefix: prefix,
			HTTP:      httpContext{r.Method, path, "HTTP/1.1", sourceIP, r.Header.Get("User-Agent")},
			RequestID: newID(), RouteKey: "$default", Stage: stage,
			Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		},
	}
	return e, e.setBody(r)
}

// setBody puts text in as it is and everything else as base64.
func (e *event) setBody(r *http.Request) error {
	body, err := readBody(r)
	e.Body, e.IsBase64Encoded = eventBody(body, isText(r.Header.Get("Content-Type")))
	return err
}

func readBody(r *http.Request) ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	defer r.Body.Close()
	return io.ReadAll(r.Body)
}

// eventBody returns a body as it stands in an event.
func eventBody(body []byte, isText bool) (text string, isBase64 bool) {
	if len(body) == 0 || isText {
		return string(body), false
	}
	return base64.StdEncoding.EncodeToString(body), true
}

func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	switch kind {
	case "application/json", "application/javascript", "application/xml":
		return err == nil
	}
	return err == nil && strings.HasPrefix(kind, "text/")
}

// cookies lists the cookies, each by itself.
func cookies(header http.Header) (list []string) {
	for _, line := range header["Cookie"] {
		for cookie := range strings.SplitSeq(line, ";") {
			list = append(list, strings.TrimSpace(cookie))
		}
	}
	return list
}

// headers writes names in lower case and joins repeats by a comma. Cookies stay among them, as they do in
// captured events of Function URLs.
func headers(header http.Header, domain string) map[string]string {
	flat := map[string]string{}
	for name, values := range header {
		flat[strings.ToLower(name)] = strings.Join(values, ",")
	}
	delete(flat, "connection") // the front's own affair
	flat["host"] = domain
	flat["x-forwarded-for"], flat["x-forwarded-proto"], flat["x-forwarded-port"] = sourceIP, "https", "443"
	return flat
}

func queryParameters(r *http.Request) map[string]string {
	flat := map[string]string{}
	for name, values := range r.URL.Query() {
		flat[name] = strings.Join(values, ",")
	}
	return flat
}
