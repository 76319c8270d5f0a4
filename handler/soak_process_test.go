//go:build soak && linux

package main_test

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A watched process is the program as it is shipped, seen from outside: nothing on its listener tells of it.
type watched struct {
	command *exec.Cmd
	said    *transcript
	url     string
	ended   chan error
}

// buildPlain builds the program without the race detector, whose memory is not the program's.
func buildPlain(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "handler")
	output, err := exec.CommandContext(t.Context(), "go", "build", "-tags", "lambda.norpc", "-o", path, "inferenceconnector/handler").CombinedOutput()
	if err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return path
}

// watch starts the program. Each line of its log goes to noted.
func watch(t *testing.T, binary string, environment []string, noted func(line []byte)) *watched {
	t.Helper()
	w := &watched{command: exec.Command(binary), said: &transcript{}, ended: make(chan error, 1)}
	w.command.Dir, w.command.Env = t.TempDir(), append(environment, "CONNECTOR_LISTEN=127.0.0.1:0")
	w.command.Stderr = w.said
	reader, writer := io.Pipe()
	w.command.Stdout = writer
	if err := w.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		for lines := bufio.NewScanner(reader); lines.Scan(); {
			noted(lines.Bytes())
		}
	}()
	go func() { w.ended <- w.command.Wait() }()
	t.Cleanup(func() { _ = w.command.Process.Kill() })
	waitUntil(t, "it says where it listens", func() bool { return serves.MatchString(w.said.String()) })
	w.url = serves.FindStringSubmatch(w.said.String())[1]
	return w
}

// A sample is what the process uses at one moment.
type sample struct {
	memory      float64 // resident bytes
	descriptors int
	threads     int
}

const sampleEvery = 500 * time.Millisecond

func (w *watched) sample(t *testing.T) (s sample) {
	t.Helper()
	text, err := os.ReadFile(w.proc("status"))
	if err != nil {
		t.Fatalf("the process is gone: %v\n%s", err, w.said)
	}
	for line := range strings.Lines(string(text)) {
		if kilobytes := 0.0; scan(line, "VmRSS: %f", &kilobytes) {
			s.memory = kilobytes * 1024
		}
		scan(line, "Threads: %d", &s.threads)
	}
	s.descriptors = len(w.descriptors(t))
	return s
}

func scan(line, form string, into any) bool {
	n, _ := fmt.Sscanf(line, form, into)
	return n == 1
}

func (w *watched) proc(name string) string {
	return fmt.Sprintf("/proc/%d/%s", w.command.Process.Pid, name)
}

// descriptors are what the process has open.
func (w *watched) descriptors(t *testing.T) (open []string) {
	t.Helper()
	entries, err := os.ReadDir(w.proc("fd"))
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if target, err := os.Readlink(filepath.Join(w.proc("fd"), entry.Name())); err == nil { // else it was closed meanwhile
			open = append(open, target)
		}
	}
	return open
}

// What is at rest is what is left in a process when its callers and its endpoints are gone: what it has open,
// and what its goroutines were created by. Go's own goroutines come and go with the collector.
type atRest struct{ descriptors, goroutines []string }

var goroutine = regexp.MustCompile(`(?m)^created by (?:[^r]|r[^u]|runtime/).*`)

// rest waits until only the listener is left of the sockets, and ends the process with the signal on which Go
// tells of all goroutines.
func (w *watched) rest(t *testing.T) (left atRest) {
	t.Helper()
	for deadline := time.Now().Add(2 * goneAfter); ; time.Sleep(50 * time.Millisecond) {
		left.descriptors = w.descriptors(t)
		if strings.Count(strings.Join(left.descriptors, " "), "socket:") <= 1 || time.Now().After(deadline) {
			break
		}
	}
	if err := w.command.Process.Signal(syscall.SIGQUIT); err != nil {
		t.Fatal(err)
	}
	select {
	case <-w.ended:
	case <-time.After(2 * patience):
		t.Fatal("it does not end")
	}
	left.goroutines = goroutine.FindAllString(w.said.String(), -1)
	if len(left.goroutines) == 0 {
		t.Errorf("it tells of no goroutine:\n%s", w.said)
	}
	return left
}

// goneAfter is when nothing is left of a call (R13).
const goneAfter = 5 * time.Second
