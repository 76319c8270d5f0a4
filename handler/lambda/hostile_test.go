package lambda_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// shapes are the events of HTTP requests. METHOD, PATH, NAME, VALUE, BODY and BASE64 are to be replaced.
var shapes = map[string]string{
	"2.0": `{"version":"2.0","rawPath":"PATH","rawQueryString":"api-version=2024-05-01-preview","headers":{"api-key":"` + callerKey + `","content-type":"application/json","NAME":"VALUE"},
		"body":"BODY","isBase64Encoded":BASE64,"requestContext":{"http":{"method":"METHOD"}}}`,
	"1.0": `{"version":"1.0","resource":"$default","httpMethod":"METHOD","path":"PATH","queryStringParameters":{"api-version":"2024-05-01-preview"},"multiValueHeaders":{"api-key":["` + callerKey + `"],"content-type":["application/json"],"NAME":["VALUE"]},
		"body":"BODY","isBase64Encoded":BASE64}`,
	"REST": `{"resource":"/{proxy+}","httpMethod":"METHOD","path":"PATH","pathParameters":{"proxy":"PATH"},"queryStringParameters":{"api-version":"2024-05-01-preview"},"headers":{"Api-Key":"` + callerKey + `","Content-Type":"application/json","NAME":"VALUE"},
		"body":"BODY","isBase64Encoded":BASE64}`,
	"ALB": `{"requestContext":{"elb":{}},"httpMethod":"METHOD","path":"PATH","queryStringParameters":{"api-version":"2024-05-01-preview"},"headers":{"api-key":"` + callerKey + `","content-type":"application/json","NAME":"VALUE"},
		"body":"BODY","isBase64Encoded":BASE64}`,
}

// shaped is an event, plain but for what is replaced.
func shaped(shape string, replace ...string) string {
	return strings.NewReplacer(append(replace, "METHOD", "GET", "PATH", "/models", "NAME", "x-a", "VALUE", "1", "BODY", "", "BASE64", "false")...).Replace(shapes[shape])
}

func wantStatus(t *testing.T, f function, event string, want int) {
	t.Helper()
	got, err := f.Invoke(t.Context(), []byte(event))
	if err != nil || !strings.HasPrefix(string(got), fmt.Sprintf(`{"statusCode":%d,`, want)) {
		t.Errorf("%.300s\n got %.300s, %v\nwant %d", event, got, err, want)
	}
}

// No header brings a second one with it, and none gets past a check by a name that is none.
func TestHeadersThatAreNone(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	for shape := range shapes {
		wantStatus(t, f, shaped(shape), 200)
		wantStatus(t, f, shaped(shape, "VALUE", `a\tb, \"c\" é`), 200)
		for _, value := range []string{`1\r\nx-b: 2`, `1\n`, `\u0000`, `\u007f`, `\u000b`} {
			wantStatus(t, f, shaped(shape, "VALUE", value), 400)
		}
		for _, name := range []string{``, ` `, `x a`, `x:`, `x\r\ny`, `é`, `x\u0000`, `(x)`} {
			wantStatus(t, f, shaped(shape, "NAME", name), 400)
		}
		wantStatus(t, f, shaped(shape, "NAME", "upgrade", "VALUE", "websocket"), 400)
		wantStatus(t, f, shaped(shape, "NAME", "API-KEY", "VALUE", callerKey), 401) // there are two
	}
}

// Whatever stands in front of a path, it names a route of ours or none.
func TestPathsLeadNowhereElse(t *testing.T) {
	e := newEndpoint(t, nil)
	f := start(t, one(e.URL, ""))
	for shape := range shapes {
		for path, want := range map[string]int{
			"//models": 200, "/models/": 200, "models": 200, "//evil.example/models": 404, "http://evil.example/models": 404, "http:/models": 404,
			`\\\\evil.example\\models`: 404, `/\\models`: 404, "/../models": 404, "/x/../models": 404, "/%2e%2e/models": 404, "/models%2f": 404,
			`/models\r\nX: y`: 404, "/models%00": 404, "/models#": 404, "/models?api-version=x": 404, "/connections/other/models": 404, "*": 404,
		} {
			if path == "/models?api-version=x" && (shape == "REST" || shape == "ALB") {
				continue // which is a query there, where no front would write one
			}
			if strings.Contains(path, `\r`) && (shape == "REST" || shape == "ALB") {
				want = 400 // as it is not even escaped
			}
			wantStatus(t, f, shaped(shape, "PATH", path), want)
		}
		for _, method := range []string{"", "get", "CONNECT", "POST", `GET\r\n`, "OPTIONS"} {
			if method == "" {
				wantFailure(t, f, shaped(shape, "METHOD", method), "InvalidRequest", "no known shape")
				continue
			}
			wantStatus(t, f, shaped(shape, "METHOD", method), 405)
		}
	}
	if n := e.calls.Load(); n > 0 {
		t.Errorf("the endpoint was called %d times", n)
	}
}

// A body counts as what it is once it is decoded, and is base64 or refused.
func TestSizesOfDecodedBodies(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""), environment("CONNECTOR_MAX_BODY_BYTES=1000"))
	chatOf := func(size int) string {
		return chat[:len(chat)-1] + strings.Repeat(" ", size-len(chat)) + "}"
	}
	for shape := range shapes {
		post := func(body, isBase64 string) string {
			return shaped(shape, "METHOD", "POST", "PATH", "/chat/completions", "BODY", body, "BASE64", isBase64)
		}
		wantStatus(t, f, post(base64.StdEncoding.EncodeToString([]byte(chatOf(1000))), "true"), 200)
		wantStatus(t, f, post(base64.StdEncoding.EncodeToString([]byte(chatOf(1001))), "true"), 413)
		wantStatus(t, f, post(strings.ReplaceAll(chatOf(1000), `"`, `\"`), "false"), 200)
		wantStatus(t, f, post(strings.ReplaceAll(chatOf(1001), `"`, `\"`), "false"), 413)
		wantStatus(t, f, post("e30", "true"), 400)
		wantStatus(t, f, post("", "true"), 400) // of no JSON
	}
}
