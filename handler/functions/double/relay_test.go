package double_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/functions/double"
)

// request makes a request whose path is sent as it is written.
func request(t *testing.T, method, address string, header http.Header, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, values := range header {
		r.Header[name] = values
	}
	if host := r.Header.Get("Host"); host != "" {
		r.Host = host
	}
	return r
}

// ask sends a request and returns it as the handler saw it.
func ask(t *testing.T, method, address string, header http.Header, body io.Reader) (got seen) {
	t.Helper()
	reply, err := http.DefaultTransport.RoundTrip(request(t, method, address, header, body))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if err := json.NewDecoder(reply.Body).Decode(&got); err != nil {
		t.Fatalf("%s: %v", reply.Status, err)
	}
	return got
}

func TestRoutes(t *testing.T) {
	host, address := serve(t, double.Options{Key: "k"})
	for name, c := range map[string]struct {
		line     string
		status   int
		function string
	}{
		"own route":                     {"POST /api/shop/orders?code=k", 200, "Closed"},
		"own route, another method":     {"GET /api/shop/orders", 200, "Rest"},
		"letter case":                   {"POST /API/Shop/Orders?code=k", 200, "Closed"},
		"a slash at the end":            {"POST /api/shop/orders/?code=k", 200, "Closed"},
		"two slashes at the end":        {"POST /api/shop/orders//", 200, "Rest"},
		"dots":                          {"POST /api/x/../shop/./orders?code=k", 200, "Closed"},
		"without a key":                 {"POST /api/shop/orders", 401, ""},
		"with a wrong key":              {"POST /api/shop/orders?code=K", 401, ""},
		"catch-all of nothing":          {"GET /api", 200, "Rest"},
		"an empty segment below it":     {"GET /api/a//b", 200, "Rest"},
		"an empty segment in its place": {"GET /api//a", 404, ""},
		"above the prefix":              {"GET /shop/orders", 404, ""},
		"the host's page":               {"GET /", 200, ""},
		"the host's own routes":         {"GET /admin/host/status", 404, ""},
		"its other ones":                {"GET /runtime/webhooks", 404, ""},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(host.Invoked())
			method, target, _ := strings.Cut(c.line, " ")
			reply, err := http.DefaultTransport.RoundTrip(request(t, method, address+target, nil, nil))
			if err != nil {
				t.Fatal(err)
			}
			_ = reply.Body.Close()
			if got := strings.Join(host.Invoked()[before:], " "); reply.StatusCode != c.status || got != c.function {
				t.Errorf("got %d and function %q, want %d and %q", reply.StatusCode, got, c.status, c.function)
			}
		})
	}
}

// sent is a request with all that the two modes treat differently.
func sent() http.Header {
	return http.Header{
		"Host": {"shop.example.com"}, "User-Agent": {"app/1"}, "Content-Type": {"text/plain"}, "Content-Encoding": {"x"}, "Content-Language": {"pt"},
		"Twice": {"a", "b"}, "Connection": {"Upgrade"}, "Upgrade": {"h2c"}, "X-Forwarded-For": {"203.0.113.9"}, "Forwarded": {"for=203.0.113.9"},
		"X-Azure-Functions-Invocationid": {"mine"}, "X-Ms-Invocation-Id": {"mine"},
	}
}

func TestProxied(t *testing.T) {
	host, address := serve(t, double.Options{})
	got := ask(t, http.MethodPut, address+"/api/%61/b%2Fc?a=1&a=2&b=%zz", sent(), bytes.NewBufferString("text"))
	want := map[string]string{
		"Content-Type": "text/plain", "Content-Encoding": "x", "Content-Language": "pt", "User-Agent": "app/1", "Twice": "a, b", "Forwarded": "for=203.0.113.9",
		"Connection": "", "Upgrade": "", "X-Forwarded-For": "127.0.0.1", "X-Forwarded-Proto": "http", "X-Forwarded-Host": "shop.example.com",
		"X-Azure-Functions-Hostversion": double.Version,
	}
	compare(t, got, want)
	if line := "PUT /api/a/b%2Fc?a=1&a=2&b=%zz"; got.Line != line || got.Body != "text" || got.Host != host.Address() {
		t.Errorf("got %s, body %q for host %s; want %s, body %q for host %s", got.Line, got.Body, got.Host, line, "text", host.Address())
	}
	if id := got.Header.Get("X-Ms-Invocation-Id"); id == "mine" || got.Header.Get("X-Azure-Functions-Invocationid") != id {
		t.Errorf("got invocation ids %q and %q", id, got.Header.Get("X-Azure-Functions-Invocationid"))
	}
}

