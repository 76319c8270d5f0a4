package main

import (
	"archive/zip"
	"bytes"
	"debug/elf"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"inferenceconnector/schema"
)

// pack runs the command in the project's folder and returns the folder it wrote to.
func pack(t *testing.T, arguments ...string) (out string) {
	t.Helper()
	out = t.TempDir()
	t.Chdir("../..")
	if err := run(append(arguments, "--out", out)); err != nil {
		t.Fatal(err)
	}
	return out
}

// entry is one file of a package.
type entry struct {
	mode fs.FileMode
	text []byte
}

func unzip(t *testing.T, path string) map[string]entry {
	t.Helper()
	archive, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer archive.Close()
	entries := map[string]entry{}
	for _, f := range archive.File {
		content, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		entries[f.Name] = entry{f.Mode(), text}
	}
	return entries
}

// write makes a file outside the project and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	distrusting = `{"connections":{"default":{"endpoint":"https://example.com","callers":[{"name":"app","key":"@appsetting('APP_KEY')"}]}}}`
	trusting    = `{"auth":{"trustPlatform":true},"connections":{"default":{"endpoint":"https://example.com"}}}`
)

func TestAzurePackage(t *testing.T) {
	out := pack(t, "azure", "--connections", write(t, "any-name.json", distrusting))
	files := unzip(t, filepath.Join(out, "azure-amd64.zip"))
	want := []string{"Rest/function.json", "connections.json", "handler", "host.json"}
	for _, action := range loadActions(t) {
		want = append(want, action.ID+"/function.json")
	}
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, want) {
		t.Errorf("got files %q, want %q", got, want)
	}
	for name, file := range files {
		mode := fs.FileMode(0o644)
		if name == "handler" {
			mode = 0o755
		}
		if file.mode != mode {
			t.Errorf("%s has mode %v, want %v", name, file.mode, mode)
		}
	}
	if got := string(files["connections.json"].text); got != distrusting {
		t.Errorf("got connections.json %s, want %s", got, distrusting)
	}
	for _, name := range []string{"local.settings.json", "main.bicep"} {
		if _, err := os.Stat(filepath.Join(out, name)); err != nil {
			t.Error(err)
		}
	}
	if got := machine(t, files["handler"].text); got != elf.EM_X86_64 {
		t.Errorf("got a program for %v, want amd64", got)
	}
}

func TestLambdaPackage(t *testing.T) {
	out := pack(t, "lambda", "--arch", "arm64", "--connections", write(t, "c.json", distrusting))
	files := unzip(t, filepath.Join(out, "lambda-arm64.zip"))
	if got := slices.Sorted(maps.Keys(files)); !slices.Equal(got, []string{"bootstrap", "connections.json"}) {
		t.Errorf("got files %q", got)
	}
	if got := files["bootstrap"].mode; got != 0o755 {
		t.Errorf("bootstrap has mode %v, want 0755", got)
	}
	if got := machine(t, files["bootstrap"].text); got != elf.EM_AARCH64 {
		t.Errorf("got a program for %v, want arm64", got)
	}
	if _, err := os.Stat(filepath.Join(out, "template.yaml")); err != nil {
		t.Error(err)
	}
}

// machine tells for which processor a program is. It must need no library of the machine it runs on.
func machine(t *testing.T, program []byte) elf.Machine {
	t.Helper()
	file, err := elf.NewFile(bytes.NewReader(program))
	if err != nil {
		t.Fatal(err)
	}
	if libraries, err := file.ImportedLibraries(); err != nil || len(libraries) > 0 {
		t.Errorf("the program needs %q (%v)", libraries, err)
	}
	return file.Machine
}

// Neither the time nor the environment of whoever packages is in a package.
func TestSameBytesTwice(t *testing.T) {
	var packages [2][]byte
	file := write(t, "c.json", eventful)
	for i, processor := range []string{"v1", "v3"} {
		t.Run(processor, func(t *testing.T) {
			t.Setenv("GOAMD64", processor)
			t.Setenv("CGO_ENABLED", "1")
			text, err := os.ReadFile(filepath.Join(pack(t, "azure", "--connections", file), "azure-amd64.zip"))
			if err != nil {
				t.Fatal(err)
			}
			packages[i] = text
		})
	}
	if !bytes.Equal(packages[0], packages[1]) {
		t.Errorf("got two packages of %d and %d bytes that differ", len(packages[0]), len(packages[1]))
	}
}

func loadActions(t *testing.T) []*schema.Action {
	t.Helper()
	actions, err := schema.Load()
	if err != nil || len(actions) == 0 {
		t.Fatalf("%d actions (%v)", len(actions), err)
	}
	return actions
}
