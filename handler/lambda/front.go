package lambda

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// A front is what brings HTTP to the function: how it tells of a request, and what it takes as an answer.
type front struct {
	is         func(*outline) bool
	read       func(event []byte) (*incoming, error)
	budget     time.Duration
	limit      *limit
	multiValue bool // answers have multiValueHeaders, others headers
	described  bool // answers have a statusDescription
	streams    bool // where its mode is RESPONSE_STREAM
}

var fronts = []*front{
	{is: (*outline).isFunctionURL, read: readFunctionURL, budget: functionBudget, limit: &lambdaLimit, streams: true},
	{is: (*outline).isHTTPAPI, read: readHTTPAPI, budget: gatewayBudget, limit: &lambdaLimit},
	{is: (*outline).isFormat1, read: readFormat1, budget: gatewayBudget, limit: &lambdaLimit, multiValue: true},
	{is: (*outline).isLoadBalancer, read: readLoadBalancer, budget: functionBudget, limit: &balancerLimit, described: true},
	{is: (*outline).isMultiValueLoadBalancer, read: readLoadBalancer, budget: functionBudget, limit: &balancerLimit, described: true, multiValue: true},
}

// A limit is how large an answer that is not streamed may be, as the JSON that it travels in
// (contract/aws-lambda.md section 4).
type limit struct {
	bytes int
	said  string
}

var (
	lambdaLimit   = limit{6 << 20, "6 MB that Lambda delivers. Ask for fewer tokens with max_tokens, or stream."}
	balancerLimit = limit{1 << 20, "1 MB that a load balancer takes from Lambda. Ask for fewer tokens with max_tokens, or use a Function URL."}
)

// answer is what every front takes, each with its own members left out.
type answer struct {
	StatusCode        int               `json:"statusCode"`
	StatusDescription string            `json:"statusDescription,omitempty"`
	Headers           map[string]string `json:"headers,omitempty"`
	MultiValueHeaders http.Header       `json:"multiValueHeaders,omitempty"`
	Body              string            `json:"body"`
	IsBase64Encoded   bool              `json:"isBase64Encoded"`
}

// setHead writes status and headers as the front reads them. It passes over what it does not read.
func (f *front) setHead(a *answer, status int, header http.Header) {
	a.StatusCode = status
	if f.described {
		a.StatusDescription = strconv.Itoa(status) + " " + cmp.Or(http.StatusText(status), "Other")
	}
	if f.multiValue {
		a.MultiValueHeaders = header
	} else {
		a.Headers = flatten(header)
	}
}

func flatten(header http.Header) map[string]string {
	flat := make(map[string]string, len(header))
	for name, values := range header {
		flat[name] = strings.Join(values, ",")
	}
	return flat
}
