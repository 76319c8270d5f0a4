package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"inferenceconnector/handler/lambda/double"
)

// A lambdaDifference is a case whose call the platform changes before the program sees it. Its last
// sections are replaced by what comes of that.
type lambdaDifference struct {
	reason   string
	behind   string // the beginning of the fronts that do it; "" for all
	sections string
}

const sentOnByLambda = `-- endpoint-request --
POST /models/chat/completions?api-version=2024-05-01-preview
Accept: application/json
Api-Key: cherry-is-the-key-of-models
Content-Type: application/json
User-Agent: inference-connector
X-Ms-Client-Request-Id: *

{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}],"temperature":0.7,"top_p":1,"frequency_penalty":0,"presence_penalty":0}
`

// lambdaDifferences are all of them: every other case passes as it is.
var lambdaDifferences = map[string]lambdaDifference{
	"extra-twice": {"an event joins the values of a repeated header by commas", "", `-- reply --
400
Content-Type: application/json
X-Content-Type-Options: nosniff
X-Ms-Error-Code: InvalidRequest
X-Ms-Request-Id: *

{"error":{"code":"InvalidRequest","message":"extra-parameters must be one of error, drop, pass-through, not \"drop,drop\".","target":"extra-parameters"}}
`},
	"json-invalid-utf-8": {"an event is JSON, in which bytes that are not UTF-8 have become U+FFFD", "",
		strings.Replace(sentOnByLambda, "Capital of Peru?", "Per\ufffd", 1)},
	"path-encoded-slash": {"an HTTP API decodes the path, so its slash is like any other", "HTTP API", sentOnByLambda},
}

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
			suite{lambdaCases(t, name), endpoint, connections.secrets, front(f).RoundTrip}.run(t)
			if err := f.Shutdown(); err != nil {
				t.Errorf("the program ended with %v after SIGTERM", err)
			}
			(&process{output: output}).keepsQuiet(t, slices.Concat(connections.secrets, []string{"Peru", "Lima"}))
		})
	}
}

// lambdaCases returns a folder of the cases as they are behind a front.
func lambdaCases(t *testing.T, front string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	if err := os.CopyFS(folder, os.DirFS(caseFolder)); err != nil {
		t.Fatal(err)
	}
	for name, d := range lambdaDifferences {
		path := filepath.Join(folder, name+".txtar")
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatalf("%v: the table of differences names a case that is gone", err)
		}
		if !strings.HasPrefix(front, d.behind) {
			continue
		}
		archive.Files = append(archive.Files[:1], txtar.Parse([]byte(d.sections)).Files...)
		if err := os.WriteFile(path, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
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
		"CONNECTOR_MAX_BODY_BYTES=65536", "CONNECTOR_MAX_REPLY_BYTES=65536",
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
