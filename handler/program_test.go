package main_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestProgram runs the program as a person does, in a working directory and an environment of its own.
func TestProgram(t *testing.T) {
	p := program{buildHandler(t)}
	for name, test := range map[string]func(*testing.T){
		"help":                                  p.testHelp,
		"mistakes on the command line":          p.testMistakes,
		"version":                               p.testVersion,
		"starts with nothing":                   p.testDefaultStart,
		"says how to try it":                    p.testBanner,
		"keeps the limit":                       p.testLimit,
		"shares the limit":                      p.testShared,
		"admits nothing without Redis":          p.testWithoutRedis,
		"one of two instances fires a schedule": p.testOneFires,
		"keeps what Redis forgets":              p.testForgotten,
		"refuses wrong settings":                p.testWrongSettings,
		"tells every mistake":                   p.testEveryMistake,
		"refuses an address in use":             p.testAddressInUse,
		"emulator":                              p.testEmulator,
		"invoke":                                p.testInvoke,
		"invoke fails":                          p.testInvokeFails,
		"invoke chooses a connection":           p.testInvokeConnection,
		"check":                                 p.testCheck,
		"check for other hosts":                 p.testCheckHosts,
		"check probes":                          p.testProbe,
		"check probes once":                     p.testProbeOnce,
		"check trusts another CA":               p.testExtraCA,
		"repeats":                               p.testRepeats,
		"families":                              p.testFamilies,
		"families refuse a key":                 p.testFamiliesWrongKey,
		"brought":                               p.testBrought,
		"brought limit":                         p.testBroughtLimit,
		"brought callers":                       p.testBroughtCallers,
		"identity":                              p.testIdentity,
		"identity fails":                        p.testIdentityFails,
		"tokens":                                p.testTokens,
		"ends when idle":                        p.testEndsIdle,
		"lets calls end":                        p.testLetsCallsEnd,
		"tells those it cuts off":               p.testCutsOff,
		"ends now at the second signal":         p.testSecondSignal,
		"definition":                            p.testDefinition,
		"definition as asked for":               p.testDefinitionOptions,
		"definition fails":                      p.testDefinitionMistakes,
		"definition of the listener":            p.testDefinitionOfTheListener,
		"icon":                                  p.testIcon,
		"schedules":                             p.testSchedules,
		"schedules fail":                        p.testSchedulesMistakes,
		"check tells of events":                 p.testCheckEvents,
		"function apps lack functions":          p.testMissingFunctions,
		"fires":                                 p.testFires,
		"fires nothing twice at once":           p.testSkips,
		"lets runs end":                         p.testLetsRunsEnd,
		"cuts off runs":                         p.testCutsRuns,
		"invoke a schedule":                     p.testInvokeSchedule,
		"interrupt a schedule":                  p.testInterruptsSchedule,
		"keeps time standalone only":            p.testOnlyStandaloneKeepsTime,
		"overload":                              p.testOverload,
		"overload of one connection":            p.testHungEndpoint,
		"slow headers":                          p.testSlowHeaders,
		"slow body":                             p.testSlowBody,
		"slow endpoint":                         p.testSlowEndpoint,
		"idle connections":                      p.testKeepAlive,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

const (
	programKey  = "0123456789abcdef0123456789abcdef"
	programChat = "/chat/completions?api-version=2024-05-01-preview"
	quickExit   = "GORACE=atexit_sleep_ms=0" // the race detector would wait for more reports
)

// A program is the built binary.
type program struct{ binary string }

// A result is what a command left behind.
type result struct {
	code           int
	stdout, stderr string
}

// run carries out a command line, given as words, in environment and with input.
func (p program) run(t *testing.T, environment []string, input string, arguments ...string) result {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*patience)
	defer cancel()
	command := exec.CommandContext(ctx, p.binary, arguments...)
	var stdout, stderr bytes.Buffer
	command.Dir, command.Env = t.TempDir(), append(environment, quickExit)
	command.Stdin, command.Stdout, command.Stderr = strings.NewReader(input), &stdout, &stderr
	if err := command.Run(); err != nil && command.ProcessState == nil {
		t.Fatal(err)
	}
	return result{command.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

// A running program serves until its test is over.
type running struct {
	command        *exec.Cmd
	stdout, stderr *transcript
	ended          chan error
	url            string
}

var serves = regexp.MustCompile(`listens on (http://[^/ ]+)`)

// start starts a command that serves, and waits until it says where.
func (p program) start(t *testing.T, environment []string, arguments ...string) *running {
	t.Helper()
	r := p.launch(t, environment, arguments...)
	waitUntil(t, "it says where it listens", func() bool { return serves.MatchString(r.stderr.String()) })
	r.url = serves.FindStringSubmatch(r.stderr.String())[1]
	return r
}

// launch starts a command that serves.
func (p program) launch(t *testing.T, environment []string, arguments ...string) *running {
	t.Helper()
	r := &running{command: exec.Command(p.binary, arguments...), stdout: &transcript{}, stderr: &transcript{}, ended: make(chan error, 1)}
	r.command.Dir, r.command.Env = t.TempDir(), append(environment, quickExit, "CONNECTOR_LISTEN=127.0.0.1:0")
	r.command.Stdout, r.command.Stderr = r.stdout, r.stderr
	if err := r.command.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { r.ended <- r.command.Wait() }()
	t.Cleanup(func() {
		_ = r.command.Process.Kill()
		if text := r.stderr.String(); strings.Contains(text, "DATA RACE") {
			t.Error(text)
		}
	})
	return r
}

func waitUntil(t *testing.T, what string, is func() bool) {
	t.Helper()
	for start := time.Now(); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Since(start) > 2*patience {
			t.Fatalf("waited in vain: %s", what)
		}
	}
}

func (r *running) signal(t *testing.T, s os.Signal) {
	t.Helper()
	if err := r.command.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// end waits for the end of the process, for a little longer than limit.
func (r *running) end(t *testing.T, limit time.Duration) error {
	t.Helper()
	select {
	case err := <-r.ended:
		return err
	case <-time.After(limit + patience):
		t.Fatalf("it goes on after %s:\n%s%s", limit, r.stdout, r.stderr)
		return nil
	}
}

// endedBy is the signal that ended a process, 0 when it ended by itself.
func endedBy(err error) syscall.Signal {
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return exit.Sys().(syscall.WaitStatus).Signal()
	}
	return 0
}

// post begins a call; its answer is read by whoever asked.
func (r *running) post(t *testing.T, path, body string, header ...string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, r.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		if name == "Host" {
			request.Host = value
		}
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

func readBody(t *testing.T, response *http.Response) string {
	t.Helper()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatalf("%v after %q", err, text)
	}
	return string(text)
}

// say writes a chat request.
func say(model, text, more string) string {
	return `{"model":"` + model + `","messages":[{"role":"user","content":"` + text + `"}]` + more + `}`
}

// content is what the assistant said in a whole reply.
func content(t *testing.T, reply string) string {
	t.Helper()
	var completion struct {
		Choices []struct{ Message struct{ Content string } }
	}
	if err := json.Unmarshal([]byte(reply), &completion); err != nil || len(completion.Choices) != 1 {
		t.Fatalf("no completion: %q (%v)", reply, err)
	}
	return completion.Choices[0].Message.Content
}

// writeInto writes a file into a folder of the test and returns its path.
func writeInto(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func contains(t *testing.T, what, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%s: %q is not in\n%s", what, part, text)
		}
	}
}
