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

// lambdaFronts are all ways that HTTP requests take to a function. The names, which the table of differences
// knows, begin with the format of the events.
var lambdaFronts = map[string]func(*double.Function) http.RoundTripper{
	"2.0, HTTP API": func(f *double.Function) http.RoundTripper { return &double.HTTPAPI{Function: f} },
	"2.0, HTTP API with a stage": func(f *double.Function) http.RoundTripper {
		return prefixed{"/prod", &double.HTTPAPI{Function: f, Stage: "prod"}}
	},
	"2.0, Function URL": func(f *double.Function) http.RoundTripper { return &double.FunctionURL{Function: f} },
	"2.0, Function URL, streamed": func(f *double.Function) http.RoundTripper {
		return &double.FunctionURL{Function: f, Stream: true}
	},
	"1.0, HTTP API": func(f *double.Function) http.RoundTripper { return &double.HTTPAPI{Function: f, Format1: true} },
	"1.0, HTTP API with a stage": func(f *double.Function) http.RoundTripper {
		return prefixed{"/prod", &double.HTTPAPI{Function: f, Format1: true, Stage: "prod"}}
	},
	"1.0, REST API": func(f *double.Function) http.RoundTripper {
		return &double.RESTAPI{Function: f, Domain: "models.example.com"}
	},
	"1.0 in base64, REST API with a stage": func(f *double.Function) http.RoundTripper {
		return prefixed{"/test", &double.RESTAPI{Function: f, Stage: "test", BinaryMediaTypes: []string{"*/*"}}}
	},
	"1.0, REST API with a base path": func(f *double.Function) http.RoundTripper {
		return prefixed{"/team/models", &double.RESTAPI{Function: f, Domain: "api.example.com", BasePath: "team/models"}}
	},
	"ALB, single values": func(f *double.Function) http.RoundTripper { return &double.ALB{Function: f} },
	"ALB, lists":         func(f *double.Function) http.RoundTripper { return &double.ALB{Function: f, MultiValue: true} },
}

func TestConformanceLambda(t *testing.T) {
	binary := buildHandler(t)
	for name, front := range lambdaFronts {
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

// startLambda runs the program. The time budgets are short, so that a case can wait for their end. The end is
// the emulator's, so that the program can say whether all was well.
func startLambda(t *testing.T, binary, connections string, stream bool) (*double.Function, *transcript) {
	t.Helper()
	folder, output := t.TempDir(), &transcript{}
	if err := os.WriteFile(filepath.Join(folder, "connections.json"), []byte(connections), 0o600); err != nil {
		t.Fatal(err)
	}
	environment := []string{
		"CONNECTOR_RATE_LIMIT_SCOPE=process", "CONNECTOR_LOG_LEVEL=DEBUG",
		"CONNECTOR_PUBLIC_URL=" + publicURL, "CONNECTOR_MAX_ATTEMPTS=1", "CONNECTOR_MAX_BODY_BYTES=65536", "CONNECTOR_MAX_REPLY_BYTES=65536",
		"CONNECTOR_CALL_TIMEOUT=1s", "CONNECTOR_FIRST_BYTE_TIMEOUT=1s", "CONNECTOR_GAP_TIMEOUT=1s", quickExit,
	}
	if stream {
		environment = append(environment, "CONNECTOR_LAMBDA_STREAM=true")
	}
	f, err := double.Start(double.Config{
		Program: binary, Folder: folder, Environment: environment, Timeout: patience, Output: output, Emulator: true,
	})
	if err != nil {
		t.Fatalf("%v:\n%s", err, output)
	}
	t.Cleanup(func() { _ = f.Kill() })
	return f, output
}

// prefixed puts what a front wants before each path into the address, as those who call it do.
type prefixed struct {
	prefix string
	http.RoundTripper
}

func (p prefixed) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Path, r.URL.RawPath = p.prefix+r.URL.Path, p.prefix+r.URL.EscapedPath()
	return p.RoundTripper.RoundTrip(r)
}

// A load balancer's health check has one header, and no key.
func TestLoadBalancerHealthChecks(t *testing.T) {
	connections := readConnections(t, caseFolder, newEndpointDouble(t))
	f, output := startLambda(t, buildHandler(t), connections.text, false)
	for name, front := range map[string]*double.ALB{"single": {Function: f}, "lists": {Function: f, MultiValue: true}} {
		for _, path := range []string{"/", "/healthz", "/readyz"} {
			reply, err := front.Check(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			_ = reply.Body.Close()
			if reply.StatusCode != http.StatusOK {
				t.Errorf("%s, %s: got status %d\n%s", name, path, reply.StatusCode, output)
			}
		}
	}
}
