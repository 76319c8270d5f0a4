package double_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

// roundTrip sends a request through a front.
func roundTrip(t *testing.T, front http.RoundTripper, r *http.Request) (*http.Response, string) {
	t.Helper()
	reply, err := front.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	body, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply, string(body)
}

func request(t *testing.T, method, target, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://front"+target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// httpEvent are the fields of an event that a front decides about.
type httpEvent struct {
	Version, RawPath, RawQueryString, Body string
	Cookies                                []string
	Headers, QueryStringParameters         map[string]string
	IsBase64Encoded                        bool
	RequestContext                         struct {
		DomainName, Stage string
		Authorizer        any
		HTTP              struct{ Method, Path, SourceIP string }
	}
}

// A function that returns its event: without a statusCode, the whole value is the body.
func TestEvents(t *testing.T) {
	f := start(t, "echo")
	send := func(front http.RoundTripper, target, contentType, body string) (e httpEvent) {
		r := request(t, "POST", target, body)
		r.Header = http.Header{"X-A": {"1", "2, 3"}, "Cookie": {"s=1; t=2"}, "Content-Type": {contentType}}
		reply, text := roundTrip(t, front, r)
		if err := json.Unmarshal([]byte(text), &e); err != nil || reply.StatusCode != 200 {
			t.Fatalf("got status %d and %q, %v", reply.StatusCode, text, err)
		}
		return e
	}
	url := send(&double.FunctionURL{Function: f}, "/a%2Fb%3Fc?x=1&x=%26", "application/json; charset=utf-8", "{}")
	api := send(&double.HTTPAPI{Function: f, Authorizer: []byte(`{"jwt":{}}`)}, "/a%2Fb%3Fc?x=1&x=%26", "image/png", "hi")
	staged := send(&double.HTTPAPI{Function: f, Stage: "prod"}, "/prod/a", "text/plain", "")
	for name, test := range map[string]struct{ got, want any }{
		"version":                {url.Version, "2.0"},
		"path of a Function URL": {url.RawPath, "/a%2Fb%3Fc"},
		"path of an API":         {api.RawPath, "/a/b"},
		"path with a stage":      {staged.RawPath, "/prod/a"},
		"stage":                  {staged.RequestContext.Stage + " " + api.RequestContext.Stage, "prod $default"},
		"query":                  {url.RawQueryString, "x=1&x=%26"},
		"query parameters":       {url.QueryStringParameters["x"], "1,&"},
		"joined header":          {url.Headers["x-a"], "1,2, 3"},
		"cookies":                {strings.Join(api.Cookies, "|"), "s=1|t=2"},
		"cookie of an API":       {api.Headers["cookie"], ""},
		"host":                   {url.Headers["host"], url.RequestContext.DomainName},
		"text":                   {url.Body, "{}"},
		"bytes":                  {api.Body, "aGk="},
		"bytes are told":         {api.IsBase64Encoded && !url.IsBase64Encoded, true},
		"no body":                {staged.Body == "" && !staged.IsBase64Encoded, true},
		"authorizer":             {api.RequestContext.Authorizer != nil && url.RequestContext.Authorizer == nil, true},
		"method":                 {url.RequestContext.HTTP.Method, "POST"},
	} {
		if test.got != test.want {
			t.Errorf("%s: got %v, want %v", name, test.got, test.want)
		}
	}
}

// A function that returns what the request's body says.
func TestAnswers(t *testing.T) {
	f := start(t, "answers")
	for name, test := range map[string]struct {
		payload string
		status  int
		header  http.Header
		body    string
	}{
		"whole":        {`{"statusCode":201,"headers":{"x-a":"1,2"},"cookies":["a=1","b=2"],"body":"hi"}`, 201, http.Header{"X-A": {"1,2"}, "Set-Cookie": {"a=1", "b=2"}}, "hi"},
		"bytes":        {`{"statusCode":200,"body":"aGk=","isBase64Encoded":true}`, 200, http.Header{}, "hi"},
		"its length":   {`{"statusCode":200,"headers":{"content-length":"7"},"body":"hi"}`, 200, http.Header{}, "hi"},
		"another kind": {`{"statusCode":200,"multiValueHeaders":{"A":["b"]}}`, 200, http.Header{}, ""},
		"no answer":    {`{"a":1}`, 200, http.Header{"Content-Type": {"application/json"}}, `{"a":1}`},
		"bad bytes":    {`{"statusCode":200,"body":"?","isBase64Encoded":true}`, 500, http.Header{"Content-Type": {"application/json"}}, `{"message":"Internal Server Error"}`},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, "POST", "/", test.payload)
			r.Header.Set("Content-Type", "application/json")
			reply, body := roundTrip(t, &double.HTTPAPI{Function: f}, r)
			if reply.StatusCode != test.status || !equalHeaders(reply.Header, test.header) || body != test.body {
				t.Errorf("got %d %v %q, want %d %v %q", reply.StatusCode, reply.Header, body, test.status, test.header, test.body)
			}
		})
	}
}

