package double_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// wantMembers compares members of an event, as JSON, by their names on the way there.
func wantMembers(t *testing.T, event map[string]any, want map[string]string) {
	t.Helper()
	for path, want := range want {
		var value any = event
		for name := range strings.SplitSeq(path, ".") {
			object, _ := value.(map[string]any)
			value = object[name]
		}
		if got, err := json.Marshal(value); err != nil || string(got) != want {
			t.Errorf("%s: got %s, %v, want %s", path, got, err, want)
		}
	}
}

// sent returns the event that a front makes of a request, which the function says back as its answer's body.
func sent(t *testing.T, front http.RoundTripper, r *http.Request) (event map[string]any) {
	t.Helper()
	reply, text := roundTrip(t, front, r)
	if err := json.Unmarshal([]byte(text), &event); err != nil || reply.StatusCode != 200 {
		t.Fatalf("got status %d and %q, %v", reply.StatusCode, text, err)
	}
	return event
}

func manyHeaders(t *testing.T, target, contentType, body string) *http.Request {
	t.Helper()
	r := request(t, "POST", target, body)
	r.Header = http.Header{"X-A": {"1", "2, 3"}, "Content-Type": {contentType}, "X-Forwarded-For": {"10.0.0.1"}}
	return r
}

const manyValues = "/a%2Fb%3Fc?x=1&x=%26+2&y"

func TestEventsOfRESTAPIs(t *testing.T) {
	f := start(t, "mirrors")
	api := &double.RESTAPI{Function: f, Authorizer: []byte(`{"principalId":"p"}`), BinaryMediaTypes: []string{"image/*"}}
	wantMembers(t, sent(t, api, manyHeaders(t, "/prod"+manyValues, "text/plain", "h\xff")), map[string]string{
		"path":                             `"/a%2Fb%3Fc"`,
		"requestContext.path":              `"/prod/a%2Fb%3Fc"`,
		"requestContext.stage":             `"prod"`,
		"resource":                         `"/{proxy+}"`,
		"requestContext.resourcePath":      `"/{proxy+}"`,
		"pathParameters":                   `{"proxy":"a%2Fb%3Fc"}`,
		"version":                          `null`,
		"queryStringParameters":            `{"x":"\u0026 2","y":""}`,
		"multiValueQueryStringParameters":  `{"x":["1","\u0026 2"],"y":[""]}`,
		"headers.X-A":                      `"2, 3"`,
		"multiValueHeaders.X-A":            `["1","2, 3"]`,
		"headers.X-Forwarded-For":          `"10.0.0.1, 192.0.2.1"`,
		"requestContext.identity.sourceIp": `"192.0.2.1"`,
		"requestContext.authorizer":        `{"principalId":"p"}`,
		"body":                             `"h` + "\ufffd" + `"`,
		"isBase64Encoded":                  `false`,
	})
	wantMembers(t, sent(t, api, manyHeaders(t, "/prod/", "image/png", "hi")), map[string]string{
		"resource": `"/"`, "pathParameters": `null`, "body": `"aGk="`, "isBase64Encoded": `true`,
		"queryStringParameters": `null`, "multiValueQueryStringParameters": `null`,
	})
}

// At a domain of the owner's the path has the base path, and the stage shows nowhere in it.
func TestEventsOfRESTAPIsAtTheirOwnDomain(t *testing.T) {
	api := &double.RESTAPI{Function: start(t, "mirrors"), Stage: "test", Domain: "api.example.com", BasePath: "models/v1"}
	wantMembers(t, sent(t, api, manyHeaders(t, "/models/v1"+manyValues, "image/png", "")), map[string]string{
		"path":                      `"/models/v1/a%2Fb%3Fc"`,
		"requestContext.path":       `"/models/v1/a%2Fb%3Fc"`,
		"requestContext.stage":      `"test"`,
		"pathParameters.proxy":      `"a%2Fb%3Fc"`,
		"headers.Host":              `"api.example.com"`,
		"requestContext.authorizer": `null`,
		"body":                      `null`,
	})
}

func TestEventsOfHTTPAPIsInFormat1(t *testing.T) {
	api := &double.HTTPAPI{Function: start(t, "mirrors"), Stage: "prod", Format1: true}
	wantMembers(t, sent(t, api, manyHeaders(t, "/prod"+manyValues, "image/png", "hi")), map[string]string{
		"version":                   `"1.0"`,
		"path":                      `"/prod/a/b"`,
		"requestContext.path":       `"/prod/a/b"`,
		"resource":                  `"$default"`,
		"multiValueHeaders.x-a":     `["1","2, 3"]`,
		"body":                      `"aGk="`,
		"requestContext.authorizer": `{"claims":null,"scopes":null}`,
		"pathParameters":            `null`,
	})
}

func TestAnswersOfFormat1(t *testing.T) {
	f := start(t, "answers")
	plain, binary := &double.RESTAPI{Function: f}, &double.RESTAPI{Function: f, BinaryMediaTypes: []string{"image/png"}}
	failed := http.Header{"Content-Type": {"application/json"}}
	for name, test := range map[string]struct {
		front   *double.RESTAPI
		payload string
		status  int
		header  http.Header
		body    string
	}{
		"whole": {plain, `{"statusCode":201,"headers":{"a":"1","b":"1"},"multiValueHeaders":{"A":["1","2"],"B":["2"]},"body":"hi"}`,
			201, http.Header{"A": {"1", "2"}, "B": {"2", "1"}}, "hi"},
		"no body":             {plain, `{"statusCode":204,"body":null}`, 204, http.Header{}, ""},
		"its length":          {plain, `{"statusCode":200,"headers":{"content-length":"7"},"body":"hi"}`, 200, http.Header{}, "hi"},
		"bytes are text here": {plain, `{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, 200, http.Header{}, "aGk="},
		"bytes":               {binary, `{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, 200, http.Header{}, "hi"},
		"bad bytes":           {binary, `{"statusCode":200,"body":"?","isBase64Encoded":true}`, 502, failed, `{"message":"Bad Gateway"}`},
		"malformed: status":   {plain, `{"body":"hi"}`, 502, failed, `{"message":"Bad Gateway"}`},
		"malformed: number":   {plain, `{"statusCode":"200"}`, 502, failed, `{"message":"Bad Gateway"}`},
		"malformed: body":     {plain, `{"statusCode":200,"body":{}}`, 502, failed, `{"message":"Bad Gateway"}`},
		"malformed: headers":  {plain, `{"statusCode":200,"headers":{"a":["1"]}}`, 502, failed, `{"message":"Bad Gateway"}`},
		"malformed: list":     {plain, `[]`, 502, failed, `{"message":"Bad Gateway"}`},
	} {
		r := request(t, "POST", "/prod/", test.payload)
		reply, body := roundTrip(t, test.front, r)
		if reply.StatusCode != test.status || !equalHeaders(reply.Header, test.header) || body != test.body {
			t.Errorf("%s: got %d %v %q, want %d %v %q", name, reply.StatusCode, reply.Header, body, test.status, test.header, test.body)
		}
	}
}
