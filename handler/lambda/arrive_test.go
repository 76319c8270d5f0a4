package lambda

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// seen is what arrives of an event at the surface: the request line, the headers that are not plain, the body.
type seen struct{ line, header, body string }

func arrive(t *testing.T, event string) (got seen) {
	t.Helper()
	h := &Host{HTTP: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || int64(len(body)) != r.ContentLength {
			t.Errorf("%d bytes of body, %v, want %d", len(body), err, r.ContentLength)
		}
		got = seen{r.Method + " " + r.RequestURI, strings.Join(r.Header["X-A"], "|"), string(body)}
	})}
	if _, err := h.handle(t.Context(), json.RawMessage(event)); err != nil {
		t.Error(err)
	}
	return got
}

// Every form in which a front tells of a request comes to the request that was sent.
func TestEventsBecomeRequests(t *testing.T) {
	const elb = `"requestContext":{"elb":{"targetGroupArn":"arn"}}`
	for name, test := range map[string]struct {
		event string
		want  seen
	}{
		"REST":                              {`{"resource":"/{proxy+}","path":"/models","httpMethod":"GET","pathParameters":{"proxy":"models"},"requestContext":{"path":"/prod/models","stage":"prod"},"body":null}`, seen{line: "GET /models"}},
		"REST, only resourcePath":           {`{"path":"/base/models","httpMethod":"GET","requestContext":{"resourcePath":"/models"}}`, seen{line: "GET /models"}},
		"REST, base path":                   {`{"resource":"/{proxy+}","path":"/ai/v1/models/","httpMethod":"GET","pathParameters":{"proxy":"v1/models"}}`, seen{line: "GET /v1/models"}},
		"REST, greedy below":                {`{"resource":"/ai/{rest+}","path":"/x/ai/v1/models","httpMethod":"GET","pathParameters":{"rest":"v1/models"}}`, seen{line: "GET /v1/models"}},
		"REST, greedy unknown":              {`{"resource":"/{proxy+}","path":"/v1/models","httpMethod":"GET","pathParameters":null}`, seen{line: "GET /v1/models"}},
		"REST, greedy decoded":              {`{"resource":"/{proxy+}","path":"/b/connections/a%2Fb/models","httpMethod":"GET","pathParameters":{"proxy":"connections/a/b/models"}}`, seen{line: "GET /connections/a%2Fb/models"}},
		"REST, greedy encoded":              {`{"resource":"/{proxy+}","path":"/b/connections/a%2Fb/models","httpMethod":"GET","pathParameters":{"proxy":"connections/a%2Fb/models"}}`, seen{line: "GET /connections/a%2Fb/models"}},
		"REST, resource":                    {`{"resource":"/v1/models","path":"/ai/v1/models","httpMethod":"GET"}`, seen{line: "GET /v1/models"}},
		"REST, resource with parameters":    {`{"resource":"/connections/{c}/models","path":"/ai/connections/a%2Fb/models","httpMethod":"GET"}`, seen{line: "GET /connections/a%2Fb/models"}},
		"REST, resource longer than a path": {`{"resource":"/a/b/c","path":"/c","httpMethod":"GET"}`, seen{line: "GET /c"}},
		"REST, root":                        {`{"resource":"/","path":"/ai","httpMethod":"GET"}`, seen{line: "GET /"}},
		"REST, twice encoded":               {`{"resource":"/{proxy+}","path":"/models/50%2525","httpMethod":"GET"}`, seen{line: "GET /models/50%2525"}},
		"REST, query": {`{"resource":"/models","path":"/models","httpMethod":"GET","multiValueQueryStringParameters":{"a":["1","2&b=3"],"é":["+ %"]},"queryStringParameters":{"a":"2","z":"0"}}`,
			seen{line: "GET /models?a=1&a=2%26b%3D3&%C3%A9=%2B+%25"}},
		"REST, single query": {`{"resource":"/models","path":"/models","httpMethod":"GET","multiValueQueryStringParameters":null,"queryStringParameters":{"a":"2&b"}}`, seen{line: "GET /models?a=2%26b"}},
		"REST, headers":      {`{"resource":"/","path":"/","httpMethod":"GET","headers":{"x-a":"2"},"multiValueHeaders":{"x-a":["1, 1","2"]}}`, seen{"GET /", "1, 1|2", ""}},
		"REST, single headers": {`{"resource":"/","path":"/","httpMethod":"GET","headers":{"X-a":"Sat, 21 Nov"},"multiValueHeaders":{}}`,
			seen{"GET /", "Sat, 21 Nov", ""}},
		"REST, body":    {`{"resource":"/","path":"/","httpMethod":"POST","body":"{\"a\":1}"}`, seen{"POST /", "", `{"a":1}`}},
		"REST, base64":  {`{"resource":"/","path":"/","httpMethod":"POST","body":"eyJhIjoxfQ==","isBase64Encoded":true}`, seen{"POST /", "", `{"a":1}`}},
		"1.0":           {`{"version":"1.0","resource":"/{proxy+}","path":"/prod/connections/a b?/models","httpMethod":"GET","pathParameters":{"proxy":"connections/a b?/models"},"requestContext":{"stage":"prod"}}`, seen{line: "GET /connections/a%20b%3F/models"}},
		"1.0, $default": {`{"version":"1.0","resource":"$default","path":"/prod/models","httpMethod":"GET","requestContext":{"stage":"prod"}}`, seen{line: "GET /models"}},
		"1.0, $default, no stage": {`{"version":"1.0","resource":"$default","path":"/models","httpMethod":"GET","requestContext":{"stage":"$default"},"queryStringParameters":{"a":"1"}}`,
			seen{line: "GET /models?a=1"}},
		"2.0, cookies": {`{"version":"2.0","rawPath":"/models","cookies":["a=1","b=2"],"headers":{"x-a":"1,2"},"requestContext":{"http":{"method":"GET"}}}`, seen{"GET /models", "1,2", ""}},
		"ALB":          {`{` + elb + `,"httpMethod":"GET","path":"/connections/a%2Fb/models","queryStringParameters":{"b":"%26%3d+1,2","a":""},"headers":{"x-a":"1, 2"},"body":""}`, seen{"GET /connections/a%2Fb/models?a=&b=%26%3d+1,2", "1, 2", ""}},
		"ALB, multi":   {`{` + elb + `,"httpMethod":"GET","path":"/models","multiValueQueryStringParameters":{"a":["%26","2"],"%C3%A9":["x"]},"multiValueHeaders":{"x-a":["1","2"]}}`, seen{"GET /models?%C3%A9=x&a=%26&a=2", "1|2", ""}},
		"ALB, base64":  {`{` + elb + `,"httpMethod":"POST","path":"/","headers":{},"body":"e30=","isBase64Encoded":true}`, seen{"POST /", "", "{}"}},
		"no path":      {`{` + elb + `,"httpMethod":"GET","path":"","headers":null}`, seen{line: "GET /"}},
		"same name":    {`{` + elb + `,"httpMethod":"GET","path":"/","headers":{"X-A":"1","x-a":"1"}}`, seen{"GET /", "1|1", ""}},
		"null values":  {`{` + elb + `,"httpMethod":"GET","path":"/","multiValueHeaders":{"x-a":null},"multiValueQueryStringParameters":{"a":null},"body":null}`, seen{line: "GET /"}},
	} {
		t.Run(name, func(t *testing.T) {
			if got := arrive(t, test.event); got != test.want {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

// An API hangs up long before the function ends; nothing else does.
func TestTimeForEachFront(t *testing.T) {
	for name, want := range map[string]time.Duration{
		"apigw-v2-request-iam": 28 * time.Second, "apigw-request": 28 * time.Second,
		"lambda-urls-request": 899 * time.Second, "alb-lambda-target-request-headers-only": 899 * time.Second,
		"alb-lambda-target-request-multivalue-headers": 899 * time.Second,
	} {
		event := readSample(t, name)
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), 900*time.Second)
			defer cancel()
			h := &Host{HTTP: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
				if deadline, ok := r.Context().Deadline(); !ok || time.Until(deadline) != want {
					t.Errorf("%s: got %v, want %v", name, time.Until(deadline), want)
				}
			})}
			if _, err := h.handle(ctx, event); err != nil {
				t.Error(err)
			}
		})
	}
}

