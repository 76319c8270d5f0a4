package main_test

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"
	"testing"
)

// goodPaths are ways to write the path of a route; all others lead nowhere.
var goodPaths = []string{"/info", "//info", "///info//", "/%69nfo", "/connections/default/info", "/connections//default/info/", "/connections/%64efault/info"}

func (p program) testOddPaths(t *testing.T) {
	a := p.attack(t, nil)
	for _, path := range goodPaths {
		answer, _ := a.exchange(t, strings.Replace(infoWith(""), "/info", path, 1))
		same(t, path, answer.StatusCode, http.StatusOK)
		same(t, path+": calls of the model", len(a.sent()), 1)
	}
	for path, status := range map[string]int{
		"/../info": 404, "/x/../info": 404, "/./info": 404, "/info/.": 404, "/info/..": 404, "/healthz/../info": 404,
		"/%2e%2e/info": 404, "/x/%2E%2E/info": 404, "/.%2finfo": 404, "/%2finfo": 404, "/info%2f": 404, "/%252finfo": 404,
		"/connections/../info": 404, "/connections/%2e%2e/info": 404, "/connections/default%2finfo": 404,
		"/connections/default%2f..%2finfo": 404, "/connections/other/../default/info": 404,
		"/connections/DEFAULT/info": 404, "/connections/default./info": 404, "/connections/default;x/info": 404,
		"/connections/default%00/info": 404, "/connections/default%20/info": 404, "/connections//info": 404,
		`\info`: 400, `/\info`: 404, "/info%5c": 404, "/%5cinfo": 404, `/x\..\info`: 404,
		"/chat%2fcompletions": 404, "/connections/default/chat%2Fcompletions": 404, "/v1%2fmodels": 404, "/info;a=b": 404, "/info;/x": 404, ";/info": 400, "/info%3fx": 404, "/info%23x": 404, "/info#x": 404,
		"/%00info": 404, "/info%00": 404, "/%c0%afinfo": 404, "/%c0%ae%c0%ae/info": 404, "/%e0%80%afinfo": 404, "/\xc0\xafinfo": 404, "/info\xff": 404,
		"/INFO": 404, "/ınfo": 404, "/info%20": 404, "/info%0d%0aX:%20y": 404, "/%zz": 400, "/info%": 400, "info": 400, "*": 400, "?": 400, "": 400,
		"/debug/pprof": 404, "/debug/vars": 404, "/metrics": 404, "/admin/host/status": 404, "/connections.json": 404, "/.env": 404,
		"/openai/deployments/../info": 404, "/openai/deployments/%2e%2e%2f%2e%2e/info": 404, "/v1/../info": 404,
		"/" + strings.Repeat("x", 4<<10): 414, "/" + strings.Repeat("../", 1300) + "info": 404, "/info?" + strings.Repeat("x", 5<<10): 414,
	} {
		w := a.dial(t)
		w.write(strings.Replace(infoWith(""), "/info?", path+"?", 1))
		answer, body := w.read(t, http.MethodGet)
		same(t, path, answer.StatusCode, status)
		same(t, path+": calls of the model", len(a.sent()), 0)
		if len(body) > 1000 {
			t.Errorf("%.50s: it repeats %d bytes", path, len(body))
		}
	}
}

