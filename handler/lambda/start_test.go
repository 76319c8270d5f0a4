package lambda_test

import (
	"errors"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// The process does not start where it would be less than promised, and says what to do.
func TestStartIsRefused(t *testing.T) {
	for name, test := range map[string]struct {
		connections string
		change      func(*double.Config)
		remedies    []string
	}{
		"nobody checks callers": {
			strings.Replace(one("https://x.services.ai.azure.com", ""), `"callers":[{"name":"app","key":"`+callerKey+`"}]`, `"displayName":"x"`, 1),
			environment(), []string{"connections.default.callers", "is missing", "auth.trustPlatform"},
		},
		"limit of whom": {
			one("https://x.services.ai.azure.com", ""),
			func(c *double.Config) { c.Environment = []string{quickExit} },
			[]string{"CONNECTOR_RATE_LIMIT_SCOPE", "is missing", "process"},
		},
		"shared limit": {
			one("https://x.services.ai.azure.com", ""), environment("CONNECTOR_RATE_LIMIT_SCOPE=shared"),
			[]string{"CONNECTOR_RATE_LIMIT_SCOPE"},
		},
		"loopback is not one's own": {
			strings.Replace(one("http://127.0.0.1:1", ""), `"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},`, "", 1),
			environment(), []string{"connections.default.endpoint", "https"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			f, err := tryStart(t, test.connections, test.change)
			exit, ok := errors.AsType[*exec.ExitError](err)
			if !ok || exit.ExitCode() < 1 {
				t.Fatalf("got %v, want an exit code greater than 0", err)
			}
			for _, remedy := range test.remedies {
				if !strings.Contains(f.output.String(), remedy) {
					t.Errorf("the output does not say %q:\n%s", remedy, f.output)
				}
			}
			if strings.Contains(f.output.String(), callerKey[:8]) {
				t.Errorf("the output tells a secret:\n%s", f.output)
			}
		})
	}
}

// The package's folder is read only on the platform, and there is no home.
func TestReadOnlyFolderIsEnough(t *testing.T) {
	e := newEndpoint(t, nil)
	var folder string
	f := start(t, one(e.URL, ""), func(c *double.Config) {
		folder = c.Folder
		if err := os.Chmod(folder, 0o500); err != nil {
			t.Fatal(err)
		}
	})
	t.Cleanup(func() { _ = os.Chmod(folder, 0o700) })
	wantPayload(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, completion)
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != 1 {
		t.Errorf("the folder holds %v, %v", entries, err)
	}
	if log := f.output.String(); !strings.Contains(log, `"host":"lambda"`) || !strings.Contains(log, `"rate_limit_scope":"process"`) {
		t.Errorf("the log says\n%s", log)
	}
}

// Idle or not, nothing is left to do after a SIGTERM: the double would end the process 500 ms later. The
// platform sends none, as nothing asks for it.
func TestShutdownNeedsNoTime(t *testing.T) {
	arrived := make(chan struct{}, 1)
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
		arrived <- struct{}{}
		hanging(w, r)
	})
	warned := func(c *double.Config) { c.Emulator = true }
	if err := start(t, one(e.URL, ""), warned).Shutdown(); err != nil {
		t.Errorf("idle: ended with %v", err)
	}
	f := start(t, one(e.URL, ""), warned)
	ended := make(chan error)
	go func() {
		_, err := f.Invoke(t.Context(), []byte(`{"action":"GetChatCompletions","input":`+chat+`}`))
		ended <- err
	}()
	<-arrived
	if err := f.Shutdown(); err != nil {
		t.Errorf("busy: ended with %v", err)
	}
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "Runtime.ExitError") {
		t.Errorf("got %v", err)
	}
}