// What a handler says more than once reaches a front that can tell.
func TestRepeatedHeadersOfAnswers(t *testing.T) {
	h := &Host{HTTP: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["X-A"] = []string{"1", "2, 3"}
		w.WriteHeader(http.StatusTeapot)
	})}
	for name, want := range map[string]string{
		"apigw-request":        `{"statusCode":418,"multiValueHeaders":{"X-A":["1","2, 3"]},"body":"","isBase64Encoded":false}`,
		"apigw-v2-request-iam": `{"statusCode":418,"headers":{"X-A":"1,2, 3"},"body":"","isBase64Encoded":false}`,
		"alb-lambda-target-request-multivalue-headers": `{"statusCode":418,"statusDescription":"418 I'm a teapot","multiValueHeaders":{"X-A":["1","2, 3"]},"body":"","isBase64Encoded":false}`,
		"alb-lambda-target-request-headers-only":       `{"statusCode":418,"statusDescription":"418 I'm a teapot","headers":{"X-A":"1,2, 3"},"body":"","isBase64Encoded":false}`,
	} {
		event := readSample(t, name)
		got, err := h.handle(t.Context(), event)
		if text := read(t, got); err != nil || text != want {
			t.Errorf("%s: got %s, %v\nwant %s", name, text, err, want)
		}
	}
}

// Connections that nobody watched for a while are not used again; others are, as a new one takes its time.
func TestIdleConnectionsEndWithASleep(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		closed := 0
		h := &Host{CloseIdle: func() { closed++ }, HTTP: http.HandlerFunc(func(http.ResponseWriter, *http.Request) { time.Sleep(time.Minute) })}
		for i, test := range []struct {
			sleep time.Duration
			want  int
		}{{time.Hour, 0}, {0, 0}, {time.Second, 0}, {1001 * time.Millisecond, 1}, {time.Hour, 2}, {time.Second / 2, 2}} {
			time.Sleep(test.sleep)
			if _, err := h.handle(t.Context(), readSample(t, "apigw-request")); err != nil || closed != test.want {
				t.Errorf("%d: closed %d times, %v, want %d", i, closed, err, test.want)
			}
		}
	})
}

// read returns what the runtime is given.
func read(t testing.TB, answer any) string {
	t.Helper()
	reader, ok := answer.(io.Reader)
	if !ok {
		t.Fatalf("got %T, want a payload", answer)
	}
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(text))
}

func readSample(t testing.TB, name string) []byte {
	t.Helper()
	event, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return event
}
