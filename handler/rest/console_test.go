package rest_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/console"
	"inferenceconnector/handler/rest"
)

// serveConsole serves connections a and b with callers, and an open one, beside the console.
func serveConsole(t testing.TB) *surface {
	t.Helper()
	connection := func(name string, open bool) *connector.Connection {
		return &connector.Connection{Name: name, DisplayName: strings.ToUpper(name), Open: open, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: to(t, untouched(t)), OneModel: true}
	}
	list := &callers.List{}
	list.AddKey(connector.NewSecret(keyA), "a", "alice")
	list.AddKey(connector.NewSecret(keyB), "a", "bob")
	list.AddKey(connector.NewSecret(keyB), "b", "bob")
	return serve(t, []*connector.Connection{connection("b", false), connection("a", false)}, func(c *rest.Config) {
		page, err := console.New(c.Actions)
		if err != nil {
			t.Fatal(err)
		}
		c.Callers, c.Console = list, page
	})
}

func TestThePageNeedsNoKey(t *testing.T) {
	s := serveConsole(t)
	for _, target := range []string{"/console", "/console/main.js", "/console/actions.json", "/console/reference"} {
		got := s.get(t, target, "Host: gateway.example")
		equal(t, target, got.StatusCode, http.StatusOK)
		if got.body == "" || got.Header.Get("Content-Security-Policy") == "" {
			t.Errorf("%s: %d bytes with %v", target, len(got.body), got.Header)
		}
	}
}

func TestConnectionsAreListedForTheirCallers(t *testing.T) {
	s := serveConsole(t)
	for name, test := range map[string]struct {
		header string
		status int
		want   []string
	}{
		"one":                 {"api-key: " + keyA, 200, []string{"a A"}},
		"several":             {"Authorization: Bearer " + keyB, 200, []string{"a A", "b B"}},
		"nobody":              {"Accept: */*", 401, nil},
		"a wrong key":         {"api-key: " + strings.Repeat("c", 32), 401, nil},
		"a key in the cookie": {"Cookie: api-key=" + keyA, 401, nil},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.get(t, "/console/connections", test.header)
			equal(t, "status", got.StatusCode, test.status)
			var list struct {
				Value []struct{ ID, DisplayName string }
			}
			if err := json.Unmarshal([]byte(got.body), &list); err != nil {
				t.Fatal(err)
			}
			var names []string
			for _, c := range list.Value {
				names = append(names, c.ID+" "+c.DisplayName)
			}
			if !slices.Equal(names, test.want) {
				t.Errorf("got %q, want %q", names, test.want)
			}
		})
	}
	got := s.get(t, "/console/connections?api-key="+keyA)
	equal(t, "a key in the address", got.code(t), "Unauthenticated")
}

// Where no keys are configured, pages of other sites may not read the list either.
func TestOpenConnectionsAreListedOnThisMachine(t *testing.T) {
	s := serve(t, []*connector.Connection{open(to(t, untouched(t)))}, func(c *rest.Config) {
		page, err := console.New(c.Actions)
		if err != nil {
			t.Fatal(err)
		}
		c.Console = page
	})
	equal(t, "here", s.get(t, "/console/connections").body, `{"value":[{"id":"default","displayName":""}]}`)
	equal(t, "under a name of others", s.get(t, "/console/connections", "Host: rebound.example").code(t), "InvalidRequest")
}

func TestMethodsOfTheConsole(t *testing.T) {
	s := serveConsole(t)
	for target, allow := range map[string]string{"/console": "GET, HEAD", "/console/main.js": "GET, HEAD", "/console/connections": "GET"} {
		got := s.post(t, target, hi, "api-key: "+keyA)
		equal(t, target, got.StatusCode, http.StatusMethodNotAllowed)
		equal(t, target+" Allow", got.Header.Get("Allow"), allow)
	}
}

func TestWithoutAConsoleThereIsNoRoute(t *testing.T) {
	s := serveCallers(t, untouched(t))
	for _, target := range []string{"/console", "/console/", "/console/main.js", "/console/connections"} {
		equal(t, target, s.get(t, target, "api-key: "+keyA).code(t), "NotFound")
	}
}
