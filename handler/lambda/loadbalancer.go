package lambda

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
)

// loadBalancer is the event of an Application Load Balancer. Which of the maps it has is an attribute of its
// target group.
type loadBalancer struct {
	Path            string              `json:"path"`
	HTTPMethod      string              `json:"httpMethod"`
	Headers         map[string]string   `json:"headers"`
	MultiHeaders    map[string][]string `json:"multiValueHeaders"`
	Query           map[string]string   `json:"queryStringParameters"` // as the caller wrote it
	MultiQuery      map[string][]string `json:"multiValueQueryStringParameters"`
	Body            string              `json:"body"`
	IsBase64Encoded bool                `json:"isBase64Encoded"`
}

// readLoadBalancer reads a request that nobody in front has authorized: what a load balancer says of users is
// in headers, which callers can write wherever it is not set up to.
func readLoadBalancer(event []byte) (*incoming, error) {
	var e loadBalancer
	err := json.Unmarshal(event, &e)
	return &incoming{
		method: e.HTTPMethod, path: e.Path, query: joined(either(e.MultiQuery, e.Query)),
		header: newHeader(either(e.MultiHeaders, e.Headers)), body: e.Body, isBase64: e.IsBase64Encoded,
	}, err
}

// joined is a query of names and values that are escaped already.
func joined(values map[string][]string) string {
	var pairs []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			pairs = append(pairs, name+"="+value)
		}
	}
	return strings.Join(pairs, "&")
}
