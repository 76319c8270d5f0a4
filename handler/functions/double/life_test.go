package double_test

import (
	"context"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

// waitFor waits for the handler's next end.
func waitFor(t *testing.T, host *double.Host, want int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if code, err := host.Wait(ctx); code != want || err != nil {
		t.Fatalf("got exit code %d (%v), want %d", code, err, want)
	}
}

func count(host *double.Host, text string) (n int) {
	for _, line := range host.Log() {
		if line.Text == text {
			n++
		}
	}
	return n
}

func TestExitCodes(t *testing.T) {
	t.Parallel()
	host, _ := serveEvents(t)
	for _, code := range []int{200, 200, 200, 200} { // asks for another, as often as it likes
		if result, err := host.Tick(t.Context(), "cleanup", false); err != nil || result.Failed {
			t.Fatalf("got %+v, %v", result, err)
		}
		end(t, host, code)
	}
	end(t, host, 7)
	if result, err := host.Tick(t.Context(), "cleanup", false); err != nil || result.Failed {
		t.Fatalf("got %+v, %v after an error, want another process", result, err)
	}
	if err := host.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	waitFor(t, host, 4)
	end(t, host, 1)
	if _, err := host.Tick(t.Context(), "cleanup", false); !errors.Is(err, double.ErrStopped) {
		t.Errorf("got %v after three errors, want %v", err, double.ErrStopped)
	}
	if err := host.Stop(); err == nil || !strings.Contains(err.Error(), "exited 1 while serving") {
		t.Errorf("Stop told %v", err)
	}
}

// end makes the handler end, once, while it has a message.
func end(t *testing.T, host *double.Host, code int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		_, _ = host.Deliver(ctx, "worker", message(t, script{Exits: true, Code: code})) // the process is what matters
		close(ended)
	}()
	waitFor(t, host, code)
	cancel()
	<-ended
}

func TestExitZeroIsAFault(t *testing.T) {
	t.Parallel()
	host, address := serve(t, double.Options{})
	for range 2 { // nobody starts it again
		if reply, err := http.Get(address + "/api/end"); err != nil || reply.StatusCode != http.StatusBadGateway {
			t.Fatalf("got %v (%v), want 502", reply, err)
		}
	}
	waitFor(t, host, 0)
	if err := host.Stop(); err == nil || !strings.Contains(err.Error(), "exited 0") {
		t.Errorf("Stop told %v, want that the handler exited 0", err)
	}
}

func TestExitZeroFailsInvocations(t *testing.T) {
	host, _ := serveEvents(t)
	end(t, host, 0)
	if result, err := host.Tick(t.Context(), "cleanup", false); err != nil || !result.Failed {
		t.Errorf("got %+v (%v), want a failure", result, err)
	}
}

func TestMessageOutlivesTheProcess(t *testing.T) {
	host, _ := serveEvents(t, func(o *double.Options) { o.Settings["FLAG"] = filepath.Join(t.TempDir(), "flag") })
	result := deliver(t, host, script{Exits: true, Code: 200, Once: true})
	if result.Failed || result.Tries < 2 || count(host, "ready") != 2 { // a try may find nobody
		t.Errorf("got %+v by %d processes, want success by the second", result, count(host, "ready"))
	}
}

// lastSeenOf waits until the handler was invoked so often.
func lastSeenOf(t *testing.T, host *double.Host, invocations int) {
	t.Helper()
	for start := time.Now(); len(host.Invoked()) < invocations; time.Sleep(time.Millisecond) {
		if time.Since(start) > patience {
			t.Fatal("the handler is not invoked")
		}
	}
	lastSeen(t, host)
}

func TestStopDoesNotAsk(t *testing.T) {
	host, _ := serve(t, double.Options{})
	if err := host.Stop(); err != nil {
		t.Fatal(err)
	}
	for _, line := range host.Log() {
		if strings.HasPrefix(line.Text, "asked to end") {
			t.Errorf("got %q, want no signal that can be caught", line.Text)
		}
	}
	if connection, err := net.Dial("tcp", host.Address()); err == nil {
		_ = connection.Close()
		t.Error("the handler still listens")
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	host, _ := serve(t, double.Options{Settings: map[string]string{"TELLS_PINGS": "1"}, Ping: 50 * time.Millisecond})
	if err := host.Ping(t.Context()); err != nil {
		t.Error(err)
	}
	for start := time.Now(); count(host, "ping") < 4; time.Sleep(time.Millisecond) { // one at the start, one by us
		if time.Since(start) > patience {
			t.Fatalf("got %d pings", count(host, "ping"))
		}
	}
	if got := host.Invoked(); len(got) > 0 {
		t.Errorf("got the invocations %q of pings", got)
	}
}
