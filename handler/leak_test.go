package main_test

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

// The secrets have the characters that encodings change.
const (
	modelKey   = `m0del+K3y/with~?everything=&more0123`
	callerKey  = `c4ller/key+with~?everything=0123456789`
	oldKey     = `0ld-caller/key+with~everything=0123456789`
	broughtKey = `br0ught+key/of~a?guest=`
)

// A telltale is a model endpoint that puts the key it was sent wherever it can, but for good replies. The model's
// name says how.
func telltale(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	key := r.Header.Get("api-key")
	_, model, _ := strings.Cut(string(body), `"model":"`)
	model, _, _ = strings.Cut(model, `"`)
	kind, writing, _ := strings.Cut(model, "-")
	told := tellings(key)[writing]
	quoted := fmt.Sprintf(`{"error":{"code":"%[1]s","message":"the key %[1]s is not good","innererror":{"key":"%[1]s"}}}`, told)
	switch kind {
	case "400", "401", "403", "404", "422", "429", "500", "503", "504":
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Ms-Error-Code", told)
		w.Header().Set("X-Key", told)
		status := 0
		_, _ = fmt.Sscan(kind, &status)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, quoted)
	case "302":
		w.Header().Set("Location", "http://other.example/?key="+url.QueryEscape(told))
		w.WriteHeader(http.StatusFound)
	case "event":
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, "data: {\"choices\":[]}\n\ndata: "+quoted+"\n\n")
	default:
		raw := map[string]string{
			"status": "HTTP/1.1 " + told + "\r\n\r\n", "header": "HTTP/1.1 200 OK\r\n" + told + "\r\n\r\n", "protocol": told + "\r\n\r\n",
			"type":   "HTTP/1.1 200 OK\r\nContent-Type: " + told + "\r\n\r\n{}",
			"length": "HTTP/1.1 200 OK\r\nContent-Length: " + told + "\r\n\r\n", "encoding": "HTTP/1.1 200 OK\r\nTransfer-Encoding: " + told + "\r\n\r\n",
			"packed": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: " + told + "\r\n\r\n{}",
			"json":   "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{" + told,
			"line":   "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {}\n\ndata: " + told + "\n\n",
			"cut":    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {}\n\n: " + told,
		}[kind]
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		_, _ = io.WriteString(connection, raw)
		_ = connection.Close()
	}
}

// tellings are the ways in which a model may write a key, by a name without hyphens.
func tellings(key string) map[string]string {
	inBase64 := func(before string) string { return base64.StdEncoding.EncodeToString([]byte(before + key + "!!")) }
	return map[string]string{
		"whole": key, "beginning": key[:min(len(key), telling)], "most": key[:max(0, len(key)-3)], "query": url.QueryEscape(key), "path": url.PathEscape(key),
		"slash": strings.ReplaceAll(key, "/", `\/`), "plus": strings.NewReplacer("+", `\u002B`, "&", `\u0026`).Replace(key), "small": strings.NewReplacer("+", `\u002b`, "&", `\u0026`).Replace(key),
		"base64": inBase64(""), "basic": inBase64(":"), "bearer": inBase64("Bearer "), "user": inBase64("me"), "url": base64.RawURLEncoding.EncodeToString([]byte("Bearer " + key)),
		"hex": hex.EncodeToString([]byte(key)),
	}
}

