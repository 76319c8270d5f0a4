package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestRefusals(t *testing.T) {
	trust, distrust := write(t, "t.json", trusting), write(t, "d.json", distrusting)
	t.Chdir("../..")
	for name, c := range map[string]struct{ line, want string }{
		"no target":                       {"", "azure|lambda"},
		"unknown target":                  {"gcp", "azure|lambda"},
		"unknown architecture":            {"azure --arch 386", "--arch must be amd64 or arm64"},
		"unknown flag":                    {"azure --zip", "-zip"},
		"an argument":                     {"azure amd64", `"amd64" is not understood`},
		"unknown authentication":          {"azure --auth none", "--auth must be keys or platform"},
		"authentication on Lambda":        {"lambda --auth keys", "-auth"},
		"no connections file there":       {"azure --connections nowhere.json", "--connections: open nowhere.json"},
		"connections that are not JSON":   {"azure --connections " + write(t, "x.json", "{"), "x.json cannot be read: it ends too early"},
		"platform without connections":    {"azure --auth platform", `needs "auth":{"trustPlatform":true}`},
		"platform that is not trusted":    {"azure --auth platform --connections " + distrust, `needs "auth":{"trustPlatform":true}`},
		"keys, and the platform trusted":  {"azure --auth keys --connections " + trust, `needs "auth":{"trustPlatform":false}`},
		"default, and the same":           {"azure --connections " + trust, `needs "auth":{"trustPlatform":false}`},
		"architecture in capital letters": {"lambda --arch ARM64", "--arch must be amd64 or arm64"},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			arguments := strings.Fields(c.line)
			if len(arguments) > 0 {
				arguments = slices.Insert(arguments, 1, "--out", out)
			}
			err := run(arguments)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error with %q", err, c.want)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("something was written")
			}
		})
	}
}

func TestHelpIsNoError(t *testing.T) {
	if err := run([]string{"azure", "--help"}); err != nil {
		t.Errorf("got %v", err)
	}
}

func TestPathsAreMeantFromWhereThePersonIs(t *testing.T) {
	t.Setenv("PACKAGE_FROM", "/home/person")
	for name, c := range map[string]struct{ line, out, connections string }{
		"default":  {"azure", "dist", ""},
		"relative": {"azure --out x --connections ../c.json", "/home/person/x", "/home/c.json"},
		"absolute": {"azure --out /x --connections /c.json", "/x", "/c.json"},
	} {
		t.Run(name, func(t *testing.T) {
			o, err := parse(strings.Fields(c.line))
			if err != nil || o.out != c.out || o.connections != c.connections {
				t.Errorf("got out %q and connections %q (%v), want %q and %q", o.out, o.connections, err, c.out, c.connections)
			}
		})
	}
}
