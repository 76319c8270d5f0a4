package functions

import (
	"net/http"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/trigger"
)

// Config is what the host's requests lead to. All but Memory and Trusted is required.
type Config struct {
	HTTP    http.Handler
	Runner  *trigger.Runner
	Book    *schedule.Book
	Memory  *connector.Memory // nil for no bound
	Trusted bool              // the platform has checked its own key; which key that was nobody here reads
}

// Handler takes the requests of the Functions host: its own calls of functions at POST /<name>, and what
// callers sent, with the route prefix in front.
func (a App) Handler(c Config) http.Handler {
	invoked := map[string]Function{}
	for _, f := range a.Functions {
		if a.isInvoked(f) {
			invoked["/"+f.Name] = f
		}
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f, ok := invoked[r.URL.Path]; ok && r.Method == http.MethodPost {
			a.invoke(c, w, r, f)
			return
		}
		a.forward(c, w, r)
	})
}

// forward hands a request of a caller's over.
func (a App) forward(c Config, w http.ResponseWriter, r *http.Request) {
	if c.Trusted {
		r = rest.Trust(r)
	}
	u := *r.URL
	u.Path, u.RawPath = a.strip(u.Path), a.strip(u.RawPath)
	inner := r.WithContext(r.Context())
	inner.URL = &u
	if r.ContentLength == 0 && r.Header.Get("Content-Type") == "" {
		// A host that forwards loses chunked bodies, and their type with them. Callers are to hear of the body.
		inner.Header = r.Header.Clone()
		inner.Header.Set("Content-Type", "application/json")
	}
	c.HTTP.ServeHTTP(w, inner)
}

// strip takes the prefix off a path: whole segments only, in any letter case, as the host routes. Doubled
// slashes do no harm.
func (a App) strip(path string) string {
	trimmed := strings.TrimLeft(path, "/")
	n := len(a.Prefix)
	if n == 0 || len(trimmed) < n || !strings.EqualFold(trimmed[:n], a.Prefix) {
		return path
	}
	switch below := trimmed[n:]; {
	case below == "":
		return "/"
	case below[0] == '/':
		return below
	}
	return path
}
