package rest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

// FuzzRoutes: whatever a path holds, it leads to an action with the parts that a second reading of the path
// finds, or to an error.
func FuzzRoutes(f *testing.F) {
	actions, err := schema.Load()
	if err != nil {
		f.Fatal(err)
	}
	all := newRoutes(actions)
	for _, path := range []string{
		"/chat/completions", "/connections/a/v1/models", "/openai/deployments/a%2Fb/chat/completions", "/openai/deployments/a/b/chat/completions",
		"/openai/v1/chat/completions/", "//connections//a//info", "/v1/responses/x", "/images/generations", "/connections/%2F/info", "/openai/deployments",
		"/openai/deployments/chat/completions", "/openai/deployments/chat/completions/chat/completions", "/%", "/connections", "/chat%2Fcompletions",
	} {
		f.Add(http.MethodPost, path)
		f.Add(http.MethodGet, path)
	}
	f.Fuzz(func(t *testing.T, method, path string) {
		u, err := url.ParseRequestURI(path)
		if err != nil {
			return
		}
		found, err := all.find(&http.Request{Method: method, URL: u})
		if err != nil {
			if found.action != nil {
				t.Errorf("%s %q: got an action and %v", method, path, err)
			}
			return
		}
		if found.action == nil || found.action.Method != method || strings.Contains(found.connection, "/") {
			t.Fatalf("%s %q: got %+v", method, path, found)
		}
		plain := "/" + strings.Trim(u.Path, "/")
		if !strings.HasSuffix(strings.ReplaceAll(plain, "//", "/"), found.action.Path) && !strings.Contains(plain, "//") {
			t.Errorf("%s %q: got %s", method, path, found.action.Path)
		}
		if (found.deployment != "") != (found.action.Dialect == schema.AzureOpenAI) {
			t.Errorf("%s %q: got the deployment %q in the form %q", method, path, found.deployment, found.action.Dialect)
		}
		for name, part := range map[string]string{"connection": found.connection, "deployment": found.deployment} {
			if !strings.Contains(plain, part) && !strings.Contains(plain, "//") {
				t.Errorf("%s %q: the %s %q is not in it", method, path, name, part)
			}
		}
	})
}
