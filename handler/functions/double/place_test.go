package double_test

import (
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/functions/double"
)

func TestPlaceAndArguments(t *testing.T) {
	root := folder(t, with(usual(), map[string]string{
		"deep/x": "",
		"host.json": strings.Replace(hostJSON, `"handler"}`,
			`"%PROGRAM%","workingDirectory":"deep","arguments":["--name %NAME%","a b","%UNSET%","\"c d\"e"]}`, 1),
	}))
	host, err := start(t, root, double.Options{Settings: map[string]string{"PROGRAM": "handler", "NAME": "x y"}})
	if err != nil {
		t.Fatal(err)
	}
	address := listen(t, host)
	got := ask(t, http.MethodGet, address+"/api/", nil, nil)
	if want := []string{"--name", "x", "y", "a", "b", "c de"}; !slices.Equal(got.Arguments, want) {
		t.Errorf("got the arguments %q, want %q", got.Arguments, want)
	}
	if want := filepath.Join(root, "deep"); got.Path[0] != want || !slices.Contains(got.Environment, "FUNCTIONS_APP_ROOT_PATH="+root) {
		t.Errorf("it runs in %s, want %s", got.Path[0], want)
	}
}

func TestProgramsAreLookedUp(t *testing.T) {
	files := with(usual(), map[string]string{"host.json": strings.Replace(hostJSON, `"handler"}`, `"program-elsewhere","arguments":[]}`, 1)})
	if _, err := start(t, folder(t, files), double.Options{}); err == nil {
		t.Error("a program that is nowhere was started")
	}
	elsewhere := t.TempDir()
	program, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(elsewhere, "program-elsewhere")); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", elsewhere)
	if _, err := start(t, folder(t, files), double.Options{}); err != nil {
		t.Error(err)
	}
}

func TestPortOfTheApp(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_, port, _ := net.SplitHostPort(free.Addr().String())
	with := func(port string) map[string]string {
		return with(usual(), map[string]string{"host.json": strings.Replace(hostJSON, `"customHandler":{`, `"customHandler":{"port":`+port+`,`, 1)})
	}
	if _, err := start(t, folder(t, with(port)), double.Options{}); err == nil {
		t.Error("started at a port that is taken")
	}
	if host, err := start(t, folder(t, with(port)), double.Options{Old: true}); err != nil || host.Address() == free.Addr().String() {
		t.Errorf("got %v, want that an old host takes any port", err)
	}
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	if host, err := start(t, folder(t, with(`"`+port+`"`)), double.Options{}); err != nil || host.Address() != "127.0.0.1:"+port {
		t.Errorf("got %v, want port %s", err, port)
	}
	for _, wrong := range []string{"0", "-1", `"x"`, "70000"} {
		if _, err := start(t, folder(t, with(wrong)), double.Options{}); err == nil {
			t.Errorf("started at port %s", wrong)
		}
	}
}
