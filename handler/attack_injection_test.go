package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
)

// injected are texts that would be more than one value somewhere if they were written as they are.
var injected = []string{
	"a\r\nX-Injected: 1", "a\nX-Injected: 1", "a\rX-Injected: 1", "a\r\n\r\nGET /injected HTTP/1.1\r\nHost: x\r\n\r\n", "a\x00b", "a\x1b[2Jb",
	"a%0d%0aX-Injected: 1", "a%0Ab", "a\u0085b", "a\u2028b", "a b", "a\tb", "é", "a,b", `a"b`, "a;b=c", "a&model=b", "a?b", "a#b", "a%b", "a+b",
	"../a", "..", ".", "a/../../b", "a/b", `a\b`, "//a", "@other.example", "http://other.example/", "%2e%2e", "%2e%2e%2fa", "a%00b", "a%zz", "",
}

// testRequestInjection puts texts wherever a caller's text comes near the request to the model.
func (p program) testRequestInjection(t *testing.T) {
	a := p.attack(t, nil)
	usual := headerNames(a.usual(t).header)
	key := strings.NewReplacer(attackedKey, "azure-"+attackedKey)
	for _, text := range injected {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		body := `{"model":` + string(quoted) + `,"messages":[{"role":"user","content":"hi"}]}`
		length := fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
		for place, request := range map[string]string{
			"model":            attackedChat + length,
			"model of azure":   key.Replace(attackedChat) + length,
			"path of azure":    strings.Replace(key.Replace(attackedChat), "/chat", "/openai/deployments/"+url.PathEscape(text)+"/chat", 1) + length,
			"raw path":         strings.Replace(key.Replace(attackedChat), "/chat", "/openai/deployments/"+text+"/chat", 1) + length,
			"model of info":    strings.Replace(attackedInfo, "?", "?model="+url.QueryEscape(text)+"&", 1) + "\r\n",
			"version":          strings.Replace(attackedInfo, "2024-05-01-preview", "2024-05-01"+url.QueryEscape(text), 1) + "\r\n",
			"deployment":       attackedInfo + "azureml-model-deployment: " + text + "\r\n\r\n",
			"mesh":             attackedInfo + "x-ms-model-mesh-model-name: " + text + "\r\n\r\n",
			"extra parameters": attackedChat + "extra-parameters: " + text + "\r\n" + length,
			"id":               attackedInfo + "x-ms-client-request-id: " + text + "\r\n\r\n",
			"trace":            attackedInfo + "traceparent: " + text + "\r\n\r\n",
			"state":            attackedInfo + "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01\r\ntracestate: " + text + "\r\n\r\n",
			"unknown":          attackedInfo + "X-A: " + text + "\r\n\r\n",
		} {
			answer, _ := a.exchange(t, request)
			for _, got := range a.sent() {
				where := fmt.Sprintf("%q as %s", text, place)
				path, _, _ := strings.Cut(got.target[strings.Index(got.target, "/"):], "?")
				if !slices.Contains([]string{"/models/info", "/models/chat/completions"}, path) && !isDeployment(path) {
					t.Errorf("%s: the model was asked for %s", where, got.target)
				}
				for _, name := range strings.Split(headerNames(got.header), " ") {
					if !strings.Contains(usual+" Content-Length Content-Type Extra-Parameters Traceparent Tracestate", name) {
						t.Errorf("%s: the model was sent the header %s", where, name)
					}
				}
				for name, values := range got.header {
					if len(values) > 1 || strings.ContainsAny(values[0], "\r\n\x00\x1b\u0085") {
						t.Errorf("%s: the model was sent %s: %q", where, name, values)
					}
				}
			}
			if answer.Header.Get("X-Injected") != "" {
				t.Errorf("%q as %s: it is a header of the answer", text, place)
			}
		}
	}
}

// isDeployment reports whether path is that of one segment between base and action.
func isDeployment(path string) bool {
	rest, below := strings.CutPrefix(path, "/base/openai/deployments/")
	name, action, _ := strings.Cut(rest, "/")
	plain, err := url.PathUnescape(name)
	return below && err == nil && plain != "." && plain != ".." && (action == "chat/completions" || action == "info")
}

func headerNames(h http.Header) string {
	return strings.Join(slices.Sorted(maps.Keys(h)), " ")
}

// The headers that callers may be given, and no others.
const answered = "Content-Length Content-Type Date X-Content-Type-Options X-Ms-Error-Code X-Ms-Request-Id X-Ratelimit-Limit-Requests X-Ratelimit-Remaining-Requests Retry-After Cache-Control"

