package functions_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"inferenceconnector/handler/functions"
)

func TestHandlerTakesThePrefixOff(t *testing.T) {
	for name, c := range map[string]struct{ prefix, target, want string }{
		"usual":                    {"api", "/api/chat/completions?a=1&a=2", "/chat/completions?a=1&a=2"},
		"nothing below":            {"api", "/api", "/"},
		"a slash below":            {"api", "/api/", "/"},
		"escapes stay":             {"api", "/api/a%2Fb/%63", "/a%2Fb/%63"},
		"slashes stay":             {"api", "//api//chat//x/", "//chat//x/"},
		"letter case, as the host": {"api", "/Api/Chat", "/Chat"},
		"longer first segment":     {"api", "/apix/chat", "/apix/chat"},
		"the prefix further down":  {"api", "/v1/api/chat", "/v1/api/chat"},
		"only once":                {"api", "/api/api/chat", "/api/chat"},
		"the host's probe":         {"api", "/", "/"},
		"several segments":         {"a/b", "/a/b/chat", "/chat"},
		"half of them":             {"a/b", "/a/chat", "/a/chat"},
		"no prefix":                {"", "/api/chat", "/api/chat"},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			app := functions.App{Prefix: c.prefix}
			handler := app.Handler(functions.Config{HTTP: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.URL.RequestURI() })})
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			u, err := r.URL.Parse("http://x" + c.target)
			if err != nil {
				t.Fatal(err)
			}
			u.Scheme, u.Host = "", ""
			r.URL = u
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestHandlerNamesTheTypeOfABodyThatWasLost(t *testing.T) {
	for name, c := range map[string]struct{ body, kind, want string }{
		"no body, no type": {"", "", "application/json"},
		"no body":          {"", "text/plain", "text/plain"},
		"no type":          {"{}", "", ""},
		"both":             {"{}", "text/plain", "text/plain"},
	} {
		t.Run(name, func(t *testing.T) {
			var got string
			handler := functions.App{Prefix: "api"}.Handler(functions.Config{HTTP: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header.Get("Content-Type") })})
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/api/chat", strings.NewReader(c.body))
			if c.kind != "" {
				r.Header.Set("Content-Type", c.kind)
			}
			handler.ServeHTTP(httptest.NewRecorder(), r)
			if got != c.want || r.Header.Get("Content-Type") != c.kind {
				t.Errorf("got type %q, and %q in the request that came; want %q and %q", got, r.Header.Get("Content-Type"), c.want, c.kind)
			}
		})
	}
}