func TestForwarded(t *testing.T) {
	_, address := serve(t, double.Options{Old: true})
	got := ask(t, http.MethodPut, address+"/api/%61/b%2Fc?a=1&A=2&b=%zz&c&d=%C3%A9+x", sent(), bytes.NewBufferString("text"))
	want := map[string]string{
		"Content-Type": "text/plain", "Content-Encoding": "", "Content-Language": "", "User-Agent": "app/1 Azure-Functions-Host/" + double.Version, "Twice": "a, b",
		"Upgrade": "h2c", "X-Forwarded-For": "203.0.113.9", "X-Azure-Functions-Hostversion": double.Version, "X-Ms-Invocation-Id": "mine",
	}
	compare(t, got, want)
	if line := "PUT /api/a/b%2Fc?a=1%2C2&b=%25zz&c=&d=%C3%A9%20x"; got.Line != line || got.Body != "text" || got.Host != "shop.example.com" {
		t.Errorf("got %s, body %q for host %s; want %s, body %q for host %s", got.Line, got.Body, got.Host, line, "text", "shop.example.com")
	}
	if id := got.Header.Get("X-Azure-Functions-Invocationid"); !strings.HasPrefix(id, "mine, ") {
		t.Errorf("got invocation id %q, want one more behind the caller's", id)
	}
}

func compare(t *testing.T, got seen, want map[string]string) {
	t.Helper()
	for name, value := range want {
		if !slices.Equal(got.Header[name], slices.DeleteFunc([]string{value}, func(s string) bool { return s == "" })) {
			t.Errorf("got %s %q, want %q", name, got.Header[name], value)
		}
	}
}

// chunked hides the length of a body.
type chunked struct{ io.Reader }

func TestChunkedBodies(t *testing.T) {
	_, proxied := serve(t, double.Options{})
	if got := ask(t, http.MethodPost, proxied+"/api/x", nil, chunked{strings.NewReader("text")}); got.Body != "text" {
		t.Errorf("got body %q, want it all", got.Body)
	}
	_, forwarded := serve(t, double.Options{Old: true})
	reply, err := http.DefaultTransport.RoundTrip(request(t, http.MethodPost, forwarded+"/api/x", nil, chunked{strings.NewReader("text")}))
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if reply.StatusCode != http.StatusInternalServerError {
		t.Errorf("got %d, want 500", reply.StatusCode)
	}
}

func TestCanonicalTargetsOfClients(t *testing.T) {
	_, address := serve(t, double.Options{})
	for given, want := range map[string]string{
		"/api/a/../../api/b":   "/api/b",
		"/api/a/%2e%2e/b":      "/api/b",
		"/api/a/.":             "/api/a/",
		"/api/a/..":            "/api/",
		"/api/a%20b;c/%7Ed%25": "/api/a%20b%3Bc/~d%25",
	} {
		u, err := url.Parse(address + given)
		if err != nil {
			t.Fatal(err)
		}
		r := request(t, http.MethodGet, address, nil, nil)
		r.URL = u
		reply, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer reply.Body.Close()
		var got seen
		if err := json.NewDecoder(reply.Body).Decode(&got); err != nil || got.Line != "GET "+want {
			t.Errorf("%s: got %s (%v), want GET %s", given, got.Line, err, want)
		}
	}
}
