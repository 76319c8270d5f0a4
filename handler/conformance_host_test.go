package main_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// buildHandler builds the program as it is, with the race detector in it.
func buildHandler(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "handler")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-race", "-o", path, "inferenceconnector/handler").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return path
}

// A process is the program while it serves.
type process struct {
	command   *exec.Cmd
	address   string
	output    *transcript
	transport *http.Transport
}

// startHandler serves connections. The time budgets are short, so that a case can wait for their end.
func startHandler(t *testing.T, binary, connections string) *process {
	t.Helper()
	folder := t.TempDir()
	path := filepath.Join(folder, "connections.json")
	if err := os.WriteFile(path, []byte(connections), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &process{
		command:   exec.CommandContext(t.Context(), binary, "serve"),
		output:    &transcript{},
		transport: &http.Transport{DisableCompression: true},
	}
	p.command.Dir = folder
	p.command.Env = []string{
		"CONNECTOR_LISTEN=127.0.0.1:0", "CONNECTOR_CONNECTIONS_FILE=" + path, "CONNECTOR_LOG_LEVEL=DEBUG",
		"CONNECTOR_PUBLIC_URL=" + publicURL, "CONNECTOR_MAX_ATTEMPTS=1", "CONNECTOR_MAX_BODY_BYTES=65536", "CONNECTOR_MAX_REPLY_BYTES=65536",
		"CONNECTOR_CALL_TIMEOUT=2s", "CONNECTOR_FIRST_BYTE_TIMEOUT=2s", "CONNECTOR_GAP_TIMEOUT=2s",
	}
	p.command.Stdout, p.command.Stderr = p.output, p.output
	if err := p.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.transport.CloseIdleConnections)
	for start := time.Now(); p.address == ""; time.Sleep(time.Millisecond) {
		p.address = p.output.listening()
		if time.Since(start) > patience {
			t.Fatalf("handler serve does not say where it listens:\n%s", p.output)
		}
	}
	return p
}

// do is how a suite reaches the process.
func (p *process) do(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host = "http", p.address
	return p.transport.RoundTrip(r)
}

// stop ends the process as a platform does, and expects it to end well.
func (p *process) stop(t *testing.T) {
	t.Helper()
	p.transport.CloseIdleConnections()
	if err := p.command.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := p.command.Wait(); err != nil {
		t.Errorf("handler serve ended with %v after SIGTERM:\n%s", err, p.output)
	}
}

// keepsQuiet checks that nothing that the process printed tells a secret.
func (p *process) keepsQuiet(t *testing.T, secrets []string) {
	t.Helper()
	text := p.output.String()
	if !strings.Contains(text, `"msg":"call"`) {
		t.Error("no call was logged")
	}
	if secret := leaked(text, secrets); secret != "" {
		t.Errorf("the process printed the secret %s", secret)
	}
}

// A transcript is all that a process printed so far. It is safe for concurrent use.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (o *transcript) Write(text []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(text)
}

// String implements fmt.Stringer.
func (o *transcript) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// listening returns the address from the log line that tells it, "" while there is none.
func (o *transcript) listening() string {
	for lines := bufio.NewScanner(strings.NewReader(o.String())); lines.Scan(); {
		var line struct{ Msg, Address string }
		if json.Unmarshal(lines.Bytes(), &line) == nil && line.Msg == "listening" {
			return line.Address
		}
	}
	return ""
}