// word is what a code may consist of.
const word = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-."

// testAnswerInjection has a model that puts texts wherever its text comes near our answer.
func (p program) testAnswerInjection(t *testing.T) {
	var script atomic.Pointer[string]
	a := p.attack(t, func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer connection.Close()
		_, _ = io.WriteString(connection, *script.Load())
	})
	const foreign = "Set-Cookie: a=b\r\nServer: x\r\nLocation: http://other.example\r\nX-Injected: 1\r\nX-Ms-Request-Id: theirs\r\nX-Ms-Region: here\r\nApim-Request-Id: x\r\n" +
		"Authorization: x\r\nWWW-Authenticate: Basic\r\nAccess-Control-Allow-Origin: *\r\nConnection: X-Ms-Request-Id\r\nAlt-Svc: h3=\":443\"\r\nX-Ratelimit-Remaining-Requests: 0\r\nTrailer: X-Injected\r\n"
	for _, text := range append(injected, strings.Repeat("a", 9<<10), "UnknownModel", "RateLimitExceeded") {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		failure := `{"error":{"code":` + string(quoted) + `,"message":` + string(quoted) + `}}`
		events := "data: {\"choices\":[]}\n\nevent: " + text + "\ndata: {\"error\":" + string(quoted) + "}\n\n"
		for place, reply := range map[string]string{
			"good":         "200 OK\r\nContent-Type: application/json\r\n" + foreign + "\r\n" + usualCompletion,
			"reason":       "400 " + text + "\r\nContent-Type: application/json\r\n\r\n" + failure,
			"code":         "400 Bad\r\nx-ms-error-code: " + text + "\r\n" + foreign + "\r\n" + failure,
			"body":         "429 Slow\r\nContent-Type: application/json\r\n" + foreign + "\r\n" + failure,
			"body of 422":  "422 No\r\nContent-Type: application/json\r\n\r\n" + `{"detail":[{"type":` + string(quoted) + `,"loc":["body",` + string(quoted) + `],"input":` + string(quoted) + `}]}`,
			"retry after":  "503 Busy\r\nRetry-After: " + text + "\r\n" + foreign + "\r\n" + failure,
			"content type": "200 OK\r\nContent-Type: " + text + "\r\n" + foreign + "\r\n" + usualCompletion,
			"location":     "302 Found\r\nLocation: " + text + "\r\n\r\n",
			"early":        "103 Early\r\nLink: " + text + "\r\nX-Injected: 1\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" + foreign + "\r\n" + usualCompletion,
			"events":       "200 OK\r\nContent-Type: text/event-stream\r\n" + foreign + "\r\n" + events,
			"a trailer": "200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\nTrailer: X-Injected\r\n\r\n" +
				fmt.Sprintf("%x\r\n%s\r\n0\r\nX-Injected: 1\r\nSet-Cookie: a=b\r\n\r\n", len(usualCompletion), usualCompletion),
		} {
			whole := "HTTP/1.1 " + reply
			script.Store(&whole)
			body := hello
			if place == "events" {
				body = with(`"stream":true`)
			}
			answer, got := a.chat(t, "Connection: close\r\n", body)
			where := fmt.Sprintf("%.40q as %s", text, place)
			for name, values := range answer.Header {
				if !slices.Contains(strings.Fields(answered), name) || len(values) > 1 || len(values[0]) > 64 {
					t.Errorf("%s: got the header %s: %.100q", where, name, values)
				}
			}
			if code := answer.Header.Get("x-ms-error-code"); strings.Trim(code, word) != "" {
				t.Errorf("%s: got the code %q", where, code)
			}
			for name := range answer.Trailer {
				t.Errorf("%s: got the trailer %s", where, name)
			}
			checkEvents(t, where, answer, got)
		}
	}
}

// checkEvents checks that an answer is one JSON value, or events of one each.
func checkEvents(t *testing.T, where string, answer *http.Response, got string) {
	t.Helper()
	values := []string{got}
	if strings.HasPrefix(answer.Header.Get("Content-Type"), "text/event-stream") {
		values = nil
		for line := range strings.Lines(got) {
			data, isData := strings.CutPrefix(line, "data: ")
			if isData && data != "[DONE]\n" {
				values = append(values, data)
			} else if !isData && line != "\n" && line != "event: error\n" {
				t.Errorf("%s: got the line %q", where, line)
			}
		}
	}
	for _, value := range values {
		if !json.Valid([]byte(value)) || len(value) > 12<<10 {
			t.Errorf("%s: got %.300q", where, value)
		}
	}
}
