package rest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/emulator"
	"inferenceconnector/handler/rest"
)

const (
	keyA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	keyB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// serveCallers serves connections a and b, each with a caller of its own, to model.
func serveCallers(t testing.TB, model http.Handler, changes ...change) *surface {
	t.Helper()
	shut := func(name string) *connector.Connection {
		return &connector.Connection{Name: name, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: to(t, model), OneModel: true}
	}
	list := &callers.List{}
	list.AddKey(connector.NewSecret(keyA), "a", "alice")
	list.AddKey(connector.NewSecret(keyB), "a", "bob")
	list.AddKey(connector.NewSecret(keyB), "b", "bob")
	return serve(t, []*connector.Connection{shut("a"), shut("b")}, append(changes, func(c *rest.Config) { c.Callers = list })...)
}

func TestCallers(t *testing.T) {
	s := serveCallers(t, emulator.Handler(emulator.Config{}))
	for name, test := range map[string]struct {
		target, header string
		status         int
		code           string
	}{
		"own":                      {"/connections/a" + info, "api-key: " + keyA, 200, ""},
		"only one":                 {info, "api-key: " + keyA, 200, ""},
		"from any host":            {info, "Host: gateway.example\r\napi-key: " + keyA, 200, ""},
		"bearer":                   {"/connections/b" + info, "Authorization: bearer " + keyB, 200, ""},
		"several, none named":      {info, "api-key: " + keyB, 400, "InvalidRequest"},
		"not one's own":            {"/connections/b" + info, "api-key: " + keyA, 404, "NotFound"},
		"not there":                {"/connections/c" + info, "api-key: " + keyA, 404, "NotFound"},
		"names are exact":          {"/connections/A" + info, "api-key: " + keyA, 404, "NotFound"},
		"nobody":                   {"/connections/a" + info, "Accept: */*", 401, "Unauthenticated"},
		"nobody, not there":        {"/connections/c" + info, "Accept: */*", 401, "Unauthenticated"},
		"wrong":                    {info, "api-key: wrong", 401, "Unauthenticated"},
		"twice":                    {info, "api-key: " + keyA + "\r\napi-key: " + keyA, 401, "Unauthenticated"},
		"in the address":           {info + "&api-key=" + keyA, "Accept: */*", 401, "Unauthenticated"},
		"in the address and right": {info + "&api-key=" + keyA, "api-key: " + keyA, 401, "Unauthenticated"},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.get(t, test.target, strings.Split(test.header, "\r\n")...)
			equal(t, "status", got.StatusCode, test.status)
			if test.status != http.StatusOK {
				equal(t, "code", got.code(t), test.code)
			}
			equal(t, "www-authenticate is there", got.Header.Get("WWW-Authenticate") != "", test.status == http.StatusUnauthorized)
			if strings.Contains(got.body, keyA) {
				t.Errorf("the key is in %s", got.body)
			}
		})
	}
}

func TestNotAllowedLooksLikeNotThere(t *testing.T) {
	s := serveCallers(t, untouched(t))
	theirs := s.post(t, "/connections/b"+chat, "{", "api-key: "+keyA)
	nowhere := s.post(t, "/connections/c"+chat, "{", "api-key: "+keyA)
	equal(t, "body", unnamed(theirs), unnamed(nowhere))
	for _, r := range []reply{theirs, nowhere} {
		for _, name := range []string{"Date", "X-Ms-Request-Id"} {
			r.Header.Del(name)
		}
	}
	equal(t, "headers", headerText(theirs.Header), headerText(nowhere.Header))
}

func headerText(h http.Header) string {
	var b strings.Builder
	_ = h.Write(&b) // a strings.Builder takes everything
	return b.String()
}

