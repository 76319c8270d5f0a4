package main_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// What the process may hold in memory, in MB: ever (contract/reliability.md, R25), and within a minute after a burst.
const (
	mostResident    = 256
	restingResident = 30
	untilRest       = 2 * time.Minute // the promise is one, the rest is for a busy machine
)

// TestMemory measures the program as it is shipped: with the race detector it needs several times as much.
func TestMemory(t *testing.T) {
	p := program{buildShipped(t)}
	for name, test := range map[string]func(*testing.T){
		"after images":   p.testRestsAfterImages,
		"after calls":    p.testRestsAfterCalls,
		"large bodies":   p.testLargeBodies,
		"large replies":  p.testLargeReplies,
		"large events":   p.testLargeEvents,
		"many values":    p.testManyValues,
		"escaped values": p.testEscapedValues,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

func buildShipped(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "handler")
	command := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-tags", "lambda.norpc", "-ldflags", "-s -w", "-o", path, "inferenceconnector/handler")
	command.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, output)
	}
	return path
}

func (p program) testRestsAfterImages(t *testing.T) {
	const calls = 32
	m := newHangingModel(t, "application/json", `{}`)
	r := p.serving(t, m)
	endings := offer(t, r.url+programChat, calls, image(4<<20-300))
	m.await(t, calls)
	close(m.leave)
	for e := range endings {
		same(t, "status", e.status, http.StatusOK)
	}
	r.rests(t)
}

// testRestsAfterCalls has as many calls as can be in progress, none of which is large.
func (p program) testRestsAfterCalls(t *testing.T) {
	const calls = 512
	m := newHangingModel(t, "application/json", `{}`)
	r := p.serving(t, m)
	endings := offer(t, r.url+programChat, calls, []byte(say("m", strings.Repeat("word ", 800), "")))
	m.await(t, calls)
	close(m.leave)
	for e := range endings {
		same(t, "status", e.status, http.StatusOK)
	}
	r.rests(t)
}

// rests waits until the process has given back what a burst took.
func (r *running) rests(t *testing.T) {
	t.Helper()
	r.peaks(t)
	for start := time.Now(); r.memory(t, "VmRSS") > restingResident; time.Sleep(100 * time.Millisecond) {
		if time.Since(start) > untilRest {
			t.Fatalf("%.0f MB are still there", r.memory(t, "VmRSS"))
		}
	}
}

func (p program) testLargeBodies(t *testing.T) {
	p.testTooMuch(t, newHangingModel(t, "application/json", `{}`), image(15<<20))
}

func (p program) testLargeReplies(t *testing.T) {
	m := newHangingModel(t, "application/json", `{"x":"`+strings.Repeat("x", 15<<20)+`"}`)
	m.early = true
	p.testTooMuch(t, m, image(100<<10))
}

func (p program) testLargeEvents(t *testing.T) {
	m := newHangingModel(t, "text/event-stream", `data: {"x":"`+strings.Repeat("x", 1<<20-100)+`"}`+"\n\n")
	m.early = true
	p.testTooMuch(t, m, []byte(say("m", strings.Repeat("word ", 3000), `,"stream":true`)))
}

func (p program) testManyValues(t *testing.T) {
	schema := `{"enum":[` + strings.Repeat(`{"a":1},`, 48_000) + `0]}`
	p.testTooMuch(t, newHangingModel(t, "application/json", `{}`),
		[]byte(say("m", "hi", `,"tools":[{"type":"function","function":{"name":"f","parameters":`+schema+`}}]`)))
}

func (p program) testEscapedValues(t *testing.T) {
	p.testTooMuch(t, newHangingModel(t, "application/json", `{}`), []byte(say("m", strings.Repeat(`\n`, 3<<20), "")))
}

// testTooMuch makes more calls than there is memory for: those for which there is none are told at once, small ones
// go on, and at the end all is free again.
func (p program) testTooMuch(t *testing.T, m *hangingModel, body []byte) {
	t.Helper()
	const calls = 100
	r := p.serving(t, m)
	endings := offer(t, r.url+programChat, calls, body)
	refused, served := 0, 0
	for running := 0; running+refused < calls; {
		select {
		case <-m.arrived:
			running++
		case <-m.gone: // its answer began, and was refused
			running--
		case e := <-endings:
			refused++
			e.isOverload(t)
		case <-time.After(2 * patience):
			t.Fatalf("%d calls are in progress and %d refused", running, refused)
		}
	}
	small := r.post(t, programChat, say("m", "hi", ""))
	same(t, "status of a small call", small.StatusCode, http.StatusOK)
	close(m.leave)
	for e := range endings {
		if m.early && e.status != http.StatusOK {
			refused++
			e.isOverload(t)
			continue
		}
		served++
		same(t, "status", e.status, http.StatusOK)
	}
	if refused == 0 || served == 0 {
		t.Errorf("%d calls were refused and %d served", refused, served)
	}
	r.peaks(t)
	after := r.post(t, programChat, string(body))
	same(t, "status of the next", after.StatusCode, http.StatusOK)
}

// serving is a program whose one connection leads to a model, with a limit that does not matter.
func (p program) serving(t *testing.T, m *hangingModel, environment ...string) *running {
	t.Helper()
	file := writeInto(t, "connections.json", `{"connections":{"default":{"endpoint":"`+m.URL+`/models","rateLimit":{"calls":10000}}}}`)
	return p.start(t, append(environment, "CONNECTOR_CONNECTIONS_FILE="+file))
}

func (r *running) peaks(t *testing.T) {
	t.Helper()
	if peak := r.memory(t, "VmHWM"); peak > mostResident {
		t.Errorf("%.0f MB were resident, want at most %d", peak, mostResident)
	}
}

// memory is what the system says of the process, in MB.
func (r *running) memory(t *testing.T, name string) float64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", r.command.Process.Pid))
	_, rest, found := strings.Cut(string(status), name+":")
	fields := strings.Fields(rest)
	if err != nil || !found || len(fields) == 0 {
		t.Fatalf("no %s in %q: %v", name, status, err)
	}
	kilobytes, err := strconv.ParseFloat(fields[0], 64)
	if err != nil {
		t.Fatal(err)
	}
	return kilobytes / 1024
}
