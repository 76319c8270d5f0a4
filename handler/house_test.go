package main

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "inferenceconnector"

// rooms lists what each room may import of the others. An arrow that is not here is a mistake, or a
// decision to write down.
var rooms = map[string][]string{
	"schema":                       {},
	"connector":                    {"schema"},
	"connector/endpoint":           {"connector", "schema"},
	"connector/throttle":           {"connector"},
	"connector/throttle/redistest": {},
	"handler":                      {"connector", "connector/throttle", "handler/console", "handler/emulator", "handler/functions", "handler/lambda", "handler/rest", "handler/schedule", "handler/settings", "handler/trigger", "schema"},
	"handler/callers":              {"connector"},
	"handler/console":              {"schema"},
	"scripts/package":              {"handler/schedule", "handler/settings", "schema"},
	"handler/emulator":             {},
	"handler/functions":            {"connector", "handler/rest", "handler/schedule", "handler/trigger"},
	"handler/functions/double":     {},
	"handler/lambda":               {"connector", "handler/rest", "handler/schedule", "handler/trigger"},
	"handler/lambda/double":        {},
	"handler/rest":                 {"connector", "handler/callers", "schema"},
	"handler/schedule":             {"connector", "handler/trigger"},
	"handler/settings":             {"connector", "connector/endpoint", "connector/throttle", "handler/callers", "handler/schedule", "handler/trigger", "schema"},
	"handler/trigger":              {"connector", "schema"},
}

// onlyImporter names the one room that may import a package of others.
var onlyImporter = map[string]string{
	"github.com/santhosh-tekuri/jsonschema/v5":             "schema",
	"github.com/kelseyhightower/envconfig":                 "handler/settings",
	"github.com/spf13/pflag":                               "handler",
	"github.com/aws/aws-lambda-go/lambda":                  "handler/lambda",
	"github.com/go-jose/go-jose/v4":                        "handler/callers",
	"github.com/Azure/azure-sdk-for-go/sdk/azidentity":     "connector/endpoint",
	"github.com/Azure/azure-sdk-for-go/sdk/azcore":         "connector/endpoint",
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/cloud":   "connector/endpoint",
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/policy":  "connector/endpoint",
	"github.com/Azure/azure-sdk-for-go/sdk/azcore/runtime": "connector/endpoint",
	"github.com/go-jose/go-jose/v4/jwt":                    "handler/callers",
	"github.com/netresearch/go-cron":                       "handler/schedule",
	"github.com/redis/go-redis/v9":                         "connector/throttle",
}

type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	Imports         []string
}

func TestArrowsBetweenRoomsPointOneWay(t *testing.T) {
	seen := map[string]bool{}
	for _, p := range listPackages(t) {
		room := strings.TrimPrefix(p.ImportPath, module+"/")
		seen[room] = true
		allowed, known := rooms[room]
		if !known {
			t.Errorf("%s is a new room: say here what it may import, and in its package comment what it knows", room)
		}
		for _, imported := range p.Imports {
			if other, ours := strings.CutPrefix(imported, module+"/"); ours && !slices.Contains(allowed, other) {
				t.Errorf("%s imports %s", room, other)
			}
			if only, ok := onlyImporter[imported]; ok && only != room {
				t.Errorf("%s imports %s, which only %s may", room, imported, only)
			}
		}
	}
	for room := range rooms {
		if !seen[room] {
			t.Errorf("there is no room %s any more", room)
		}
	}
}

func TestConnectorHearsNothingOfHosts(t *testing.T) {
	for _, p := range listPackages(t) {
		if p.ImportPath != module+"/connector" {
			continue
		}
		for _, foreign := range []string{"os", "flag", "net", "net/http/httputil"} {
			if slices.Contains(p.Imports, foreign) {
				t.Errorf("connector imports %s", foreign)
			}
		}
	}
}

func TestEveryRoomSaysWhatItKnows(t *testing.T) {
	for _, p := range listPackages(t) {
		var comment string
		for _, file := range p.GoFiles {
			parsed, err := parser.ParseFile(token.NewFileSet(), filepath.Join(p.Dir, file), nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Fatal(err)
			}
			comment += parsed.Doc.Text()
		}
		if !strings.Contains(comment, "know") {
			t.Errorf("%s has no package comment that says what it knows", p.ImportPath)
		}
	}
}

func TestFilesStayReadable(t *testing.T) {
	for _, p := range listPackages(t) {
		for _, file := range p.GoFiles {
			if n := strings.Count(readFile(t, filepath.Join(p.Dir, file)), "\n"); n > 300 {
				t.Errorf("%s/%s has %d lines: which two things is it?", p.ImportPath, file, n)
			}
		}
	}
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	command := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Dir,GoFiles,Imports", module+"/...")
	text, err := command.Output()
	if err != nil {
		t.Fatal(err)
	}
	var packages []listed
	for d := json.NewDecoder(strings.NewReader(string(text))); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		if len(p.GoFiles) > 0 {
			packages = append(packages, p)
		}
	}
}
