package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

func TestConformanceLambda(t *testing.T) {
	binary := buildHandler(t)
	for name, front := range map[string]func(*double.Function) http.RoundTripper{
		"HTTP API":               func(f *double.Function) http.RoundTripper { return &double.HTTPAPI{Function: f} },
		"HTTP API, named stage":  func(f *double.Function) http.RoundTripper { return staged{&double.HTTPAPI{Function: f, Stage: "prod"}} },
		"Function URL":           func(f *double.Function) http.RoundTripper { return &double.FunctionURL{Function: f} },
		"Function URL, streamed": func(f *double.Function) http.RoundTripper { return &double.FunctionURL{Function: f, Stream: true} },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := newEndpointDouble(t)
			connections := readConnections(t, caseFolder, endpoint)
			f, output := startLambda(t, binary, connections.text, strings.HasSuffix(name, "streamed"))
			suite{casesOn(t, "Lambda, "+name), endpoint, connections.secrets, front(f).RoundTrip}.run(t)
			if err := f.Shutdown(); err != nil {
				t.Errorf("the program ended with %v after SIGTERM", err)
			}
			(&process{output: output}).keepsQuiet(t, slices.Concat(connections.secrets, []string{"Peru", "Lima"}))
		})
	}
}

// startLambda runs the program. The time budgets are short, so that a case can wait for their end.
func startLambda(t *testing.T, binary, connections string, stream bool) (*double.Function, *transcript) {
	t.Helper()
	folder, output := t.TempDir(), &transcript{}
	if err := os.WriteFile(filepath.Join(folder, "connections.json"), []byte(connections), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := []string{
		"CONNECTOR_RATE_LIMIT_SCOPE=process", "CONNECTOR_LOG_LEVEL=DEBUG",
		"CONNECTOR_MAX_ATTEMPTS=1", "CONNECTOR_MAX_BODY_BYTES=65536", "CONNECTOR_MAX_REPLY_BYTES=65536",
		"CONNECTOR_CALL_TIMEOUT=1s", "CONNECTOR_FIRST_BYTE_TIMEOUT=1s", "CONNECTOR_GAP_TIMEOUT=1s", quickExit,
	}
	if stream {
		environment = append(environment, "CONNECTOR_LAMBDA_STREAM=true")
	}
	f, err := double.Start(double.Config{
		Program: binary, Folder: folder, Environment: environment, Timeout: patience, Output: output,
	})
	if err != nil {
		t.Fatalf("%v:\n%s", err, output)
	}
	t.Cleanup(func() { _ = f.Kill() })
	return f, output
}

// staged puts the stage into the address, as those who call one do.
type staged struct{ *double.HTTPAPI }

func (s staged) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Path, r.URL.RawPath = "/"+s.Stage+r.URL.Path, "/"+s.Stage+r.URL.EscapedPath()
	return s.HTTPAPI.RoundTrip(r)
}
