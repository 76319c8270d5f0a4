package endpoint

import (
	"context"
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// deaf returns an address where connections are neither taken nor refused: its queue is full.
func deaf(t testing.TB) string {
	t.Helper()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { syscall.Close(socket) })
	if err := syscall.Bind(socket, &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Listen(socket, 0); err != nil {
		t.Fatal(err)
	}
	name, err := syscall.Getsockname(socket)
	if err != nil {
		t.Fatal(err)
	}
	address := fmt.Sprintf("127.0.0.1:%d", name.(*syscall.SockaddrInet4).Port)
	for range 64 {
		conn, err := net.DialTimeout("tcp", address, 100*time.Millisecond)
		if err != nil {
			return address
		}
		t.Cleanup(func() { conn.Close() })
	}
	t.Fatal("the queue does not fill")
	return ""
}

// A dial that hangs is given up, long before the call is, and so is one whose caller leaves.
func TestDialInTime(t *testing.T) {
	const dial = 200 * time.Millisecond
	e := newEndpoint(t, at(Config{Budgets: Budgets{Dial: dial}}, "http://"+deaf(t)))
	for _, body := range []string{plainChat, streamedChat} {
		start := time.Now()
		e.fails(t, chat(t, body), connector.UpstreamUnreachable)
		if took := time.Since(start); took < dial || took > 30*time.Second {
			t.Errorf("got it after %v, want about %v", took, dial)
		}
	}
	ctx, cancel := context.WithTimeoutCause(t.Context(), dial/10, goingDown)
	defer cancel()
	_, err := e.invoke(ctx, t, chat(t, plainChat))
	wantCode(t, err, connector.ShuttingDown)
}

// Whether the request is sent decides between "not reached" and "no answer".
func TestDialThatHangsForTheWholeCall(t *testing.T) {
	e := newEndpoint(t, at(Config{Budgets: Budgets{Call: 100 * time.Millisecond}}, "http://"+deaf(t)))
	e.fails(t, chat(t, plainChat), connector.UpstreamTimeout)
}
