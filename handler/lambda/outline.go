package lambda

import (
	"encoding/json"
	"strings"

	"inferenceconnector/connector"
)

// outline is what tells events apart (contract/aws-lambda.md sections 5 and 6).
type outline struct {
	Version           string                     `json:"version"`
	Type              string                     `json:"type"` // an authorizer has one
	Resource          string                     `json:"resource"`
	HTTPMethod        string                     `json:"httpMethod"`
	MultiValueHeaders map[string]json.RawMessage `json:"multiValueHeaders"`
	RequestContext    struct {
		DomainName   string                     `json:"domainName"`
		ResourcePath string                     `json:"resourcePath"`
		ConnectionID string                     `json:"connectionId"` // a WebSocket has one
		ELB          map[string]json.RawMessage `json:"elb"`
		HTTP         struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`

	Records []struct {
		EventSource string `json:"eventSource"`
	} `json:"Records"`
	Schedule   string `json:"schedule"`
	DetailType string `json:"detail-type"` // EventBridge
}

// outlineOf looks at an event. What has another type than it should counts as absent.
func outlineOf(event []byte) (o outline) {
	_ = json.Unmarshal(event, &o)
	return o
}

func (o *outline) isHTTP() bool { return o.Type == "" && o.RequestContext.ConnectionID == "" }

func (o *outline) isFormat2() bool {
	return o.isHTTP() && o.Version == "2.0" && o.RequestContext.HTTP.Method != ""
}

// isFunctionURL tells a Function URL from an API: an API's own domain, or a custom one, looks different.
func (o *outline) isFunctionURL() bool {
	return o.isFormat2() && strings.Contains(o.RequestContext.DomainName, ".lambda-url.")
}

func (o *outline) isHTTPAPI() bool { return o.isFormat2() && !o.isFunctionURL() }

func (o *outline) isFormat1() bool {
	return o.isHTTP() && o.HTTPMethod != "" && o.RequestContext.ELB == nil &&
		(o.Resource != "" || o.RequestContext.ResourcePath != "")
}

func (o *outline) isLoadBalancer() bool {
	return o.isHTTP() && o.HTTPMethod != "" && o.RequestContext.ELB != nil && o.MultiValueHeaders == nil
}

func (o *outline) isMultiValueLoadBalancer() bool {
	return o.isHTTP() && o.HTTPMethod != "" && o.RequestContext.ELB != nil && o.MultiValueHeaders != nil
}

// isBatch reports whether the event is a batch of SQS. Other sources have records, too.
func (o *outline) isBatch() bool {
	for _, r := range o.Records {
		if r.EventSource != "aws:sqs" {
			return false
		}
	}
	return len(o.Records) > 0
}

func unknownEvent() *connector.Error {
	return &connector.Error{
		Code: connector.InvalidRequest,
		Message: `This event has no known shape. Known: Function URL, HTTP API (formats 1.0 and 2.0), REST API, ` +
			`Application Load Balancer, SQS, scheduled events of EventBridge rules, {"schedule":"NAME"}, ` +
			`and for direct calls {"action":"GetChatCompletions","connection":"default","input":{...}}.`,
	}
}
