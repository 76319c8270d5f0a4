package rest_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestWhatHTTPAllowsAndThisSurfaceDoesNot(t *testing.T) {
	s := serveModel(t, untouched(t))
	const host = "Host: localhost\r\n"
	long := strings.Repeat("x", 5<<10)
	for name, test := range map[string]struct {
		request string
		status  int
		code    string
	}{
		"long target":        {"GET /info?a=" + long + " HTTP/1.1\r\n" + host, http.StatusRequestURITooLong, "UriTooLong"},
		"large header":       {"GET " + info + " HTTP/1.1\r\n" + host + "A: " + strings.Repeat(long, 4) + "\r\n", http.StatusRequestHeaderFieldsTooLarge, "HeadersTooLarge"},
		"many headers":       {"GET " + info + " HTTP/1.1\r\n" + host + strings.Repeat("A: b\r\n", 4<<10), http.StatusRequestHeaderFieldsTooLarge, "HeadersTooLarge"},
		"upgrade":            {"GET " + info + " HTTP/1.1\r\n" + host + "Connection: Upgrade\r\nUpgrade: websocket\r\n", http.StatusBadRequest, "InvalidRequest"},
		"connect":            {"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n", http.StatusMethodNotAllowed, "MethodNotAllowed"},
		"another host":       {"GET http://other.example" + info + " HTTP/1.1\r\n" + host, http.StatusBadRequest, "InvalidRequest"},
		"another route":      {"GET /chat HTTP/1.1\r\n" + host, http.StatusNotFound, "NotFound"},
		"root":               {"POST / HTTP/1.1\r\n" + host, http.StatusMethodNotAllowed, "MethodNotAllowed"},
		"a path that climbs": {"GET /connections/x/../../info HTTP/1.1\r\n" + host, http.StatusNotFound, "NotFound"},
		"a slash in a name":  {"GET /connections/a%2Fb" + info + " HTTP/1.1\r\n" + host, http.StatusNotFound, "NotFound"},
		"a broken query":     {"GET /info?api-version=%zz HTTP/1.1\r\n" + host, http.StatusBadRequest, "InvalidRequest"},
		"a semicolon in it":  {"GET /info?a=1;api-version=2024-05-01-preview HTTP/1.1\r\n" + host, http.StatusBadRequest, "InvalidRequest"},
		"version twice":      {"GET " + info + "&api-version=2024-10-21 HTTP/1.1\r\n" + host, http.StatusBadRequest, "InvalidRequest"},
		"no version":         {"GET /info HTTP/1.1\r\n" + host, http.StatusBadRequest, "InvalidRequest"},
		"odd version":        {"GET /info?api-version=latest HTTP/1.1\r\n" + host, http.StatusBadRequest, "UnsupportedApiVersion"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.dial(t).exchange(t, test.request+"\r\n")
			equal(t, "status", got.StatusCode, test.status)
			equal(t, "code", got.code(t), test.code)
			equal(t, "x-ms-error-code", got.Header.Get("x-ms-error-code"), test.code)
			equal(t, "content type", got.Header.Get("Content-Type"), "application/json")
			if got.Header.Get("x-ms-request-id") == "" {
				t.Error("no request id")
			}
		})
	}
}

func TestMethods(t *testing.T) {
	s := serveModel(t, untouched(t))
	for _, test := range []struct{ method, target, allow string }{
		{"GET", chat, "POST"}, {"PUT", chat, "POST"}, {"OPTIONS", chat, "POST"},
		{"POST", "/", "GET, HEAD"}, {"DELETE", "/healthz", "GET, HEAD"}, {"POST", "/readyz/", "GET, HEAD"},
		{"POST", info, "GET"}, {"HEAD", info, "GET"}, {"DELETE", "/models", "GET"},
	} {
		got := s.send(t, test.method, test.target, "")
		equal(t, test.method+" status", got.StatusCode, http.StatusMethodNotAllowed)
		equal(t, test.method+" allow", got.Header.Get("Allow"), test.allow)
		equal(t, test.method+" x-ms-error-code", got.Header.Get("x-ms-error-code"), "MethodNotAllowed")
	}
}

func TestBaseURLsAreTypedByPeople(t *testing.T) {
	s := serveEmulator(t)
	for _, path := range []string{"/info", "/info/", "//info", "/connections/default/info", "/connections//default//info/", "/%69nfo"} {
		equal(t, path, s.get(t, path+"?api-version=2024-05-01-preview").StatusCode, http.StatusOK)
	}
}

func TestAbsoluteFormChoosesNothing(t *testing.T) {
	s := serveEmulator(t)
	got := s.get(t, "http://127.0.0.1:1"+info)
	equal(t, "status", got.StatusCode, http.StatusOK)
	if !strings.Contains(got.body, "emulator/echo") {
		t.Errorf("got %s, want the endpoint of the connection", got.body)
	}
}

func TestOneMessageIsOneCall(t *testing.T) {
	calls := make(chan string, 10)
	s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls <- r.URL.Path
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{}`))
	}))
	smuggled := "GET " + info + " HTTP/1.1\r\nHost: localhost\r\n\r\n"
	for name, head := range map[string]string{
		"two lengths":          "Content-Length: 2\r\nContent-Length: 60\r\n",
		"a length with a sign": "Content-Length: +2\r\n",
		"an unknown encoding":  "Transfer-Encoding: gzip, chunked\r\n",
		"a name with a blank":  "Content-Length : 2\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			w := s.dial(t)
			got := w.exchange(t, "POST "+chat+" HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+head+"\r\n{}"+smuggled)
			if got.StatusCode != http.StatusBadRequest && got.StatusCode != http.StatusNotImplemented {
				t.Errorf("got status %d", got.StatusCode)
			}
			w.ended(t)
		})
	}
	equal(t, "calls to the endpoint", len(calls), 0)
}
