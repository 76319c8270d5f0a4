package main_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"inferenceconnector/handler/functions/double"
)

func TestConformanceFunctions(t *testing.T) {
	binary, zip := buildHandler(t), packageAzure(t)
	for _, mode := range []string{"proxied", "forwarded", "invocation"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			endpoint := newEndpointDouble(t)
			connections := readConnections(t, caseFolder, endpoint)
			host := startFunctions(t, zip, binary, connections.text, mode)
			suite{casesOn(t, "Functions, "+mode), endpoint, connections.secrets, host.do}.run(t)
			host.keepsQuiet(t, slices.Concat(connections.secrets, []string{"Peru", "Lima"}))
		})
	}
}

// packageAzure makes the package as an operator does, and returns its path.
func packageAzure(t *testing.T) string {
	t.Helper()
	out := t.TempDir()
	if output, err := exec.CommandContext(t.Context(), "../scripts/package-azure", "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	return filepath.Join(out, "azure-amd64.zip")
}

// functionsHost is the app in its cloud.
type functionsHost struct {
	*double.Host
	address   string
	transport *http.Transport
}

// startFunctions serves connections with binary in place of the package's own program: on a host that proxies,
// on an old one, which forwards, or by an app that asks for neither. The settings are those of startHandler.
func startFunctions(t *testing.T, zip, binary, connections, mode string) functionsHost {
	t.Helper()
	root := t.TempDir()
	if err := double.Unpack(zip, root); err != nil {
		t.Fatal(err)
	}
	if mode == "invocation" {
		askForInvocations(t, filepath.Join(root, "host.json"))
	}
	program := filepath.Join(root, "handler")
	if err := os.Remove(program); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(binary, program); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "connections.json"), []byte(connections), 0o600); err != nil {
		t.Fatal(err)
	}
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	host, err := app.Start(t.Context(), double.Options{Old: mode == "forwarded", Settings: map[string]string{
		"CONNECTOR_PUBLIC_URL": publicURL, "CONNECTOR_RATE_LIMIT_SCOPE": "process", "CONNECTOR_LOG_LEVEL": "DEBUG", "CONNECTOR_MAX_ATTEMPTS": "1",
		"CONNECTOR_MAX_BODY_BYTES": "65536", "CONNECTOR_MAX_REPLY_BYTES": "65536",
		"CONNECTOR_CALL_TIMEOUT": "2s", "CONNECTOR_FIRST_BYTE_TIMEOUT": "2s", "CONNECTOR_GAP_TIMEOUT": "2s",
	}})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(host)
	h := functionsHost{host, server.Listener.Addr().String(), &http.Transport{DisableCompression: true}}
	t.Cleanup(func() {
		h.transport.CloseIdleConnections()
		server.Close()
		if err := host.Stop(); err != nil {
			t.Error(err)
		}
	})
	return h
}

// askForInvocations takes both switches out of a host.json.
func askForInvocations(t *testing.T, path string) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var host map[string]any
	if err := json.Unmarshal(text, &host); err != nil {
		t.Fatal(err)
	}
	handler, ok := host["customHandler"].(map[string]any)
	if !ok {
		t.Fatalf("host.json describes no custom handler: %s", text)
	}
	delete(handler, "enableForwardingHttpRequest")
	delete(handler, "enableProxyingHttpRequest")
	if text, err = json.Marshal(host); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}

// do sends a request to where the platform has the app.
func (h functionsHost) do(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = "http", h.address
	r.URL.Path = "/api" + r.URL.Path
	if r.URL.RawPath != "" {
		r.URL.RawPath = "/api" + r.URL.RawPath
	}
	return h.transport.RoundTrip(r)
}

// keepsQuiet checks that the process printed nothing to standard error, and no secret.
func (h functionsHost) keepsQuiet(t *testing.T, secrets []string) {
	t.Helper()
	calls := 0
	for _, line := range h.Log() {
		var entry struct{ Msg string }
		if json.Unmarshal([]byte(line.Text), &entry) == nil && entry.Msg == "call" {
			calls++
		}
		if line.Level != double.Information {
			t.Errorf("the host logs an error: %s", line.Text)
		}
		if secret := leaked(line.Text, secrets); secret != "" {
			t.Errorf("the process printed the secret %s", secret)
		}
	}
	if calls == 0 {
		t.Error("no call was logged")
	}
}
