package main_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"inferenceconnector/handler/functions/double"
)

// A functionsDifference is a case whose call the Functions host changes or refuses before the program sees
// it. Its last sections are replaced by what comes of that.
type functionsDifference struct {
	reason   string
	mode     string // proxied or forwarded; "" for both
	sections string
}

const (
	sentOnByFunctions = `-- endpoint-request --
POST /models/chat/completions?api-version=2024-05-01-preview
Accept: application/json
Api-Key: cherry-is-the-key-of-models
Content-Type: application/json
User-Agent: inference-connector
X-Ms-Client-Request-Id: *

{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}],"temperature":0.7,"top_p":1,"frequency_penalty":0,"presence_penalty":0}
`
	refusedBehindFunctions = `-- reply --
400
Content-Type: application/json
X-Content-Type-Options: nosniff
X-Ms-Error-Code: CODE
X-Ms-Request-Id: *

{"error":{"code":"CODE","message":MESSAGE,"target":"TARGET"}}
`
)

// functionsDifferences are all of them: every other case passes as it is.
var functionsDifferences = map[string]functionsDifference{
	"api-version-twice": {"forwarding joins the values of a name that comes twice", "forwarded",
		strings.NewReplacer("CODE", "UnsupportedApiVersion", "TARGET", "api-version", "MESSAGE",
			`"api-version must be a date such as 2024-05-01-preview or 2025-04-01, not \"2025-04-01,2024-05-01-preview\"."`).Replace(refusedBehindFunctions)},
	"content-encoding-gzip": {"forwarding drops Content-Encoding, and this body is none", "forwarded", sentOnByFunctions},
	"extra-twice": {"the host's client joins the values of a repeated header by commas", "",
		strings.NewReplacer("CODE", "InvalidRequest", "TARGET", "extra-parameters", "MESSAGE",
			`"extra-parameters must be one of error, drop, pass-through, not \"drop, drop\"."`).Replace(refusedBehindFunctions)},
	"path-dots":             {"the server resolves dots before it routes", "", sentOnByFunctions},
	"path-doubled-slashes":  {"no route has an empty segment right behind the prefix", "", "-- reply --\n404\n"},
	"query-not-well-formed": {"forwarding writes the query again, and takes a broken escape for text", "forwarded", sentOnByFunctions},
	"upgrade": {"proxying drops the headers of a change to h2c", "proxied", `-- endpoint-request --
GET /models/info?api-version=2024-05-01-preview
Accept: application/json
Api-Key: cherry-is-the-key-of-models
User-Agent: inference-connector
X-Ms-Client-Request-Id: *
`},
}

func TestConformanceFunctions(t *testing.T) {
	binary, zip := buildHandler(t), packageAzure(t)
	for _, mode := range []string{"proxied", "forwarded"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			endpoint := newEndpointDouble(t)
			connections := readConnections(t, caseFolder, endpoint)
			host := startFunctions(t, zip, binary, connections.text, mode == "forwarded")
			suite{functionsCases(t, mode), endpoint, connections.secrets, host.do}.run(t)
			host.keepsQuiet(t, slices.Concat(connections.secrets, []string{"Peru", "Lima"}))
		})
	}
}

// functionsCases returns a folder of the cases as they are in a mode of the host.
func functionsCases(t *testing.T, mode string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(caseFolder)); err != nil {
		t.Fatal(err)
	}
	for name, d := range functionsDifferences {
		path := filepath.Join(folder, name+".txtar")
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatalf("%v: the table of differences names a case that is gone", err)
		}
		if d.mode != "" && d.mode != mode {
			continue
		}
		archive.Files = append(archive.Files[:1], txtar.Parse([]byte(d.sections)).Files...)
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
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

// startFunctions serves connections with binary in place of the package's own program. The settings are
// those of startHandler.
func startFunctions(t *testing.T, zip, binary, connections string, old bool) functionsHost {
	t.Helper()
	root := t.TempDir()
	if err := double.Unpack(zip, root); err != nil {
		t.Fatal(err)
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
	host, err := app.Start(t.Context(), double.Options{Old: old, Settings: map[string]string{
		"CONNECTOR_RATE_LIMIT_SCOPE": "process", "CONNECTOR_LOG_LEVEL": "DEBUG",
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
