package main

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"

	"inferenceconnector/handler/settings"
)

var settingName = regexp.MustCompile(`\b(?:CONNECTOR|AZUREAI)_[A-Z0-9_]+`)

// An unknown CONNECTOR_ variable keeps the program from starting, so no description of a cloud may set one.
func TestInfrastructureSetsKnownVariables(t *testing.T) {
	known := func(name string) bool {
		return slices.ContainsFunc(settings.Variables(), func(v settings.Variable) bool { return v.Name == name })
	}
	paths, err := filepath.Glob("../*/*.*")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		if folder := filepath.Base(filepath.Dir(path)); folder != "azure" && folder != "lambda" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names := settingName.FindAllString(string(text), -1)
		for _, name := range names {
			if !known(name) {
				t.Errorf("%s sets %s, which is no setting", path, name)
			}
		}
		for _, needed := range []string{"CONNECTOR_RATE_LIMIT_SCOPE", "CONNECTOR_CALLER_KEY", "AZUREAI_ENDPOINT_URL", "AZUREAI_ENDPOINT_KEY"} {
			if !slices.Contains(names, needed) {
				t.Errorf("%s does not set %s", path, needed)
			}
		}
	}
	if len(paths) < 3 {
		t.Errorf("found %q, want the descriptions of two clouds", paths)
	}
}

// A person is told which app settings a connections file needs, each once.
func TestNamesOfAppSettings(t *testing.T) {
	c, err := readConnections(write(t, "c.json", `{"a":"@appsetting('B_KEY')","b":["x@appsetting('A_KEY')y","@appsetting('B_KEY')"],"c":"@appsetting(C)"}`))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.appSettings(), []string{"A_KEY", "B_KEY"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
