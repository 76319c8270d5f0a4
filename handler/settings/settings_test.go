package settings_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

const (
	keyA = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	keyB = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
)

// load reads settings in a working directory of its own, whose connections.json is file unless that is "",
// and in an environment that holds of our variables only those given as NAME=value.
func load(t testing.TB, file string, environment ...string) (*settings.Settings, error) {
	t.Helper()
	return loadWith(t, emulator, file, environment...)
}

// loadWith is load with another emulator.
func loadWith(t testing.TB, start func() (settings.Emulator, error), file string, environment ...string) (*settings.Settings, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if file != "" {
		write(t, "connections.json", file)
	}
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "CONNECTOR_") || strings.HasPrefix(name, "AZUREAI_") {
			t.Setenv(name, "") // so that it comes back
			os.Unsetenv(name)
		}
	}
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		t.Setenv(name, value)
	}
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return settings.Load(settings.Standalone, actions, start)
}

func emulator() (settings.Emulator, error) {
	return settings.Emulator{URL: "http://127.0.0.1:8081", Deployments: []string{"echo", "tools"}}, nil
}

func mustLoad(t testing.TB, file string, environment ...string) *settings.Settings {
	t.Helper()
	s, err := load(t, file, environment...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// only returns the one connection there is.
func only(t testing.TB, s *settings.Settings) *connector.Connection {
	t.Helper()
	if len(s.Connections) != 1 {
		t.Fatalf("got %d connections, want one", len(s.Connections))
	}
	return s.Connections[0]
}

func deployments(c *connector.Connection) []string {
	var names []string
	for _, d := range c.Deployments {
		names = append(names, d.Name)
	}
	return names
}

// endpoints lists where the endpoints are, each with its place and family.
func endpoints(s *settings.Settings) []string {
	var all []string
	for _, e := range s.Endpoints {
		all = append(all, strings.Join([]string{e.Connection, e.Deployment, e.Family(), e.Host()}, " "))
	}
	return all
}

func equal[T comparable](t testing.TB, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func equalList(t testing.TB, what string, got, want []string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: got\n\t%s\nwant\n\t%s", what, strings.Join(got, "\n\t"), strings.Join(want, "\n\t"))
	}
}
