package double_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

// TestMain makes this program the handler of its own apps: it answers with the request that reached it.
func TestMain(m *testing.M) {
	port := os.Getenv("FUNCTIONS_CUSTOMHANDLER_PORT")
	if port == "" {
		os.Exit(m.Run())
	}
	fmt.Println("ready")
	fmt.Fprintln(os.Stderr, "a Warning")
	fmt.Fprintln(os.Stderr, "a mistake")
	if os.Getenv("ENDS") != "" {
		os.Exit(3)
	}
	err := http.ListenAndServe("127.0.0.1:"+port, http.HandlerFunc(echo))
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}

// seen is a request as the handler got it.
type seen struct {
	Line, Host, Body  string
	Header            http.Header
	Environment, Path []string
}

func echo(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/api/end" {
		os.Exit(0)
	}
	body, _ := io.ReadAll(r.Body)
	folder, _ := os.Getwd()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(seen{r.Method + " " + r.RequestURI, r.Host, string(body), r.Header, os.Environ(), []string{folder}})
}

const hostJSON = `{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"handler"},
	"enableForwardingHttpRequest":true,"enableProxyingHttpRequest":true}}`

func trigger(settings string) string {
	return `{"bindings":[{"type":"httpTrigger","direction":"in","name":"req"` + settings + `},{"type":"http","direction":"out","name":"res"}]}`
}

// folder writes an app.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	if err := os.Symlink(os.Args[0], filepath.Join(root, "handler")); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// usual are the files of an app with a closed function at its own route, and one that takes the rest.
func usual() map[string]string {
	return map[string]string{
		"host.json":            hostJSON,
		"Closed/function.json": trigger(`,"route":"shop/orders","methods":["post"]`),
		"Rest/function.json":   trigger(`,"authLevel":"anonymous","route":"{*path}"`),
	}
}

func start(t *testing.T, root string, o double.Options) (*double.Host, error) {
	t.Helper()
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	return app.Start(t.Context(), o)
}

// serve starts the usual app and returns the address at which callers find it.
func serve(t *testing.T, o double.Options) (*double.Host, string) {
	t.Helper()
	host, err := start(t, folder(t, usual()), o)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(host)
	t.Cleanup(func() {
		server.Close()
		_ = host.Stop() // some handlers have ended by then
	})
	return host, server.URL
}

func TestHandlerGetsTheHostsEnvironmentAndNoOther(t *testing.T) {
	host, address := serve(t, double.Options{Settings: map[string]string{"SETTING": "x"}})
	got := ask(t, http.MethodGet, address+"/api/", nil, nil)
	_, port, _ := strings.Cut(host.Address(), ":")
	want := []string{"FUNCTIONS_APP_ROOT_PATH=" + got.Path[0], "FUNCTIONS_CUSTOMHANDLER_PORT=" + port, "FUNCTIONS_HTTPWORKER_PORT=" + port, "SETTING=x"}
	slices.Sort(got.Environment)
	rest := slices.DeleteFunc(slices.Clone(got.Environment), func(entry string) bool {
		return strings.HasPrefix(entry, "FUNCTIONS_") && strings.Contains(entry, "_ID=") || strings.HasPrefix(entry, "PWD=")
	})
	if !slices.Equal(rest, want) || len(got.Environment) < len(want)+2 {
		t.Errorf("got the environment %q, want %q and two ids", got.Environment, want)
	}
}

func TestLinesGetTheirLevel(t *testing.T) {
	host, _ := serve(t, double.Options{})
	want := []double.Line{{Level: double.Error, Text: "a mistake"}, {Level: double.Information, Text: "ready"}, {Level: double.Warning, Text: "a Warning"}}
	for start := time.Now(); len(host.Log()) < len(want); time.Sleep(time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			break
		}
	}
	got := host.Log() // the two outputs come in any order
	slices.SortFunc(got, func(a, b double.Line) int { return strings.Compare(string(a.Level), string(b.Level)) })
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestExitZeroIsAFault(t *testing.T) {
	host, address := serve(t, double.Options{})
	if reply, err := http.Get(address + "/api/end"); err != nil || reply.StatusCode != http.StatusBadGateway {
		t.Fatalf("got %v (%v), want 502", reply, err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	if code, err := host.Wait(ctx); code != 0 || err != nil {
		t.Fatalf("got exit code %d (%v), want 0", code, err)
	}
	if err := host.Stop(); err == nil || !strings.Contains(err.Error(), "exited 0") {
		t.Errorf("Stop told %v, want that the handler exited 0", err)
	}
}

func TestHandlerThatEndsAtOnce(t *testing.T) {
	_, err := start(t, folder(t, usual()), double.Options{Settings: map[string]string{"ENDS": "1"}})
	failure, ok := errors.AsType[*double.Failure](err)
	if !ok || failure.ExitCode != 3 || len(failure.Log) != 3 {
		t.Errorf("got %v, want exit code 3 and three lines", err)
	}
}

func TestHandlerThatNeverAnswers(t *testing.T) {
	files := usual()
	files["silent"] = "#!/bin/sh\nexec sleep 600\n"
	files["host.json"] = strings.Replace(hostJSON, `"handler"`, `"silent"`, 1)
	_, err := start(t, folder(t, files), double.Options{Limit: 200 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "did not answer") {
		t.Errorf("got %v, want that there was no answer", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"broken host.json":       {"host.json": "{"},
		"no custom handler":      {"host.json": `{"version":"2.0"}`},
		"broken function.json":   {"Rest/function.json": "["},
		"a route of the host":    {"Own/function.json": trigger(`,"route":"admin/x"`)},
		"a name with a dot":      {"a.b/function.json": trigger("")},
		"the same route twice":   {"Again/function.json": trigger(`,"route":"Shop/Orders","methods":["POST","put"]`)},
		"a parameter in a route": {"Item/function.json": trigger(`,"route":"items/{id}"`)},
	} {
		t.Run(name, func(t *testing.T) {
			files := usual()
			for path, text := range change {
				files[path] = text
			}
			if _, err := double.Read(folder(t, files)); err == nil {
				t.Error("got no error")
			}
		})
	}
}
