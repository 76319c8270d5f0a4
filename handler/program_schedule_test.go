package main_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// testFires has one firing a second, each with an id of its own.
func (p program) testFires(t *testing.T) {
	f := newFlow(t, tick, atOnce)
	r := p.start(t, f.environment)
	contains(t, "banner", r.stderr.String(), "Schedules: tick (handler schedules tells when they run).\n")
	last := ""
	for range 3 {
		key := firingKey.FindStringSubmatch(f.next(t).key)
		if key == nil || key[2] <= last {
			t.Fatalf("got the key %q after %s", key, last)
		}
		last = key[2]
	}
	r.signal(t, syscall.SIGTERM)
	same(t, "end", r.end(t, 0), nil)
	contains(t, "log", r.stdout.String(), `"schedules":1`, `"msg":"delivered"`, `"id":"tick/`+last)
	keepsQuiet(t, "serve", r.stdout.String(), r.stderr.String())
}

// testSkips has a run that takes longer than it is to the next planned times.
func (p program) testSkips(t *testing.T) {
	release := make(chan struct{})
	f := newFlow(t, tick, after(release))
	r := p.start(t, f.environment)
	waitUntil(t, "two firings are skipped", func() bool { return strings.Count(r.stdout.String(), `"msg":"skipped: still running"`) >= 2 })
	same(t, "requests meanwhile", f.asked.Load(), 1)
	close(release)
	if first, second := f.next(t), f.next(t); first.key == second.key {
		t.Errorf("two firings have the key %s", first.key)
	}
}

func (p program) testLetsRunsEnd(t *testing.T) {
	release := make(chan struct{})
	f := newFlow(t, tick, after(release))
	r := p.start(t, append(f.environment, "CONNECTOR_DRAIN_TIMEOUT=1h"))
	waitUntil(t, "it runs", func() bool { return f.asked.Load() == 1 })
	r.signal(t, syscall.SIGTERM)
	waitUntil(t, "it drains", func() bool { return strings.Contains(r.stdout.String(), `"msg":"draining"`) })
	close(release)
	f.next(t)
	same(t, "end", r.end(t, 0), nil)
	same(t, "runs", f.asked.Load(), 1)
}

// testCutsRuns cuts off a run whose model does not answer, and one whose receiver is not there for it yet.
func (p program) testCutsRuns(t *testing.T) {
	never := make(chan struct{})
	for name, f := range map[string]*flow{
		"model":    newFlow(t, tick, after(never)),
		"receiver": newFlow(t, tick, atOnce, 503, 503, 503, 503),
	} {
		r := p.start(t, append(f.environment, "CONNECTOR_DRAIN_TIMEOUT=1s"))
		waitUntil(t, "it runs", func() bool { return f.asked.Load() == 1 })
		if name == "receiver" {
			f.next(t)
		}
		r.signal(t, syscall.SIGTERM)
		same(t, name+": end", r.end(t, 2*time.Second), nil)
		contains(t, name, r.stdout.String(), `"msg":"firing failed"`, map[string]string{"model": `"code":"ShuttingDown"`, "receiver": `"code":"DeliveryFailed"`}[name])
		same(t, name+": runs", f.asked.Load(), 1)
		keepsQuiet(t, name, r.stdout.String(), r.stderr.String())
	}
}

func (p program) testInvokeSchedule(t *testing.T) {
	for name, test := range map[string]struct {
		statuses []int
		code     int
		stderr   string
	}{
		"at once":           {nil, 0, `"msg":"fired"`},
		"at the second try": {[]int{503}, 0, `"msg":"fired"`},
		"refused":           {[]int{410}, 1, `{"error":{"code":"DeliveryFailed","message":"deliverTo answered with status 410`},
	} {
		f := newFlow(t, morning, atOnce, test.statuses...)
		began := time.Now()
		got := p.run(t, f.environment, "", "invoke", "--schedule", "morning")
		same(t, name+": exit code", got.code, test.code)
		same(t, name+": output", got.stdout, usualCompletion+"\n")
		contains(t, name+": standard error", got.stderr, `"id":"morning/`, test.stderr)
		keepsQuiet(t, name, got.stderr)
		first := f.next(t)
		key := firingKey.FindStringSubmatch(first.key)
		if planned, err := time.Parse(time.RFC3339, key[2]); err != nil || began.Sub(planned) > 25*time.Hour || planned.After(time.Now().Add(time.Second)) {
			t.Errorf("%s: the key %s is not that of the last planned time (%v)", name, first.key, err)
		}
		if test.code == 0 && test.statuses != nil {
			same(t, name+": key of the second try", f.next(t).key, first.key)
		}
		same(t, name+": further deliveries", len(f.deliveries), 0)
		same(t, name+": requests to the model", f.asked.Load(), 1)
	}
}

// testInterruptsSchedule ends a run by hand while its output waits for the receiver.
func (p program) testInterruptsSchedule(t *testing.T) {
	f := newFlow(t, morning, atOnce, 503, 503, 503, 503)
	r := p.launch(t, f.environment, "invoke", "--schedule", "morning")
	f.next(t)
	r.signal(t, os.Interrupt)
	_ = r.end(t, 0)
	same(t, "exit code", r.command.ProcessState.ExitCode(), 1)
	same(t, "output", r.stdout.String(), usualCompletion+"\n")
	contains(t, "standard error", r.stderr.String(), `{"error":{"code":"DeliveryFailed"`)
	keepsQuiet(t, "standard error", r.stderr.String())
}

// testOnlyStandaloneKeepsTime starts the program where platforms fire schedules.
func (p program) testOnlyStandaloneKeepsTime(t *testing.T) {
	runtime := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(runtime.Close)
	for name, host := range map[string]struct {
		schedule  string
		every     time.Duration
		variables []string
	}{
		"functions": {tick, time.Second, []string{"FUNCTIONS_CUSTOMHANDLER_PORT=0", "FUNCTIONS_APP_ROOT_PATH=" + functionApp(t, map[string]string{"tick": secondly})}},
		"lambda": {strings.Replace(tick, "* * * * * *", "* * * * *", 1), time.Minute, // it has no seconds
			[]string{"AWS_LAMBDA_RUNTIME_API=" + runtime.Listener.Addr().String(), "AWS_LAMBDA_FUNCTION_NAME=f"}},
	} {
		f := newFlow(t, host.schedule, atOnce)
		r := p.launch(t, slices.Concat(f.environment, host.variables, []string{"CONNECTOR_RATE_LIMIT_SCOPE=process"}))
		waitUntil(t, name+" serves", func() bool { return strings.Contains(r.stdout.String(), `"msg":"listening"`) })
		time.Sleep(time.Until(time.Now().Truncate(host.every).Add(host.every + 1100*time.Millisecond))) // beyond a planned time
		same(t, name+": runs", f.asked.Load(), 0)
	}
}
