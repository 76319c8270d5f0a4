package double

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxTarget is the largest body, and the largest payload of an answer, that a load balancer takes, in bytes.
const maxTarget = 1 << 20

const albDomain = "lambda-alb-1334523864." + region + ".elb.amazonaws.com"

// An ALB is an Application Load Balancer with the function as its target. It delivers whole answers, and
// waits for them as long as the function may run.
type ALB struct {
	Function   *Function
	MultiValue bool // the target group's attribute lambda.multi_value_headers.enabled
}

// targetEvent is an HTTP request for a target. One kind of maps is there, the other is not.
type targetEvent struct {
	RequestContext struct {
		ELB struct {
			TargetGroupARN string `json:"targetGroupArn"`
		} `json:"elb"`
	} `json:"requestContext"`
	HTTPMethod                      string              `json:"httpMethod"`
	Path                            string              `json:"path"`
	QueryStringParameters           map[string]string   `json:"queryStringParameters,omitzero"`
	MultiValueQueryStringParameters map[string][]string `json:"multiValueQueryStringParameters,omitzero"`
	Headers                         map[string]string   `json:"headers,omitempty"`
	MultiValueHeaders               map[string][]string `json:"multiValueHeaders,omitempty"`
	Body                            string              `json:"body"`
	IsBase64Encoded                 bool                `json:"isBase64Encoded"`
}

// RoundTrip implements http.RoundTripper. Of the request's URL only path and query count.
func (a *ALB) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Upgrade") != "" {
		return refuse(r, http.StatusBadRequest), nil
	}
	headers := forwardedHeaders(r.Header, albDomain, true)
	if connection := r.Header["Connection"]; connection != nil { // which this front passes on
		headers["connection"] = connection
	}
	return a.send(r, headers)
}

// Check asks as the health check of a target group does: of all headers there is one. The caller closes the
// answer's body.
func (a *ALB) Check(ctx context.Context, path string) (*http.Response, error) {
	r := (&http.Request{Method: http.MethodGet, URL: &url.URL{Path: path}}).WithContext(ctx)
	return a.send(r, map[string][]string{"user-agent": {"ELB-HealthChecker/2.0"}})
}

func (a *ALB) send(r *http.Request, headers map[string][]string) (*http.Response, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	if len(body) > maxTarget {
		return refuse(r, http.StatusRequestEntityTooLarge), nil
	}
	event := targetEvent{HTTPMethod: r.Method, Path: r.URL.EscapedPath()}
	event.RequestContext.ELB.TargetGroupARN = "arn:aws:elasticloadbalancing:" + region + ":" + account + ":targetgroup/lambda-target/abcdefg"
	event.Body, event.IsBase64Encoded = eventBody(body, isText(r.Header.Get("Content-Type")))
	query := queryValues(r.URL.RawQuery, asWritten)
	if a.MultiValue {
		event.MultiValueHeaders, event.MultiValueQueryStringParameters = headers, query
	} else {
		event.Headers, event.QueryStringParameters = lastValues(headers), lastValues(query)
	}
	return gateway{a.reply, http.StatusBadGateway, http.StatusBadGateway}.invoke(r.Context(), r, a.Function, event)
}

// reply makes the response of a payload that has all that a load balancer needs. Of the two maps of headers
// it reads the one of its kind.
func (a *ALB) reply(r *http.Request, payload []byte) (reply *http.Response, ok bool) {
	answer, ok := readProxyAnswer(payload)
	if !ok || len(payload) > maxTarget || answer.IsBase64Encoded == nil || answer.Body == nil {
		return nil, false
	}
	if d := answer.StatusDescription; d == nil || !strings.HasPrefix(*d, strconv.Itoa(answer.StatusCode)+" ") {
		return nil, false
	}
	if a.MultiValue {
		answer.Headers = nil
	} else {
		answer.MultiValueHeaders = nil
	}
	return answer.reply(r, answer.merged(), answer.isBase64())
}
