package double_test

import (
	"encoding/json"
	"errors"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

// Only who registered an extension is warned: one that knows no signals ends by the warning, one that ignores
// it by what follows.
func TestShutdown(t *testing.T) {
	emulator := func(c *double.Config) { c.Emulator = true }
	for name, test := range map[string]struct {
		program string
		change  func(*double.Config)
		signal  syscall.Signal
		status  int
	}{
		"without a warning":  {"hangs", timeout(time.Minute), syscall.SIGKILL, -1},
		"warned":             {"leaves", timeout(time.Minute), -1, 5},
		"warned in vain":     {"stays", timeout(time.Minute), syscall.SIGKILL, -1},
		"under the emulator": {"hangs", emulator, syscall.SIGTERM, -1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			exit, ok := errors.AsType[*exec.ExitError](start(t, test.program, test.change).Shutdown())
			if !ok {
				t.Fatal("the program ended well")
			}
			status := exit.Sys().(syscall.WaitStatus)
			if status.Signal() != test.signal || exit.ExitCode() != test.status {
				t.Errorf("got %v", exit)
			}
		})
	}
}

func TestAnEnvironmentFollowsAnother(t *testing.T) {
	f := start(t, "echo")
	for name, end := range map[string]func() error{"killed": f.Kill, "shut down": f.Shutdown} {
		before := f.Pid()
		if err := end(); err == nil {
			t.Errorf("%s: the program ended well", name)
		}
		if got, err := f.Invoke(t.Context(), []byte("1")); err != nil || string(got) != "1" || f.Pid() == before {
			t.Errorf("%s: got %s, %v of process %d after %d", name, got, err, f.Pid(), before)
		}
	}
}

func TestProcessesAreFrozenBetweenInvocations(t *testing.T) {
	for name, test := range map[string]struct {
		program     string
		concurrency int
		frozen      bool
	}{
		"one at a time":     {"ticks", 1, true},
		"with an extension": {"ticks, warned", 1, true},
		"managed instance":  {"ticks", 2, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := start(t, test.program, func(c *double.Config) { c.Concurrency = test.concurrency })
			before := ticked(t, f)
			time.Sleep(time.Second) // a hundred ticks
			if passed := ticked(t, f) - before; (passed < 20) != test.frozen {
				t.Errorf("%d ticks passed between two invocations", passed)
			}
		})
	}
}

func ticked(t *testing.T, f *double.Function) (n int) {
	t.Helper()
	text, err := f.Invoke(t.Context(), []byte("{}"))
	if err == nil {
		err = json.Unmarshal(text, &n)
	}
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// An answer does not end an invocation: the program has to ask for the next one, in time.
func TestInvocationsEndWithTheNextQuestion(t *testing.T) {
	f := start(t, "lingers", timeout(500*time.Millisecond))
	before := f.Pid()
	for range 2 {
		if got, err := f.Invoke(t.Context(), []byte("{}")); err != nil || string(got) != `"well"` {
			t.Errorf("got %s, %v", got, err)
		}
	}
	if f.Pid() == before {
		t.Error("the program lives, though it did not ask again before its time ran out")
	}
}
