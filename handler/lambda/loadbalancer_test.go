package lambda_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// A load balancer reads the kind of headers that its target group is set to, and refuses an answer without
// a description.
func TestAnswersToLoadBalancers(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	for kind, test := range map[string]struct{ headers, want, other string }{
		"single": {`"headers":{"api-key":"` + callerKey + `"}`, "headers", "multiValueHeaders"},
		"multi":  {`"multiValueHeaders":{"api-key":["` + callerKey + `"]}`, "multiValueHeaders", "headers"},
	} {
		for path, want := range map[string]string{"/models": "200 OK", "/": "200 OK", "/nowhere": "404 Not Found", "/chat/completions": "405 Method Not Allowed"} {
			event := fmt.Sprintf(`{"requestContext":{"elb":{"targetGroupArn":"arn"}},"httpMethod":"GET","path":"%s",%s,"body":"","isBase64Encoded":false}`, path, test.headers)
			text, err := f.Invoke(t.Context(), []byte(event))
			var got map[string]any
			if err != nil || json.Unmarshal(text, &got) != nil {
				t.Fatalf("%s, %s: got %s, %v", kind, path, text, err)
			}
			if got["statusDescription"] != want || !strings.HasPrefix(want, fmt.Sprint(got["statusCode"])) || got["isBase64Encoded"] != false || got["body"] == "" {
				t.Errorf("%s, %s: got %s", kind, path, text)
			}
			if got[test.want] == nil || got[test.other] != nil {
				t.Errorf("%s, %s: wants %s only, got %s", kind, path, test.want, text)
			}
		}
	}
}

// A health check costs nothing: no credential, no log line, no call of the endpoint.
func TestHealthChecksOfLoadBalancers(t *testing.T) {
	e := newEndpoint(t, nil)
	f := start(t, one(e.URL, ""))
	for _, multi := range []bool{false, true} {
		for _, path := range []string{"/", "/healthz", "/readyz"} {
			answer, err := (&double.ALB{Function: f.Function, MultiValue: multi}).Check(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(answer.Body)
			_ = answer.Body.Close()
			if err != nil || answer.StatusCode != http.StatusOK || string(body) != "{\"status\":\"ok\"}\n" {
				t.Errorf("%s: got %d %s, %v", path, answer.StatusCode, body, err)
			}
		}
	}
	wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[]}`)
	if log := f.output.calls(t, 1); strings.Count(log, `"msg":"call"`) != 1 || e.calls.Load() > 0 {
		t.Errorf("%d calls of the endpoint, and the log says\n%s", e.calls.Load(), log)
	}
}

// A load balancer takes a sixth of what Lambda delivers.
func TestLargeAnswersToLoadBalancers(t *testing.T) {
	size := make(chan int, 1)
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
		answering(http.StatusOK, `{"text":"`+strings.Repeat("x", <-size)+`"}`)(w, r)
	})
	f := start(t, one(e.URL, ""))
	for _, multi := range []bool{false, true} {
		front := &double.ALB{Function: f.Function, MultiValue: multi}
		size <- 1<<20 - 2000
		if got := send(t, front, call(t, "POST", chatTarget, chat)); got.status != http.StatusOK || len(got.body) < 1<<20-2000 {
			t.Errorf("got %d and %d bytes", got.status, len(got.body))
		}
		size <- 1 << 20
		if got := send(t, front, call(t, "POST", chatTarget, chat)); got.status != http.StatusBadGateway || got.code != "ResponseTooLarge" || !strings.Contains(got.body, "1 MB") {
			t.Errorf("got %d %s %.300s", got.status, got.code, got.body)
		}
	}
}

// What callers escaped stays as it is, and is decoded once.
func TestQueriesArriveAsTheyWereWritten(t *testing.T) {
	f, s := start(t, one(newEndpoint(t, nil).URL, "")), start(t, one(newEndpoint(t, nil).URL, ""), streamed)
	for name, front := range fronts(f.Function, s.Function) {
		for query, want := range map[string]int{
			"api-version=2024-05-01-preview": 200, "api-version=2024%2D05%2d01-preview": 200, "a=1%262&b=%2B+%25&api-version=2024-05-01-preview": 200,
			"": 400, "api-version=2024%252D05-01-preview": 400, "x=api-version%3D2024-05-01-preview": 400, "x=1%26api-version=2024-05-01-preview": 400,
		} {
			if got := send(t, front, call(t, "POST", "/chat/completions?"+query, chat)); got.status != want {
				t.Errorf("%s, %s: got %d %.200s, want %d", name, query, got.status, got.body, want)
			}
		}
	}
}

// A credential that comes twice is nobody's, however a front tells of it.
func TestRepeatedCredentials(t *testing.T) {
	f, s := start(t, one(newEndpoint(t, nil).URL, "")), start(t, one(newEndpoint(t, nil).URL, ""), streamed)
	for name, front := range fronts(f.Function, s.Function) {
		if name == "load balancer" { // which tells of the last one only
			continue
		}
		r := call(t, "GET", "/models", "")
		r.Header["Api-Key"] = []string{callerKey, callerKey}
		if got := send(t, front, r); got.status != http.StatusUnauthorized {
			t.Errorf("%s: got %d %s", name, got.status, got.body)
		}
	}
}