func equalHeaders(got, want http.Header) bool {
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	return string(a) == string(b)
}

func TestFailuresBehindFronts(t *testing.T) {
	fails, swells, echo := start(t, "fails"), start(t, "swells"), start(t, "echo")
	large := strings.Repeat("x", double.MaxPayload)
	for name, test := range map[string]struct {
		front  http.RoundTripper
		body   string
		status int
	}{
		"HTTP API, function error":     {&double.HTTPAPI{Function: fails}, "", 500},
		"HTTP API, other stage":        {&double.HTTPAPI{Function: echo, Stage: "prod"}, "", 404},
		"HTTP API, large":              {&double.HTTPAPI{Function: echo}, large, 413},
		"HTTP API 1.0, function error": {&double.HTTPAPI{Function: fails, Format1: true}, "", 502},
		"REST API, function error":     {&double.RESTAPI{Function: fails, Stage: "production"}, "", 502},
		"REST API, other stage":        {&double.RESTAPI{Function: echo}, "", 403},
		"REST API, other base path":    {&double.RESTAPI{Function: echo, Domain: "a.example", BasePath: "prod"}, "", 403},
		"REST API, large":              {&double.RESTAPI{Function: echo, Stage: "production"}, large, 413},
		"REST API, large answer":       {&double.RESTAPI{Function: swells, Stage: "production"}, "", 502},
		"REST API, late":               {&double.RESTAPI{Function: start(t, "hangs"), Stage: "production", Timeout: 100 * time.Millisecond}, "", 504},
		"Function URL, function error": {&double.FunctionURL{Function: fails}, "", 502},
		"Function URL, large answer":   {&double.FunctionURL{Function: swells}, "", 502},
		"streamed, function error":     {&double.FunctionURL{Function: fails, Stream: true}, "", 502},
		"streamed, large":              {&double.FunctionURL{Function: echo, Stream: true}, large, 413},
	} {
		if reply, _ := roundTrip(t, test.front, request(t, "POST", "/production", test.body)); reply.StatusCode != test.status {
			t.Errorf("%s: got status %d, want %d", name, reply.StatusCode, test.status)
		}
	}
}

func TestStreamedFunctionURLs(t *testing.T) {
	r := request(t, "POST", "/", "one two")
	r.Header.Set("Content-Type", "text/plain")
	reply, body := roundTrip(t, &double.FunctionURL{Function: start(t, "streams"), Stream: true}, r)
	if want := (http.Header{"A": {"b"}, "Set-Cookie": {"c=d"}}); reply.StatusCode != 203 || !equalHeaders(reply.Header, want) || body != "onetwo" {
		t.Errorf("got %d %v %q", reply.StatusCode, reply.Header, body)
	}
}

// A stream without a head is all body: also one that would be an answer elsewhere.
func TestStreamsWithoutAHead(t *testing.T) {
	reply, body := roundTrip(t, &double.FunctionURL{Function: start(t, "echo"), Stream: true}, request(t, "GET", "/", ""))
	if reply.StatusCode != 200 || !strings.HasPrefix(body, `{"version":"2.0"`) {
		t.Errorf("got %d and %q", reply.StatusCode, body)
	}
}

// An answer that nobody reads does not hold the function up.
func TestAnswersToHead(t *testing.T) {
	f := start(t, "streams", timeout(10*time.Second))
	for range 3 {
		r := request(t, "HEAD", "/", strings.Repeat("many words ", 1000))
		r.Header.Set("Content-Type", "text/plain")
		if reply, body := roundTrip(t, &double.FunctionURL{Function: f, Stream: true}, r); reply.StatusCode != 203 || body != "" {
			t.Errorf("got %d and %q", reply.StatusCode, body)
		}
	}
}
