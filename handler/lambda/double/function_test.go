package double_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

func TestInvokeReturnsThePayload(t *testing.T) {
	f := start(t, "echo")
	for _, event := range []string{`{"a":1}`, `[]`, `null`, `"text"`} {
		if got, err := f.Invoke(t.Context(), []byte(event)); err != nil || string(got) != event {
			t.Errorf("got %s, %v, want %s", got, err, event)
		}
	}
}

func TestFunctionErrors(t *testing.T) {
	for program, test := range map[string]struct {
		kind, message string
		lives         bool // else another process follows, to which the same happens
	}{
		"fails":  {"errorString", "no luck", true},
		"panics": {"string", "no more", false},
		"exits":  {"Runtime.ExitError", "exit status 3", false},
		"hangs":  {"Sandbox.Timedout", "timed out after 0.20 seconds", false},
		"swells": {"Function.ResponseSizeTooLarge", "6291556", false},
	} {
		t.Run(program, func(t *testing.T) {
			t.Parallel()
			limit := 30 * time.Second
			if program == "hangs" {
				limit = 200 * time.Millisecond
			}
			f := start(t, program, timeout(limit))
			before := f.Pid()
			wantError(t, f, test.kind, test.message)
			wantError(t, f, test.kind, test.message)
			if lives := f.Pid() == before; lives != test.lives {
				t.Errorf("the process lives: got %v, want %v", lives, test.lives)
			}
		})
	}
}

func wantError(t *testing.T, f *double.Function, kind, message string) {
	t.Helper()
	payload, err := f.Invoke(t.Context(), []byte("{}"))
	failed, ok := errors.AsType[*double.FunctionError](err)
	if !ok || failed.Type != kind || !strings.Contains(failed.Message, message) {
		t.Errorf("got %s, %v, want %s with %q", payload, err, kind, message)
	}
}

func TestProgramsAreToldWhatLambdaTells(t *testing.T) {
	f := start(t, "tells", timeout(time.Minute))
	text, err := f.Invoke(t.Context(), []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	var told struct {
		Left                        float64
		ARN, ID, Folder, Name, Path string
	}
	if err := json.Unmarshal(text, &told); err != nil {
		t.Fatal(err)
	}
	if told.Left < 30 || told.Left > 60 || told.ARN != "arn:aws:lambda:eu-west-1:123456789012:function:connector" ||
		len(told.ID) != 36 || told.Folder != f.Folder || told.Name != "connector" || told.Path != "" {
		t.Errorf("got %s", text)
	}
}

func TestLargeEventsAreRefused(t *testing.T) {
	f := start(t, "echo")
	largest := `"` + strings.Repeat("x", double.MaxPayload-2) + `"`
	if got, err := f.Invoke(t.Context(), []byte(largest)); err != nil || len(got) != len(largest) {
		t.Errorf("got %d bytes, %v, want %d", len(got), err, len(largest))
	}
	if _, err := f.Invoke(t.Context(), []byte(largest+" ")); !errors.Is(err, double.ErrTooLarge) {
		t.Errorf("got %v, want %v", err, double.ErrTooLarge)
	}
}

func TestProgramsThatEndAtOnceAreReported(t *testing.T) {
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var output strings.Builder
	_, err = double.Start(double.Config{Program: path, Folder: t.TempDir(), Output: &output, Environment: []string{"PROGRAM=ends", quickExit}})
	if err == nil || !strings.Contains(err.Error(), "exit status 0") {
		t.Errorf("got %v and %q", err, output.String())
	}
}

func TestStreamArrivesAsItIsWritten(t *testing.T) {
	f := start(t, "streams")
	stream, err := f.Stream(t.Context(), []byte(`{"body":"data: one"}`))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(stream)
	want := `{"statusCode":203,"headers":{"A":"b"},"cookies":["c=d"]}` + "\x00\x00\x00\x00\x00\x00\x00\x00data:one"
	if err != nil || string(text) != want || stream.ContentType != "application/vnd.awslambda.http-integration-response" {
		t.Errorf("got %q of %s, %v, want %q", text, stream.ContentType, err, want)
	}
}

func TestStreamTellsWhatFailedOnItsWay(t *testing.T) {
	f := start(t, "streams")
	for range 2 { // the function lives
		stream, err := f.Stream(t.Context(), []byte(`{"body":"half!"}`))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(stream)
		failed, ok := errors.AsType[*double.FunctionError](err)
		if !ok || failed.Type != "errorString" || failed.Message != "broken off" || !strings.HasSuffix(string(text), "half!") {
			t.Errorf("got %q, %v", text, err)
		}
	}
}

// What ends the environment ends a stream that has begun.
func TestStreamsEndWithTheirEnvironment(t *testing.T) {
	for body, want := range map[string]string{"half...": "Sandbox.Timedout", "half.": "Runtime.ExitError"} {
		stream, err := start(t, "streams", timeout(time.Second)).Stream(t.Context(), []byte(`{"body":"`+body+`"}`))
		if err != nil {
			t.Fatal(err)
		}
		_, err = io.ReadAll(stream)
		if failed, ok := errors.AsType[*double.FunctionError](err); !ok || failed.Type != want {
			t.Errorf("%s: got %v, want %s", body, err, want)
		}
	}
}

func TestManagedInstancesRunSeveralInvocations(t *testing.T) {
	f := start(t, "meets", func(c *double.Config) { c.Concurrency = 3 })
	ended := make(chan error)
	for range 3 {
		go func() {
			_, err := f.Invoke(t.Context(), []byte("{}"))
			ended <- err
		}()
	}
	for range 3 { // none ends before all have begun
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}
