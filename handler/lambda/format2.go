package lambda

import "encoding/json"

// format2 is the event of a Function URL, or of an HTTP API in the format 2.0. Its cookies, which it holds
// apart, mean nothing to us.
type format2 struct {
	RawPath         string            `json:"rawPath"`
	RawQueryString  string            `json:"rawQueryString"`
	Headers         map[string]string `json:"headers"` // repeats are joined by commas
	Body            string            `json:"body"`
	IsBase64Encoded bool              `json:"isBase64Encoded"`
	RequestContext  struct {
		Stage      string     `json:"stage"`
		Authorizer authorizer `json:"authorizer"`
		HTTP       struct {
			Method string `json:"method"`
		} `json:"http"`
	} `json:"requestContext"`
}

func (e *format2) incoming(path string) *incoming {
	return &incoming{
		method: e.RequestContext.HTTP.Method, path: path, query: e.RawQueryString,
		header: newHeader(either(nil, e.Headers)), body: e.Body, isBase64: e.IsBase64Encoded,
		authorized: e.RequestContext.Authorizer.letIn(),
	}
}

// readFunctionURL reads a path as the caller wrote it.
func readFunctionURL(event []byte) (*incoming, error) {
	var e format2
	err := json.Unmarshal(event, &e)
	return e.incoming(e.RawPath), err
}

// readHTTPAPI reads a path that comes decoded, with its stage in front.
func readHTTPAPI(event []byte) (*incoming, error) {
	var e format2
	err := json.Unmarshal(event, &e)
	return e.incoming(escaped(cutStage(e.RawPath, e.RequestContext.Stage))), err
}
