package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"inferenceconnector/handler/functions/double"
)

// A package has the console when it is asked for, and not a byte of it otherwise.
func TestConsoleInThePackage(t *testing.T) {
	library, err := os.ReadFile("../../handler/console/page/library/swagger-ui/swagger-ui-bundle.js.gz")
	if err != nil {
		t.Fatal(err)
	}
	connections := write(t, "c.json", distrusting)
	for name, test := range map[string]struct {
		flags  []string
		want   bool
		status int
	}{
		"with":    {[]string{"--with-console"}, true, http.StatusOK},
		"without": {nil, false, http.StatusNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			out := pack(t, append([]string{"azure", "--arch", runtime.GOARCH, "--connections", connections}, test.flags...)...)
			zip, root := filepath.Join(out, "azure-"+runtime.GOARCH+".zip"), t.TempDir()
			program := unzip(t, zip)["handler"].text
			if got := bytes.Contains(program, library[:1024]); got != test.want {
				t.Errorf("the program has the page: got %t, want %t", got, test.want)
			}
			if err := double.Unpack(zip, root); err != nil {
				t.Fatal(err)
			}
			for _, forwards := range []bool{true, false} {
				setForwarding(t, root, forwards)
				checkConsole(t, root, test.status)
			}
		})
	}
}

// setForwarding says whether the host forwards requests, or tells of them.
func setForwarding(t *testing.T, root string, forwards bool) {
	t.Helper()
	path := filepath.Join(root, "host.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var file map[string]any
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	handler := file["customHandler"].(map[string]any)
	handler["enableForwardingHttpRequest"], handler["enableProxyingHttpRequest"] = forwards, forwards
	if text, err = json.Marshal(file); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// checkConsole opens the page as a browser does: through the Functions host, below its prefix.
func checkConsole(t *testing.T, root string, status int) {
	t.Helper()
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	host, err := app.Start(t.Context(), double.Options{Settings: map[string]string{"APP_KEY": strings.Repeat("k", 32), "CONNECTOR_RATE_LIMIT_SCOPE": "process"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Stop() })
	server := httptest.NewServer(host)
	t.Cleanup(server.Close)
	for path, start := range map[string]string{"/api/console": "<!doctype html>", "/api/console/main.js": "// The page"} {
		if status != http.StatusOK {
			start = `{"error"`
		}
		response, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		defer response.Body.Close()
		text, err := io.ReadAll(response.Body)
		if err != nil || response.StatusCode != status || !bytes.HasPrefix(text, []byte(start)) {
			t.Errorf("%s: %s, %.60q (%v), want %d and %q", path, response.Status, text, err, status, start)
		}
	}
}
