package lambda_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// trusting is a connections file without callers, where an authorizer in front is enough.
func trusting(endpoint string, trust string) string {
	return strings.Replace(one(endpoint, ""), `{"connections"`, `{"auth":{"trustPlatform":`+trust+`},"connections"`, 1)
}

// An authorizer lets callers in where the operator said so, and its absence lets in nobody.
func TestAuthorizers(t *testing.T) {
	e := newEndpoint(t, nil)
	trust, distrust := start(t, trusting(e.URL, "true")), start(t, trusting(e.URL, "false"))
	for authorizer, lets := range map[string]bool{
		`{"jwt":{"claims":{"sub":"x"},"scopes":["a"]}}`: true, `{"lambda":{"key":"value"}}`: true, `{"iam":{"userArn":"arn"}}`: true,
		`{"iam":{}}`: true, `{"principalId":"x","integrationLatency":3}`: true, `{"claims":{"sub":"x"},"scopes":null}`: true,
		`{}`: false, `{ }`: false, `null`: false, ``: false, `{"claims":null,"scopes":null}`: false,
	} {
		for name, front := range map[string]func(*double.Function) http.RoundTripper{
			"HTTP API": func(f *double.Function) http.RoundTripper {
				return &double.HTTPAPI{Function: f, Authorizer: json.RawMessage(authorizer)}
			},
			"HTTP API, format 1.0": func(f *double.Function) http.RoundTripper {
				return &double.HTTPAPI{Function: f, Authorizer: json.RawMessage(authorizer), Format1: true}
			},
			"REST API": func(f *double.Function) http.RoundTripper {
				return based{&double.RESTAPI{Function: f, Authorizer: json.RawMessage(authorizer)}}
			},
			"Function URL": func(f *double.Function) http.RoundTripper {
				return &double.FunctionURL{Function: f, Authorizer: json.RawMessage(authorizer)}
			},
		} {
			r := call(t, "GET", "/models", "")
			r.Header.Del("Api-Key")
			if got := send(t, front(trust.Function), r.Clone(t.Context())); (got.status == http.StatusOK) != lets || !lets && got.status != http.StatusUnauthorized {
				t.Errorf("%s, authorizer %s: got %d %s", name, authorizer, got.status, got.body)
			}
			if got := send(t, front(distrust.Function), r); got.status != http.StatusUnauthorized {
				t.Errorf("%s, authorizer %s without trustPlatform: got %d %s", name, authorizer, got.status, got.body)
			}
		}
	}
}

// What a caller writes into a request is not what the platform says.
func TestAuthorizersCannotBeForged(t *testing.T) {
	f := start(t, trusting(newEndpoint(t, nil).URL, "true"))
	r := call(t, "GET", "/models?requestContext.authorizer=x&authorizer=%7B%22iam%22%3A%7B%22a%22%3A1%7D%7D", "")
	r.Header = http.Header{"X-Amzn-Oidc-Data": {"x.y.z"}, "X-Amzn-Oidc-Identity": {"x"}, "Authorizer": {`{"iam":{"a":1}}`}, "X-Amzn-Request-Context": {`{"authorizer":{"iam":{"a":1}}}`}, "Requestcontext": {`{"authorizer":{"iam":{}}}`}}
	for name, front := range fronts(f.Function, start(t, trusting(newEndpoint(t, nil).URL, "true"), streamed).Function) {
		if got := send(t, front, r.Clone(t.Context())); got.status != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
	body := `{"requestContext":{"authorizer":{"iam":{"a":1}}},` + chat[1:]
	r = call(t, "POST", chatTarget, body)
	r.Header.Del("Api-Key")
	if got := send(t, &double.HTTPAPI{Function: f.Function}, r); got.status != http.StatusUnauthorized {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// Callers keep their keys beside an authorizer, and those without either stay out.
func TestKeysBesideAnAuthorizer(t *testing.T) {
	f := start(t, trusting(newEndpoint(t, nil).URL, "true"))
	if got := send(t, &double.FunctionURL{Function: f.Function}, call(t, "GET", "/models", "")); got.status != http.StatusOK {
		t.Errorf("got %d %s", got.status, got.body)
	}
}
