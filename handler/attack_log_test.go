package main_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"unicode"
	"unicode/utf8"
)

// forged are texts that would be a line of their own, or change one that a person looks at.
var forged = []string{
	"x\"}\n{\"msg\":\"call\",\"status\":200,\"caller\":\"admin\"}\r\n", "x\u2028{\"msg\":\"call\"}", "x\u2029{}", "x\u0085{}", "\x1b[2J\x1b[31mgone", "\u009b2Jgone", "\x00", "\x7f\x08\x08\x08",
	"\xff\xfe\xed\xa0\x80", "\u202e}\"nimda\":\"rellac\"", "\ufeff", `\n{"msg":"call"}`, `","caller":"admin","x":"`, strings.Repeat("long", 50), strings.Repeat("long", 300), "%s%n%!d(MISSING)", "${jndi:ldap://other.example/a}",
}

// logKeys are the keys of all lines.
var logKeys = strings.Fields(`time level msg request_id client_request_id action connection caller deployment status code cause ms endpoint_ms attempts bytes_in bytes_out stream
	prompt_tokens completion_tokens host address connections schedules version source rate_limit_scope grace function schedule id trigger bytes event queue message`)

// wantLines checks that text is lines of the log and nothing else, with a number of those of calls.
func wantLines(t *testing.T, text string, calls int) {
	t.Helper()
	for line := range strings.Lines(text) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Errorf("no line of the log: %q", line)
			continue
		}
		for key, value := range fields {
			if !slices.Contains(logKeys, key) {
				t.Errorf("the key %q is new: %s", key, line)
			}
			if text, is := value.(string); is && len(text) > longest(key) {
				t.Errorf("%s has %d bytes: %s", key, len(text), line)
			}
		}
		if at := strings.IndexFunc(strings.TrimSuffix(line, "\n"), obeyed); at >= 0 || !utf8.ValidString(line) {
			t.Errorf("a line that is not as it looks: %q", line)
		}
		if fields["msg"] == "call" {
			calls--
		}
		if fields["caller"] == "admin" {
			t.Errorf("forged: %s", line)
		}
	}
	if calls != 0 {
		t.Errorf("%d lines of calls are missing", calls)
	}
}

// longest is how long a text may be, in bytes.
func longest(key string) int {
	switch key {
	case "cause":
		return 512
	case "message": // ours, with a caller's text in it
		return 400
	}
	return 128
}

