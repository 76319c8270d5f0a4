package lambda_test

import (
	"bufio"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

// BenchmarkColdStart measures how long it takes from the start of the process, as it is packaged, to the
// first completed chat with an endpoint of the same machine, and what stays in memory then.
func BenchmarkColdStart(b *testing.B) {
	e := newEndpoint(b, nil)
	for name, start := range map[string]func(testing.TB, string) (front http.RoundTripper, pid int, end func()){
		"standalone": startStandalone, "functions": startFunctions, "lambda": startLambda,
	} {
		b.Run(name, func(b *testing.B) {
			if _, err := packaged(); err != nil {
				b.Fatal(err)
			}
			var resident float64
			b.ResetTimer()
			for range b.N {
				front, pid, end := start(b, one(e.URL, ""))
				if got := send(b, front, call(b, "POST", chatTarget, chat)); got.status != http.StatusOK {
					b.Fatalf("got %+v", got)
				}
				b.StopTimer()
				resident += residentMB(b, pid)
				end()
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/start")
			b.ReportMetric(resident/float64(b.N), "MB/process")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// packaged is the program as scripts/package builds it.
var packaged = sync.OnceValues(func() (string, error) {
	path := filepath.Join(folder, "packaged")
	command := exec.Command("go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", path, "inferenceconnector/handler")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	output, err := command.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("go build: %w\n%s", err, output)
	}
	return path, err
})

func startLambda(t testing.TB, connections string) (http.RoundTripper, int, func()) {
	t.Helper()
	f, err := double.Start(double.Config{
		Program: mustPackage(t), Folder: withConnections(t, connections), Timeout: time.Minute,
		Environment: []string{"CONNECTOR_RATE_LIMIT_SCOPE=process"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return &double.HTTPAPI{Function: f}, f.Pid(), func() { _ = f.Kill() }
}

func startStandalone(t testing.TB, connections string) (http.RoundTripper, int, func()) {
	t.Helper()
	return serve(t, withConnections(t, connections), "", "CONNECTOR_LISTEN=127.0.0.1:0")
}

func startFunctions(t testing.TB, connections string) (http.RoundTripper, int, func()) {
	t.Helper()
	folder := withConnections(t, connections)
	for from, to := range map[string]string{"host.json": "host.json", "function.json": "Rest/function.json"} {
		text, err := os.ReadFile(filepath.Join("..", "..", from))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(folder, to), string(text))
	}
	return serve(t, folder, "/api", "FUNCTIONS_CUSTOMHANDLER_PORT=0", "FUNCTIONS_APP_ROOT_PATH="+folder, "CONNECTOR_RATE_LIMIT_SCOPE=process")
}

func mustPackage(t testing.TB) string {
	t.Helper()
	path, err := packaged()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func withConnections(t testing.TB, connections string) (folder string) {
	t.Helper()
	folder = t.TempDir()
	write(t, filepath.Join(folder, "connections.json"), connections)
	return folder
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

var listening = regexp.MustCompile(`"msg":"listening".*"address":"([^"]+)"`)

// serve runs the program until it says where it listens. What callers send goes below prefix.
func serve(t testing.TB, folder, prefix string, environment ...string) (http.RoundTripper, int, func()) {
	t.Helper()
	command := exec.Command(mustPackage(t))
	command.Dir, command.Env = folder, environment
	output, err := command.StdoutPipe()
	if err == nil {
		err = command.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	end := func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	address := listening.FindStringSubmatch(line)
	if err != nil || address == nil {
		end()
		t.Fatalf("the program said %q, %v", line, err)
	}
	return below{&url.URL{Scheme: "http", Host: address[1], Path: prefix}}, command.Process.Pid, end
}

// below sends requests to a base URL, each over a connection of its own.
type below struct{ base *url.URL }

// RoundTrip implements http.RoundTripper.
func (f below) RoundTrip(r *http.Request) (*http.Response, error) {
	r.URL.Scheme, r.URL.Host, r.URL.Path, r.Close = f.base.Scheme, f.base.Host, f.base.Path+r.URL.Path, true
	return http.DefaultTransport.RoundTrip(r)
}

// residentMB is what a process holds in memory.
func residentMB(t testing.TB, pid int) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	_, rest, ok := strings.Cut(string(status), "VmRSS:")
	fields := strings.Fields(rest)
	if err != nil || !ok || len(fields) == 0 {
		t.Fatalf("no VmRSS in %q: %v", status, err)
	}
	kilobytes, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes / 1024
}
