package lambda_test

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

// binary is the program, built once, with the race detector in it.
var binary = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "bootstrap")
	output, err := exec.Command("go", "build", "-race", "-tags", "lambda.norpc", "-o", path, "inferenceconnector/handler").CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, err
})

// folder is for what all tests share.
var folder string

// showSources looks at all that the program is built of, so that the go command sees what these tests depend
// on, and runs them again when it has changed.
func showSources() {
	for _, folder := range []string{"go.mod", "connector", "handler", "schema"} {
		_ = filepath.WalkDir("../../"+folder, func(string, fs.DirEntry, error) error { return nil })
	}
}

// TestMain makes this test binary a program, too: the hosts of panic_test.go.
func TestMain(m *testing.M) {
	if program := programs[os.Getenv("PROGRAM")]; program != nil {
		program().Start()
	}
	var err error
	if folder, err = os.MkdirTemp("", "lambda"); err != nil {
		panic(err)
	}
	showSources()
	code := m.Run()
	_ = os.RemoveAll(folder)
	os.Exit(code)
}

const (
	callerKey = "0123456789abcdef0123456789abcdef"
	quickExit = "GORACE=atexit_sleep_ms=0" // the race detector would wait for more reports
)

// one is a connections file with one connection to an endpoint, and room for more of it.
func one(endpoint, more string) string {
	return fmt.Sprintf(`{"connections":{"default":{"endpoint":"%s/models","egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},
		"callers":[{"name":"app","key":"%s"}]%s}}}`, endpoint, callerKey, more)
}

// A function is the program as a Lambda function, and what it prints.
type function struct {
	*double.Function
	output *transcript
}

// start runs the program with a connections file.
func start(t testing.TB, connections string, change ...func(*double.Config)) function {
	t.Helper()
	f, err := tryStart(t, connections, change...)
	if err != nil {
		t.Fatalf("%v\n%s", err, f.output)
	}
	t.Cleanup(func() {
		_ = f.Kill()
		if strings.Contains(f.output.String(), "DATA RACE") {
			t.Errorf("the program printed\n%s", f.output)
		}
	})
	return f
}

func tryStart(t testing.TB, connections string, change ...func(*double.Config)) (f function, err error) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	f.output = &transcript{}
	c := double.Config{
		Program: path, Folder: t.TempDir(), Timeout: time.Minute, Output: f.output,
		Environment: []string{"CONNECTOR_RATE_LIMIT_SCOPE=process", quickExit},
	}
	if err := os.WriteFile(filepath.Join(c.Folder, "connections.json"), []byte(connections), 0o400); err != nil {
		t.Fatal(err)
	}
	for _, change := range change {
		change(&c)
	}
	f.Function, err = double.Start(c)
	return f, err
}

func timeout(d time.Duration) func(*double.Config) {
	return func(c *double.Config) { c.Timeout = d }
}

func environment(variables ...string) func(*double.Config) {
	return func(c *double.Config) { c.Environment = append(c.Environment, variables...) }
}

var streamed = environment("CONNECTOR_LAMBDA_STREAM=true")

// A transcript is all that a process printed so far. It is safe for concurrent use.
type transcript struct {
	mu   sync.Mutex
	text strings.Builder
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

// calls returns the transcript once it has the lines of n calls.
func (o *transcript) calls(t testing.TB, n int) string {
	t.Helper()
	return o.holding(t, n, `"msg":"call"`)
}

// holding returns the transcript once it has something n times: what a process prints arrives a little later.
func (o *transcript) holding(t testing.TB, n int, something string) string {
	t.Helper()
	for start := time.Now(); ; time.Sleep(time.Millisecond) {
		if text := o.String(); strings.Count(text, something) >= n {
			return text
		} else if time.Since(start) > 10*time.Second {
			t.Fatalf("not %d times %s in\n%s", n, something, text)
		}
	}
}
