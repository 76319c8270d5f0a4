package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// The list beside a package names every module whose code is in the program, in the version of go.mod, and no
// other: no tool and nothing of the tests.
func TestDependenciesAreListed(t *testing.T) {
	out := pack(t, "lambda", "--arch", "arm64")
	text, err := os.ReadFile(filepath.Join(out, "lambda-arm64.deps.txt"))
	if err != nil {
		t.Fatal(err)
	}
	list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-tags", "lambda.norpc", "-json=Module", "./handler")
	list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux", "GOARCH=arm64")
	packages, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	type module struct {
		Path, Version, Sum string
		Main               bool
	}
	want := map[string]bool{"go " + strings.TrimPrefix(runtime.Version(), "go"): true}
	for d := json.NewDecoder(strings.NewReader(string(packages))); d.More(); {
		var p struct{ Module *module }
		if err := d.Decode(&p); err != nil {
			t.Fatal(err)
		}
		if m := p.Module; m != nil && !m.Main {
			want[m.Path+" "+m.Version+" "+m.Sum] = true
		}
	}
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); !want[line] {
			t.Errorf("%q is not in the program, or twice in the list", line)
		}
		delete(want, line)
	}
	for line := range want {
		t.Errorf("%q is not in the list", line)
	}
}
