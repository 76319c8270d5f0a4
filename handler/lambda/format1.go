package lambda

import (
	"cmp"
	"encoding/json"
	"net/url"
	"strings"
)

// format1 is the event of a REST API, or of an HTTP API in the format 1.0.
type format1 struct {
	Version         string              `json:"version"` // of HTTP APIs only
	Resource        string              `json:"resource"`
	Path            string              `json:"path"`
	HTTPMethod      string              `json:"httpMethod"`
	Headers         map[string]string   `json:"headers"`
	MultiHeaders    map[string][]string `json:"multiValueHeaders"`
	Query           map[string]string   `json:"queryStringParameters"` // decoded
	MultiQuery      map[string][]string `json:"multiValueQueryStringParameters"`
	PathParameters  map[string]string   `json:"pathParameters"`
	Body            string              `json:"body"`
	IsBase64Encoded bool                `json:"isBase64Encoded"`
	RequestContext  struct {
		ResourcePath string     `json:"resourcePath"`
		Stage        string     `json:"stage"`
		Authorizer   authorizer `json:"authorizer"`
	} `json:"requestContext"`
}

func readFormat1(event []byte) (*incoming, error) {
	var e format1
	err := json.Unmarshal(event, &e)
	path := e.route()
	if e.Version != "" { // an HTTP API, which decodes
		path = escaped(path)
	}
	return &incoming{
		method: e.HTTPMethod, path: path, query: url.Values(either(e.MultiQuery, e.Query)).Encode(),
		header: newHeader(either(e.MultiHeaders, e.Headers)), body: e.Body, isBase64: e.IsBase64Encoded,
		authorized: e.RequestContext.Authorizer.letIn(),
	}, err
}

// route is the path without what the API has in front of it: the base path of a domain of one's own, the
// stage of an HTTP API, what stands before a greedy parameter such as {proxy+}.
func (e *format1) route() string {
	resource := cmp.Or(e.Resource, e.RequestContext.ResourcePath)
	if !strings.HasPrefix(resource, "/") { // $default, which says nothing about the path
		return cutStage(e.Path, e.RequestContext.Stage)
	}
	path := strings.Trim(e.Path, "/")
	if name, greedy := strings.CutSuffix(resource[strings.LastIndexByte(resource, '{')+1:], "+}"); greedy {
		return tail(path, e.PathParameters[name])
	}
	segments := strings.Split(path, "/")
	own := strings.Count(strings.TrimRight(resource, "/"), "/")
	return strings.Join(segments[max(len(segments)-own, 0):], "/")
}

// tail returns the end of a path that a parameter holds, decoded or not; without one, the path.
func tail(path, held string) string {
	held = strings.Trim(held, "/")
	for rest := path; held != ""; {
		if plain, err := url.PathUnescape(rest); rest == held || err == nil && plain == held {
			return rest
		}
		i := strings.IndexByte(rest, '/')
		if i < 0 {
			break
		}
		rest = rest[i+1:]
	}
	return path
}