// TestOrderOfTheChecks has requests in which everything from some point on is wrong, and looks which mistake
// is answered.
func TestOrderOfTheChecks(t *testing.T) {
	s := serveCallers(t, untouched(t))
	long := strings.Repeat("x", 5<<10)
	for _, test := range []struct{ method, target, header, contentType, body, code string }{
		{"GET", "/nowhere?" + long, "api-key: wrong", "text/plain", "{", "UriTooLong"},
		{"GET", "/nowhere?api-version=x", "api-key: wrong", "text/plain", "{", "NotFound"},
		{"PUT", "/connections/c/chat/completions?api-version=x", "api-key: wrong", "text/plain", "{", "MethodNotAllowed"},
		{"POST", "/connections/c/chat/completions?api-version=x", "api-key: wrong", "text/plain", "{", "Unauthenticated"},
		{"POST", "/connections/c/chat/completions?api-version=x", "api-key: " + keyA, "text/plain", "{", "NotFound"},
		{"POST", "/connections/a/chat/completions?api-version=x", "api-key: " + keyA, "text/plain", "{", "UnsupportedApiVersion"},
		{"POST", "/connections/a" + chat, "api-key: " + keyA, "text/plain", strings.Repeat("{", 70<<10), "UnsupportedMediaType"},
		{"POST", "/connections/a" + chat, "api-key: " + keyA, "application/json", strings.Repeat("{", 70<<10), "BodyTooLarge"},
		{"POST", "/connections/a" + chat, "api-key: " + keyA, "application/json", "{", "InvalidJson"},
		{"POST", "/connections/a" + chat, "api-key: " + keyA, "application/json", `{"n":1}`, "ExtraParameters"},
		{"POST", "/connections/a" + chat, "api-key: " + keyA, "application/json", `{}`, "ValidationFailed"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), test.method, s.URL+test.target, strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		name, value, _ := strings.Cut(test.header, ": ")
		r.Header.Set(name, value)
		r.Header.Set("Content-Type", test.contentType)
		response, err := s.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		equal(t, test.method+" "+test.target[:20]+" "+test.header, response.Header.Get("x-ms-error-code"), test.code)
	}
}

// TestAPageOfAnotherSiteIsNotLetIn is about DNS rebinding: where no key is asked for, the name by which this
// machine is addressed must be its own.
func TestAPageOfAnotherSiteIsNotLetIn(t *testing.T) {
	s := serveEmulator(t)
	for host, status := range map[string]int{
		"localhost": 200, "localhost:7071": 200, "LocalHost:80": 200, "127.0.0.1": 200, "127.0.0.1:7071": 200, "127.1.2.3": 200,
		"[::1]": 200, "[::1]:7071": 200,
		"rebound.example": 400, "rebound.example:7071": 400, "localhost.rebound.example": 400, "127.0.0.1.rebound.example": 400,
		"10.0.0.1": 400, "0.0.0.0": 400, "[::]": 400, "": 400,
	} {
		t.Run("Host "+host, func(t *testing.T) {
			got := s.get(t, info, "Host: "+host)
			equal(t, "status", got.StatusCode, status)
			if status != http.StatusOK {
				equal(t, "code", got.code(t), "InvalidRequest")
			}
			equal(t, "health", s.get(t, "/healthz", "Host: "+host).StatusCode, http.StatusOK)
		})
	}
}

func TestWithoutCallersACredentialIsIgnoredAndStaysHere(t *testing.T) {
	seen := make(chan http.Header, 1)
	s := serveModel(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen <- r.Header
		w.Header().Set("Content-Type", "application/json")
		w.Write([]byte(`{}`))
	}))
	got := s.get(t, info, "api-key: whatever", "Authorization: Bearer whatever", "Cookie: a=b", "X-Functions-Key: whatever", "X-Forwarded-For: 192.0.2.1")
	equal(t, "status", got.StatusCode, http.StatusOK)
	header := <-seen
	for _, name := range []string{"Api-Key", "Authorization", "Cookie", "X-Functions-Key", "X-Forwarded-For"} {
		if _, there := header[name]; there {
			t.Errorf("%s reached the endpoint", name)
		}
	}
}

// Where no connection has callers there is no key to ask for: a name that does not exist is just not there.
func TestMistypedConnectionsWithoutCallers(t *testing.T) {
	s := serveModel(t, untouched(t))
	got := s.get(t, "/connections/typo"+info)
	equal(t, "status", got.StatusCode, http.StatusNotFound)
	equal(t, "code", got.code(t), "NotFound")
}
