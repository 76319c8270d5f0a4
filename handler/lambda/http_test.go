package lambda_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// HTTP events that the platform sent, or its documentation shows, are understood.
func TestSampleEvents(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	for name, want := range map[string]string{
		"apigw-v2-request-no-authorizer":                              `{"statusCode":200,"headers":{"`, // GET /
		"apigw-v2-request-iam":                                        `{"statusCode":404,"headers":{"`,
		"apigw-v2-request-jwt-authorizer":                             `{"statusCode":404,"headers":{"`,
		"apigw-v2-request-lambda-authorizer":                          `{"statusCode":404,"headers":{"`,
		"lambda-urls-request":                                         `{"statusCode":404,"headers":{"`,
		"function-url-domain-only-get-request":                        `{"statusCode":200,"headers":{"`,
		"function-url-domain-only-get-request-trailing-slash":         `{"statusCode":200,"headers":{"`,
		"function-url-domain-only-request-with-base64-encoded-body":   `{"statusCode":405,"headers":{"`,
		"function-url-request-with-headers-and-cookies-and-text-body": `{"statusCode":404,"headers":{"`,
		"apigw-request":                                               `{"statusCode":404,"multiValueHeaders":{"`,
		"apigw-restapi-openapi-request":                               `{"statusCode":404,"multiValueHeaders":{"`,
		"alb-lambda-target-request-headers-only":                      `{"statusCode":200,"statusDescription":"200 OK","headers":{"`,
		"alb-lambda-target-request-multivalue-headers":                `{"statusCode":200,"statusDescription":"200 OK","multiValueHeaders":{"`,
	} {
		t.Run(name, func(t *testing.T) {
			got, err := f.Invoke(t.Context(), []byte(sample(t, name)))
			if err != nil || !strings.HasPrefix(string(got), want) {
				t.Errorf("got %s, %v, want %s", got, err, want)
			}
		})
	}
}

// What a front does to a request on its way harms none of it.
func TestRequestsArriveAsTheyAreMeant(t *testing.T) {
	const state, parent = "a=1,b=2", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	var mu sync.Mutex
	var seen http.Header
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		seen = r.Header
		answering(http.StatusOK, completion)(w, r)
	})
	for name, front := range fronts(start(t, one(e.URL, "")).Function, start(t, one(e.URL, ""), streamed).Function) {
		t.Run(name, func(t *testing.T) {
			r := call(t, "POST", "/connections/de%66ault//chat/completions/?api-version=2024%2D05-01-preview", chat)
			r.Header.Set("Tracestate", state)
			r.Header.Set("Traceparent", parent)
			r.Header["Cookie"] = []string{"session=secret", "other=secret"}
			got := send(t, front, r)
			mu.Lock()
			defer mu.Unlock()
			if got.status != http.StatusOK || got.body != completion {
				t.Errorf("got %d %s", got.status, got.body)
			}
			if got := seen["Tracestate"]; len(got) != 1 || got[0] != state {
				t.Errorf("got tracestate %q, want %q", got, state)
			}
			if text := fmt.Sprint(seen); strings.Contains(text, "session") || strings.Contains(text, callerKey) {
				t.Errorf("the endpoint was sent %s", text)
			}
		})
	}
}

// A name in a path is decoded once, wherever that happens.
func TestEscapedPaths(t *testing.T) {
	f, s := start(t, one(newEndpoint(t, nil).URL, "")), start(t, one(newEndpoint(t, nil).URL, ""), streamed)
	for name, front := range fronts(f.Function, s.Function) {
		for _, path := range []string{"/connections/50%25/models", "/connections/d%2565fault/models", "/connections/a%20b/models", "/connections/default%23/models", "/connections/%C3%A9/models"} {
			if got := send(t, front, call(t, "GET", path, "")); got.status != http.StatusNotFound || got.code != "NotFound" {
				t.Errorf("%s, %s: got %d %s", name, path, got.status, got.body)
			}
		}
	}
}

// A body that is not called text comes as base64, and is what it was.
func TestBodiesAsBase64(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	event := func(body string) []byte {
		text := string(urlEvent("POST", "/chat/completions", body, true))
		return []byte(strings.Replace(text, "x.lambda-url.eu-west-1.on.aws", "x.execute-api.eu-west-1.amazonaws.com", 1))
	}
	good := base64.StdEncoding.EncodeToString([]byte(chat))
	for name, test := range map[string]struct{ body, want string }{
		"good":        {good, `{"statusCode":200,`},
		"cut":         {good[:len(good)-2], `{"statusCode":400,`},
		"line ends":   {good[:4] + "\n" + good[4:], `{"statusCode":400,`},
		"loose bits":  {"e31=", `{"statusCode":400,`},
		"URL's":       {"e30_", `{"statusCode":400,`},
		"two of them": {good + good, `{"statusCode":400,`},
	} {
		if got, err := f.Invoke(t.Context(), event(test.body)); err != nil || !strings.HasPrefix(string(got), test.want) {
			t.Errorf("%s: got %s, %v, want %s", name, got, err, test.want)
		} else if !strings.Contains(string(got), `"X-Ms-Request-Id":"`) {
			t.Errorf("%s: no request id in %s", name, got)
		}
	}
	if log := f.output.calls(t, 6); strings.Count(log, `"msg":"call"`) != 6 || strings.Count(log, `"code":"InvalidRequest"`) != 5 {
		t.Errorf("not every event is logged:\n%s", log)
	}
	r := call(t, "POST", chatTarget, chat)
	r.Header.Set("Content-Type", "application/octet-stream")
	if got := send(t, &double.HTTPAPI{Function: f.Function}, r); got.status != http.StatusUnsupportedMediaType {
		t.Errorf("got %d %s", got.status, got.body)
	}
}

// JSON holds text only: a reply that is none, which clients can live with, keeps its bytes as base64.
func TestRepliesThatAreNoUTF8(t *testing.T) {
	odd := strings.Replace(completion, "Lima", "L\xffma", 1)
	if odd == completion {
		t.Fatal("the completion has changed")
	}
	f := start(t, one(newEndpoint(t, answering(http.StatusOK, odd)).URL, ""))
	for name, front := range fronts(f.Function, nil) {
		if strings.HasSuffix(name, "streamed") {
			continue
		}
		if got := send(t, front, call(t, "POST", chatTarget, chat)); got.status != http.StatusOK || got.body != odd {
			t.Errorf("%s: got %d %q, want %q", name, got.status, got.body, odd)
		}
	}
}

// Where a stage is part of the path, only a whole segment of that name is taken off. On a domain of one's
// own it is no part.
func TestStages(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	for path, want := range map[string]int{"/mod/models": 200, "/mod": 200, "/mod/mod/models": 404, "/mod/els": 404, "/models": 200} {
		event := strings.NewReplacer("x.lambda-url.eu-west-1.on.aws", "api.example.com", `"http":`, `"stage":"mod","http":`).
			Replace(string(urlEvent("GET", path, "", false)))
		if got, err := f.Invoke(t.Context(), []byte(event)); err != nil || !strings.HasPrefix(string(got), fmt.Sprintf(`{"statusCode":%d,`, want)) {
			t.Errorf("%s: got %s, %v, want %d", path, got, err, want)
		}
	}
}