// obeyed reports whether a terminal does something else with a character than to show it.
func obeyed(r rune) bool {
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// testForgedLines puts texts wherever a caller's or a model's text comes near the log.
func (p program) testForgedLines(t *testing.T) {
	var script atomic.Pointer[string]
	a := p.attack(t, func(w http.ResponseWriter, _ *http.Request) { raw(w, *script.Load()) })
	calls := 0
	call := func(request string) {
		calls++
		w := a.dial(t)
		w.write(request)
		_, _ = io.ReadAll(w)
	}
	for _, text := range forged {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, reply := range []string{
			text, "HTTP/1.1 " + text, "HTTP/1.1 200 " + text + "\r\n\r\n", "HTTP/1.1 200 OK\r\n" + text + "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Type: " + text + "\r\n\r\n{}",
			"HTTP/1.1 400 Bad\r\nx-ms-error-code: " + text + "\r\n\r\n{\"error\":{\"code\":" + string(quoted) + ",\"message\":" + string(quoted) + "}}",
			"HTTP/1.1 200 OK\r\nTransfer-Encoding: " + text + "\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: " + text + "\r\n\r\n", "HTTP/1.1 302 Found\r\nLocation: " + text + "\r\n\r\n",
			"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"usage\":{\"prompt_tokens\":" + string(quoted) + "}}",
		} {
			script.Store(&reply)
			call(attackedChat + "Connection: close\r\n" + helloLength + "\r\n" + hello)
		}
		body := `{"model":` + string(quoted) + `,"messages":[{"role":"user","content":"hi"}]}`
		whole := attackedChat + "Connection: close\r\n" + fmt.Sprintf("Content-Length: %d\r\n\r\n%s", len(body), body)
		call(whole)
		call(strings.Replace(whole, `"model"`, `"model":"m",`+string(quoted), 1))
		call(strings.Replace(whole, "POST ", "POST /connections/"+percent(text), 1))
		call(strings.Replace(whole, "/chat", "/openai/deployments/"+percent(text)+"/chat", 1))
		call(strings.Replace(whole, "?", "?"+percent(text)+"="+percent(text)+"&", 1))
		call(strings.Replace(whole, "2024-05-01-preview", percent(text), 1))
		if !strings.ContainsAny(text, "\r\n\x00\x1b\x7f") { // those the HTTP library refuses, and nothing is logged
			for _, name := range []string{"x-ms-client-request-id", "traceparent", "azureml-model-deployment", "extra-parameters", "User-Agent", "x-model-endpoint", "X-Forwarded-For"} {
				call(strings.Replace(whole, "Connection", name+": "+text+"\r\nConnection", 1))
			}
			call(strings.Replace(whole, attackedKey, text, 1))
		}
	}
	waitUntil(t, "the calls are logged", func() bool { return strings.Count(a.stdout.String(), `"msg":"call"`) >= calls })
	wantLines(t, a.stdout.String(), calls)
	if text := a.stderr.String(); strings.Contains(text, "admin") || strings.Count(text, "\n") > 10 {
		t.Errorf("standard error: %q", text)
	}
}

// percent escapes every byte.
func percent(text string) string { return bytewise(text, "%%%02x") }

// testForgedEvents has messages of queues, and ids that their senders chose.
func (p program) testForgedEvents(t *testing.T) {
	const file = `{"connections":{"default":{"endpoint":"https://gone.invalid/models","callers":[{"name":"x","key":"` + programKey + `"}]}},
		"triggers":{"requests":{"connection":"default","actions":["ListModels"]}}}`
	root := functionApp(t, map[string]string{"requests": `{"type":"queueTrigger","direction":"in","name":"message","queueName":"requests"}`})
	if err := os.WriteFile(filepath.Join(root, "connections.json"), []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	r := p.launch(t, []string{"FUNCTIONS_CUSTOMHANDLER_PORT=0", "FUNCTIONS_APP_ROOT_PATH=" + root, "CONNECTOR_CONNECTIONS_FILE=" + filepath.Join(root, "connections.json"), "CONNECTOR_RATE_LIMIT_SCOPE=process", "CONNECTOR_LOG_LEVEL=DEBUG"})
	waitUntil(t, "it listens", func() bool { return r.stdout.listening() != "" })
	r.url = "http://" + r.stdout.listening()
	f, output := startLambda(t, p.binary, file, false)
	for _, text := range forged {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		q := string(quoted)
		again, _ := json.Marshal(q)
		for _, data := range []string{q, string(again), `{"action":` + q + `}`, `{"action":"ListModels","connection":` + q + `,"input":{` + q + `:1}}`, `{"action":"ListModels","id":` + q + `}`} {
			readBody(t, r.post(t, "/requests", `{"Data":{"message":`+data+`},"Metadata":{"Id":`+q+`,"id":`+string(again)+`,"sys":`+q+`}}`))
			message, _ := json.Marshal(data)
			for _, event := range []string{
				`{"Records":[{"messageId":` + q + `,"receiptHandle":"x","body":` + string(message) + `,"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:1:requests","awsRegion":` + q + `}]}`,
				`{"Records":[{"messageId":"a","body":` + string(message) + `,"eventSource":"aws:sqs","eventSourceARN":` + q + `}]}`,
				`{"version":"0","id":` + q + `,"detail-type":` + q + `,"source":` + q + `,"resources":[` + q + `],"detail":` + data + `}`,
				`{"schedule":` + q + `}`, `{"action":` + q + `,"input":{}}`, `{` + q + `:` + q + `}`, q,
			} {
				_, _ = f.Invoke(t.Context(), []byte(event))
			}
		}
	}
	same(t, "environments on Lambda", strings.Count(output.String(), `"msg":"listening"`), 1)
	for name, text := range map[string]string{"Functions": r.stdout.String(), "Lambda": output.String()} {
		t.Run(name, func(t *testing.T) { wantLines(t, text, strings.Count(text, `"msg":"call"`)) })
	}
}
