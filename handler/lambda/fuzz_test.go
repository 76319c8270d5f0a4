package lambda

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

var loadActions = sync.OnceValues(schema.Load)

// bare is a host without connections. Requests that arrive are passed to check.
func bare(t testing.TB, check http.HandlerFunc) *Host {
	t.Helper()
	actions, err := loadActions()
	if err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	runner := &trigger.Runner{
		Connector: connector.New(nil, throttle.NewMemory()), Actions: actions, Log: log,
		Triggers: map[string]trigger.Trigger{"SQSQueue": {Connection: "default", Actions: []string{"ListModels"}}},
	}
	return &Host{HTTP: check, Runner: runner, Book: &schedule.Book{Runner: runner, Log: log}, Log: log}
}

// Whatever the event, it is answered or refused; and what arrives as a request is below this server's own
// root and fit for a header.
func FuzzEvents(f *testing.F) {
	names, err := filepath.Glob("testdata/*.json")
	if err != nil || len(names) == 0 {
		f.Fatal(names, err)
	}
	for _, name := range names {
		event, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(event)
	}
	for _, path := range hostilePaths {
		for _, event := range []string{urlPath, apiPath, restPath, balancerPath} {
			f.Add([]byte(strings.Replace(event, "PATH", path, 1)))
		}
	}
	for _, event := range []string{`null`, `{`, `[[[`, `{"Records":[{"eventSource":"aws:sqs"}]}`, `{"schedule":"x"}`,
		`{"resource":"{+}","httpMethod":"GET"}`, `{"detail-type":"x","source":"aws.events","resources":[""]}`} {
		f.Add([]byte(event))
	}
	f.Fuzz(func(t *testing.T, event []byte) {
		h := bare(t, func(_ http.ResponseWriter, r *http.Request) { checkRequest(t, r) })
		answer, err := h.handle(t.Context(), event)
		if err == nil {
			_, err = json.Marshal(answer)
		}
		if err != nil && err.Error() == "" {
			t.Errorf("%q is refused without words", event)
		}
	})
}

func checkRequest(t *testing.T, r *http.Request) {
	t.Helper()
	if u := r.URL; u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" || u.Fragment != "" || !strings.HasPrefix(u.Path, "/") {
		t.Errorf("%q leads to %#v", r.RequestURI, u)
	}
	if !strings.HasPrefix(r.RequestURI, "/") || strings.HasPrefix(r.RequestURI, "//") {
		t.Errorf("the target is %q", r.RequestURI)
	}
	if r.Body == http.NoBody { // broken, and not looked at any further
		return
	}
	for name, values := range r.Header {
		if text := name + strings.Join(values, ""); strings.ContainsAny(text, "\x00\r\n\x7f") || strings.ContainsAny(name, " :") || name == "" {
			t.Errorf("the header %q holds %q", name, values)
		}
	}
}

// The events of which a path is the only thing that is not plain.
const (
	urlPath      = `{"version":"2.0","rawPath":"PATH","requestContext":{"domainName":"x.lambda-url.y","http":{"method":"GET"}}}`
	apiPath      = `{"version":"2.0","rawPath":"PATH","requestContext":{"stage":"prod","http":{"method":"GET"}}}`
	restPath     = `{"resource":"/{proxy+}","path":"PATH","httpMethod":"GET","pathParameters":{"proxy":"PATH"}}`
	balancerPath = `{"path":"PATH","httpMethod":"GET","requestContext":{"elb":{}}}`
)

var hostilePaths = []string{
	"//evil.example/models", "///evil.example/models", "http://evil.example/models", "https:evil.example", "evil.example:80", "*",
	`\\\\evil.example\\models`, `/\\evil.example/models`, "/..//models", "/../models", "/%2e%2e/models", "/.", "/%2fmodels", "/models%2f..",
	"/models%00", "/models\\u0000", "/models\\r\\nX: y", "/models\\n", "/models%0d%0aX:%20y", "/models#/x", "/%", "/%zz", "/a@evil.example/",
	"/connections/%2e%2e/models", "/prod/models", "/prod", "prod/models", "", " /models", "/models ", "/\\u2215models",
}

// No path makes another request than one for this server, and none is two.
func TestHostilePaths(t *testing.T) {
	for _, event := range []string{urlPath, apiPath, restPath, balancerPath} {
		for _, path := range hostilePaths {
			arrived := 0
			h := bare(t, func(_ http.ResponseWriter, r *http.Request) {
				arrived++
				checkRequest(t, r)
			})
			text := strings.ReplaceAll(event, "PATH", path)
			if _, err := h.handle(t.Context(), json.RawMessage(text)); err != nil || arrived != 1 {
				t.Errorf("%s: %d requests, %v", text, arrived, err)
			}
		}
	}
}
