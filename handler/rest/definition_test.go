package rest_test

import (
	"cmp"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

const (
	powerPlatform = "/connector/power-platform/apiDefinition.swagger.json"
	properties    = "/connector/power-platform/apiProperties.json"
	logicApps     = "/connector/logic-apps/apiDefinition.swagger.json"
)

// publicAt lets a surface know its own address.
func publicAt(t testing.TB, address string) change {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return func(c *rest.Config) { c.PublicURL = u }
}

// A definition is what a test looks at of one.
type definition struct {
	Host, BasePath      string
	Schemes             []string
	SecurityDefinitions map[string]struct{ Name string }
	Paths               map[string]map[string]struct{ Parameters []struct{ Name string } }
}

func (r reply) definition(t testing.TB) (d definition) {
	t.Helper()
	equal(t, "status", r.StatusCode, http.StatusOK)
	if err := json.Unmarshal([]byte(r.body), &d); err != nil {
		t.Fatalf("%v in %.200s", err, r.body)
	}
	return d
}

func TestDefinitionNamesTheAppAsItsOperatorDoes(t *testing.T) {
	for address, want := range map[string][3]string{
		"https://app.example.net/api":   {"https", "app.example.net", "/api"},
		"https://app.example.net":       {"https", "app.example.net", "/"},
		"http://127.0.0.1:7071":         {"http", "127.0.0.1:7071", "/"},
		"https://app.example.net/a%20b": {"https", "app.example.net", "/a%20b"},
	} {
		s := serveEmulator(t, publicAt(t, address))
		for connection, path := range map[string]string{
			"": "", "/connections/default": "/connections/default", "/connections/nowhere": "/connections/nowhere",
			"/connections/%22%3C%7B": "/connections/%22%3C%7B", "//connections//a": "/connections/a",
		} {
			for _, document := range []string{logicApps, powerPlatform} {
				d := s.get(t, connection+document, "Host: elsewhere.example", "X-Forwarded-Host: elsewhere.example").definition(t)
				equal(t, address+" scheme", strings.Join(d.Schemes, " "), want[0])
				equal(t, address+" host", d.Host, want[1])
				equal(t, address+" base path "+connection, d.BasePath, cmp.Or(strings.TrimSuffix(want[2], "/")+path, "/"))
			}
		}
	}
}

// TestDefinitionNeedsNoKey: who imports it has none yet.
func TestDefinitionNeedsNoKey(t *testing.T) {
	s := serveCallers(t, untouched(t), publicAt(t, "https://app.example.net/api"))
	for _, path := range []string{powerPlatform, properties, logicApps, "/connections/a" + logicApps} {
		got := s.get(t, path)
		equal(t, path+" status", got.StatusCode, http.StatusOK)
		equal(t, path+" content type", got.Header.Get("Content-Type"), "application/json")
		again := s.get(t, path, "If-None-Match: "+got.Header.Get("ETag"))
		equal(t, path+" status, again", again.StatusCode, http.StatusNotModified)
		equal(t, path+" body, again", again.body, "")
		equal(t, path+" of another", s.get(t, path, `If-None-Match: "x"`).body, got.body)
	}
	if a, b := s.get(t, "/connections/a"+logicApps), s.get(t, logicApps); a.Header.Get("ETag") == b.Header.Get("ETag") {
		t.Error("two definitions have one tag")
	}
}

func TestDefinitionWithoutAnAddress(t *testing.T) {
	s := serveEmulator(t)
	for _, path := range []string{powerPlatform, properties, logicApps, "/connections/default" + logicApps} {
		got := s.get(t, path)
		equal(t, path+" status", got.StatusCode, http.StatusNotFound)
		equal(t, path+" code", got.code(t), "NotFound")
		if !strings.Contains(got.body, "CONNECTOR_PUBLIC_URL") {
			t.Errorf("%s does not tell what to set: %s", path, got.body)
		}
	}
}

func TestDefinitionOfPlatformKeys(t *testing.T) {
	s := serveEmulator(t, publicAt(t, "https://app.example.net/api"), func(c *rest.Config) { c.PlatformKeys = true })
	equal(t, "header of the key", s.get(t, logicApps).definition(t).SecurityDefinitions["api_key"].Name, "x-functions-key")
}

// TestDefinitionOfBrought: only what is open to the world is told to be there.
func TestDefinitionOfBrought(t *testing.T) {
	s := serveBrought(t, untouched(t), map[string]int{}, publicAt(t, "https://app.example.net/api"), func(c *rest.Config) { c.PlatformKeys = true })
	for path, first := range map[string]string{
		"/connections/open": "x-model-endpoint", "/connections/guarded": "api-version", "/connections/a": "api-version", "": "api-version",
	} {
		d := s.get(t, path+logicApps).definition(t)
		equal(t, path+" first parameter", d.Paths["/info"]["get"].Parameters[0].Name, first)
		equal(t, path+" header of the key", d.SecurityDefinitions["api_key"].Name, map[bool]string{true: "api-key", false: "x-functions-key"}[path == "/connections/open"])
	}
	open := s.get(t, "/connections/open"+powerPlatform).definition(t)
	equal(t, "host", open.Host, "app.example.net")
	equal(t, "base path", open.BasePath, "/api/connections/open")
	if got := s.get(t, "/connections/open"+properties).body; !strings.Contains(got, `"x-model-endpoint"`) {
		t.Errorf("no policy sends the endpoint: %s", got)
	}
}

// TestDefinitionOfBroughtAlone: where nothing else is, the bare address is theirs.
func TestDefinitionOfBroughtAlone(t *testing.T) {
	c := open(nil)
	c.Bring = func(string, connector.Secret) (*connector.Target, error) { return nil, nil }
	s := serve(t, []*connector.Connection{c}, publicAt(t, "https://app.example.net"))
	equal(t, "first parameter", s.get(t, logicApps).definition(t).Paths["/info"]["get"].Parameters[0].Name, "x-model-endpoint")
}

func TestDefinitionIsCounted(t *testing.T) {
	s := serveEmulator(t, publicAt(t, "https://app.example.net"), func(c *rest.Config) { c.MaxCalls = 0 })
	equal(t, "code", s.get(t, logicApps).code(t), "Overloaded")
}
