package functions_test

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
)

// reached is what a caller gets from the host.
type reached struct {
	StatusCode string
	Headers    map[string]string
	Body       *string `json:"body"`
}

// delivered is what the host makes of an HTTP output.
func delivered(t testing.TB, got outcome) struct {
	reached
	Body string
} {
	t.Helper()
	var r reached
	if err := json.Unmarshal(got.outputs["res"], &r); got.status != http.StatusOK || err != nil || r.Body == nil || len(got.outputs) != 1 {
		t.Fatalf("got %d %.500s (%v), want 200 and an answer with a body in res", got.status, got.text, err)
	}
	return struct {
		reached
		Body string
	}{r, *r.Body}
}

// The same surface is there, and callers get what they get from a host that forwards.
func TestAnswersToCallers(t *testing.T) {
	c, lines := newConfig(t, to(t, saying(http.StatusOK, reply)))
	address := serve(t, c)
	const front = "https://shop.azurewebsites.net/api"
	key := `"Headers":{"Content-Type":["application/json"],"api-key":["` + ordersKey + `"],"x-ms-client-request-id":["order-7"]},`
	body := `"Body":` + quoted(message) + `,`
	for name, test := range map[string]struct {
		sent         string
		status, code string
		text         string
	}{
		"a chat":            {told(front+chat, key+body), "200", "", reply},
		"another form":      {told(front+"/v1/chat/completions", key+body), "200", "", reply},
		"a connection":      {told(front+"/connections/default"+chat, key+body), "200", "", reply},
		"health":            {strings.Replace(told(front+"/healthz", ""), `"POST"`, `"GET"`, 1), "200", "", ""},
		"no key":            {told(front+chat, `"Headers":{"Content-Type":["application/json"]},`+body), "401", "Unauthenticated", `"code":"Unauthenticated"`},
		"another's":         {told(front+"/connections/other"+chat, key+body), "404", "NotFound", `"code":"NotFound"`},
		"no body":           {told(front+chat, key), "400", "InvalidJson", `some hosts lose chunked bodies`},
		"another type":      {told(front+chat, strings.Replace(key, "application/json", "application/octet-stream", 1)+`"Body":"AAAA",`), "415", "UnsupportedMediaType", `"code"`},
		"no base64":         {told(front+chat, strings.Replace(key, "application/json", "application/octet-stream", 1)+`"Body":"?",`), "400", "InvalidRequest", `"code"`},
		"no such path":      {told(front+"/weather", key+body), "404", "NotFound", `"code":"NotFound"`},
		"another method":    {strings.Replace(told(front+chat, key), `"POST"`, `"DELETE"`, 1), "405", "MethodNotAllowed", `"code"`},
		"no method":         {strings.Replace(told(front+chat, key), `"POST"`, `""`, 1), "400", "InvalidRequest", `"code"`},
		"a broken path":     {told(front+"/%zz", key), "400", "InvalidRequest", `"code"`},
		"no path":           {told("https://shop.azurewebsites.net", key), "400", "InvalidRequest", `"code"`},
		"headers of no use": {told(front+chat, `"Headers":{"a":1},`), "400", "InvalidRequest", `"code"`},
		"no request":        {`{"Data":{"req":"hello"}}`, "400", "InvalidRequest", `"code"`},
		"a long address":    {told(front+chat+"&x="+strings.Repeat("x", 5000), key+body), "414", "UriTooLong", `"code"`},
	} {
		t.Run(name, func(t *testing.T) {
			answered := invoke(t, address, "Rest", test.sent)
			got := delivered(t, answered)
			if got.StatusCode != test.status || got.Headers["X-Ms-Error-Code"] != test.code || !strings.Contains(got.Body, test.text) {
				t.Errorf("got %+v, want %s %s with %q", got, test.status, test.code, test.text)
			}
			if kind := got.Headers["Content-Type"]; kind != "application/json" || got.Headers["Content-Length"] != "" || got.Headers["Connection"] != "" {
				t.Errorf("got the headers %v", got.Headers)
			}
			if want := "Rest answered " + test.status; len(answered.logs) != 1 || !strings.HasPrefix(answered.logs[0], want) {
				t.Errorf("got the log %q, want %q", answered.logs, want)
			}
			if id := got.Headers["X-Ms-Client-Request-Id"]; strings.HasPrefix(name, "a chat") && id != "order-7" {
				t.Errorf("got the caller's id %q", id)
			}
		})
	}
	keepSecret(t, []string{lines.String()}, ordersKey)
}

// Whoever the platform let in needs no key of ours, where the operator said so.
func TestPlatformsKeyIsEnoughWhenTold(t *testing.T) {
	for _, trusted := range []bool{true, false} {
		c, _ := newConfig(t, to(t, saying(http.StatusOK, reply)))
		c.Trusted = trusted
		sent := told("https://x/api/connections/other"+chat, `"Headers":{"Content-Type":["application/json"]},"Body":`+quoted(message)+`,`)
		if got := delivered(t, invoke(t, serve(t, c), "Rest", sent)); (got.StatusCode == "200") != trusted {
			t.Errorf("trusted %t: got %+v", trusted, got)
		}
	}
}

func TestAnswersThatAreGivenUp(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		status  string
		code    string
		log     string
	}{
		"a panic": {func(http.ResponseWriter, *http.Request) { panic("bomb") }, "500", "InternalError", `"msg":"panic"`},
		"one that has begun": {func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "half")
			panic(http.ErrAbortHandler)
		}, "500", "InternalError", ""},
		"one that is much too long": {endless, "502", "ResponseTooLarge", ""},
	} {
		t.Run(name, func(t *testing.T) {
			c, lines := newConfig(t, bomb{})
			c.HTTP = test.handler
			got := delivered(t, invoke(t, serve(t, c), "Rest", order))
			if got.StatusCode != test.status || got.Headers["X-Ms-Error-Code"] != test.code || strings.Contains(got.Body, "half") || !strings.Contains(got.Body, test.code) {
				t.Errorf("got %+v, want %s %s", got, test.status, test.code)
			}
			if !strings.Contains(lines.String(), test.log) {
				t.Errorf("got the log %s, want %s", lines, test.log)
			}
		})
	}
}

// endless writes until nobody takes it any more.
func endless(w http.ResponseWriter, _ *http.Request) {
	for piece := make([]byte, 1<<20); ; {
		if _, err := w.Write(piece); err != nil {
			panic(http.ErrAbortHandler)
		}
	}
}

func TestHeadersOfAnswersAreOneLineEach(t *testing.T) {
	c, _ := newConfig(t, bomb{})
	c.HTTP = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Allow"], w.Header()["Connection"] = []string{"GET", "POST"}, []string{"close"}
		w.WriteHeader(http.StatusNoContent)
	})
	got := delivered(t, invoke(t, serve(t, c), "Rest", order))
	if got.StatusCode != "204" || got.Headers["Allow"] != "GET, POST" || len(got.Headers) != 1 || got.Body != "" {
		t.Errorf("got %+v", got)
	}
}

// A large body is told in one text.
func TestLargeBodyIsTold(t *testing.T) {
	c, _ := newConfig(t, to(t, saying(http.StatusOK, reply)))
	large := strings.Replace(message, "Peru", strings.Repeat(`\"<é>`, 1<<20), 1)
	sent := told("https://x/api"+chat, `"Headers":{"Content-Type":["application/json"],"api-key":["`+ordersKey+`"]},"Body":`+quoted(large)+`,`)
	if got := delivered(t, invoke(t, serve(t, c), "Rest", sent)); got.StatusCode != "200" {
		t.Errorf("got %.300v, want 200", got)
	}
}