// The target, the host and what proxies write about them choose neither connection nor endpoint (S1).
func (p program) testNothingChoosesTheEndpoint(t *testing.T) {
	a := p.attack(t, nil)
	usual := a.usual(t)
	for name, request := range map[string]string{
		"absolute":           strings.Replace(infoWith(""), "GET /", "GET http://other.example:81/", 1),
		"absolute, https":    strings.Replace(infoWith(""), "GET /", "GET https://other.example/", 1),
		"absolute, a user":   strings.Replace(infoWith(""), "GET /", "GET http://user:password@other.example/", 1),
		"absolute, metadata": strings.Replace(infoWith(""), "GET /", "GET http://169.254.169.254/", 1),
		"host":               strings.Replace(infoWith(""), "connector.example", "other.example:8080", 1),
		"forwarded": infoWith("Forwarded: host=other.example;proto=https;for=127.0.0.1\r\nX-Forwarded-Host: other.example\r\nX-Forwarded-For: 127.0.0.1\r\n" +
			"X-Forwarded-Proto: https\r\nX-Forwarded-Prefix: /other\r\nX-Original-URL: /other\r\nX-Rewrite-URL: /other\r\nX-Host: other.example\r\nVia: 1.1 other\r\n"),
		"brought":         infoWith("x-model-endpoint: http://other.example/models\r\n"),
		"query":           strings.Replace(infoWith(""), "?", "?endpoint=http://other.example&url=//other.example&host=other.example&", 1),
		"connection hops": infoWith("Connection: host, x-ms-client-request-id, api-key, user-agent\r\nX-MS-API-ROLE: admin\r\nCookie: a=b\r\nReferer: http://other.example\r\n"),
	} {
		answer, body := a.exchange(t, request)
		sent := a.sent()
		if name == "brought" { // a connection that takes none
			same(t, name, answer.StatusCode != http.StatusOK || len(sent) == 1, true)
		} else {
			same(t, name, answer.StatusCode, http.StatusOK)
			same(t, name+": calls of the model", len(sent), 1)
		}
		for _, got := range sent {
			same(t, name+": target", got.target, usual.target)
			same(t, name+": headers", headerNames(got.header), headerNames(usual.header))
		}
		if strings.Contains(body, "other.example") {
			t.Errorf("%s: got %s", name, body)
		}
	}
	for name, request := range map[string]string{
		"CONNECT":         "CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\napi-key: " + attackedKey + "\r\n\r\n",
		"CONNECT a route": strings.Replace(infoWith(""), "GET", "CONNECT", 1),
		"OPTIONS":         "OPTIONS * HTTP/1.1\r\nHost: connector.example\r\napi-key: " + attackedKey + "\r\n\r\n",
		"TRACE":           strings.Replace(infoWith("X-A: echo\r\n"), "GET", "TRACE", 1),
	} {
		answer, body := a.exchange(t, request)
		same(t, name, answer.StatusCode, map[bool]int{true: http.StatusNotFound, false: http.StatusMethodNotAllowed}[name == "OPTIONS"])
		same(t, name+": calls of the model", len(a.sent()), 0)
		if strings.Contains(body, "echo") {
			t.Errorf("%s: got %s", name, body)
		}
	}
}

// usual is what the model is sent for a request with nothing odd about it.
func (a *attacked) usual(t *testing.T) sent {
	t.Helper()
	a.exchange(t, infoWith(""))
	seen := a.sent()
	if len(seen) != 1 {
		t.Fatalf("the model was called %d times", len(seen))
	}
	return seen[0]
}

// No body is decompressed, whatever it says of itself.
func (p program) testDecompression(t *testing.T) {
	a := p.attack(t, nil)
	var small bytes.Buffer
	packer := gzip.NewWriter(&small)
	_, _ = packer.Write([]byte(hello))
	_ = packer.Close()
	for _, encoding := range []string{"gzip", "GZIP", "x-gzip", "deflate", "br", "zstd", "compress", "identity, gzip", "gzip, identity", "none", "", "identity\r\nContent-Encoding: gzip"} {
		for name, body := range map[string]string{"packed": small.String(), "plain": hello} {
			answer, _ := a.chat(t, "Content-Encoding: "+encoding+"\r\n", body)
			same(t, encoding+", "+name, answer.Header.Get("x-ms-error-code"), "UnsupportedMediaType")
		}
	}
	answer, _ := a.chat(t, "", small.String())
	same(t, "unsaid", answer.Header.Get("x-ms-error-code"), "InvalidJson")
	answer, _ = a.exchange(t, attackedChat+"TE: gzip\r\n"+helloLength+"\r\n"+hello)
	same(t, "TE", answer.StatusCode, http.StatusOK)
	same(t, "answered encoding", answer.Header.Get("Content-Encoding"), "")
	same(t, "calls of the model", len(a.sent()), 1)
}