// testSecrets makes calls of all kinds at DEBUG, to a model that tells what it can, and looks for every secret in
// all that was answered and printed.
func (p program) testSecrets(t *testing.T) {
	model := httptest.NewServer(http.HandlerFunc(telltale))
	t.Cleanup(model.Close)
	connection := func(endpoint string) string {
		return `{"endpoint":"` + endpoint + `/models","authentication":{"type":"Key","value":"@appsetting('MODEL_KEY')"},"rateLimit":{"calls":100000},
			"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},"callers":[{"name":"x","key":["@appsetting('CALLER_KEY')","@appsetting('OLD_KEY')"]}]}`
	}
	file := writeInto(t, "connections.json", `{"connections":{"tells":`+connection(model.URL)+`,"gone":`+connection(unheard())+`},
		"byo":{"any":{"allowHosts":["*.example.invalid"],"callers":[{"name":"x","key":"@appsetting('CALLER_KEY')"}]}}}`)
	r := p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_LOG_LEVEL=DEBUG", "CONNECTOR_MAX_ATTEMPTS=1",
		"MODEL_KEY=" + modelKey, "CALLER_KEY=" + callerKey, "OLD_KEY=" + oldKey})
	secrets := []string{modelKey, callerKey, oldKey, broughtKey}
	calls := 0
	call := func(path, body string, header ...string) {
		calls++
		response := r.post(t, path, body, append(header, "X-A: "+oldKey)...)
		text, _ := io.ReadAll(response.Body) // what is cut tells something too
		told := fmt.Sprint(response.Status, response.Header, string(text), response.Trailer)
		if secret := leaked(told, secrets); secret != "" {
			t.Errorf("%s, %.100s: the secret %s is in\n%s", path, body, secret, told)
		}
	}
	for writing := range tellings(modelKey) {
		for _, kind := range strings.Fields("400 401 403 404 422 429 500 503 504 302 event status header protocol type length encoding packed json line cut") {
			more := ""
			if slices.Contains([]string{"event", "line", "cut"}, kind) {
				more = `,"stream":true`
			}
			call("/connections/tells"+programChat, say(kind+"-"+writing, "hi", more), "api-key: "+callerKey)
		}
	}
	body := say("400-whole", "hi", "")
	for _, key := range []string{callerKey, oldKey, callerKey + "x", callerKey[:telling], "", callerKey + "," + oldKey} {
		for _, header := range []string{"api-key: " + key, "Authorization: Bearer " + key, "Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte(":"+key)), "x-functions-key: " + key} {
			for _, path := range []string{"/connections/tells", "/connections/gone", "/connections/other", "/connections/any", ""} {
				call(path+programChat, body, header)
				call(path+programChat, body, header, "x-model-endpoint: https://a.example.invalid/models?code="+url.QueryEscape(broughtKey))
			}
		}
	}
	for _, key := range []string{callerKey, oldKey} {
		for _, name := range []string{"api-key", "code", "key", "sig", "x"} {
			call("/connections/tells"+programChat+"&"+name+"="+url.QueryEscape(key), body)
			call("/connections/tells"+programChat+"&"+name+"="+url.QueryEscape(key), body, "api-key: "+key)
		}
	}
	for _, address := range []string{"https://a.example.invalid/models", "https://" + url.QueryEscape(broughtKey) + "@a.example.invalid", "http://a.example.invalid", "https://a.example.invalid:1/" + url.PathEscape(broughtKey), broughtKey} {
		call("/connections/any"+programChat, body, "x-connector-key: "+callerKey, "x-model-endpoint: "+address, "api-key: "+broughtKey)
		call("/connections/any"+programChat, body, "x-model-endpoint: "+address, "Authorization: Bearer "+broughtKey)
	}
	waitUntil(t, "the calls are logged", func() bool { return strings.Count(r.stdout.String(), `"msg":"call"`) == calls })
	quiet(t, r.stdout.String()+r.stderr.String(), secrets...)
	arguments, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", r.command.Process.Pid))
	if err == nil { // where the system has it
		quiet(t, string(arguments), secrets...)
	}
}

func quiet(t *testing.T, text string, secrets ...string) {
	t.Helper()
	for line := range strings.Lines(text) {
		if secret := leaked(line, secrets); secret != "" {
			t.Errorf("the secret %s is in\n%s", secret, line)
		}
	}
}

// unheard is an address where nobody listens.
func unheard() string {
	server := httptest.NewServer(nil)
	server.Close()
	return server.URL
}

func raw(w http.ResponseWriter, text string) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(connection, text)
	_ = connection.Close()
}
