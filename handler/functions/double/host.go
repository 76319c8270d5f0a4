package double

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"sync"
	"time"
)

// Version is that of the host which this double stands in for.
const Version = "4.1037.0"

// Options are how an App is run. Times that are zero are the host's own.
type Options struct {
	Settings map[string]string // the app settings, and all of the host's environment
	Old      bool              // a host that does not know enableProxyingHttpRequest and customHandler.port yet
	Key      string            // of every function that asks for one
	Limit    time.Duration     // for the handler to get ready
	Timeout  time.Duration     // of an invocation that is not proxied
	Idle     time.Duration     // how long a proxied one may move no byte
	Ping     time.Duration     // between health pings
}

// A Host is a running app. As an http.Handler it takes what callers send. It is safe for concurrent use.
type Host struct {
	options   Options
	app       *App
	functions []function
	address   string
	journal   *journal
	keeper    *keeper
	proxy     *proxy
	client    *http.Transport // of invocations that are not proxied

	mu      sync.Mutex
	invoked []string
	queues  map[string][][]byte
	ticked  map[string]time.Time // when timers fired last
}

// Start starts the handler and waits until it answers. A handler that ends before that is a *Failure: where the
// host would try again, the double does not. The caller stops the Host.
func (a *App) Start(ctx context.Context, o Options) (*Host, error) {
	file := a.file
	o.Limit = cmp.Or(o.Limit, file.CustomHandler.InitializationTimeout.duration)
	o.Timeout = cmp.Or(o.Timeout, file.FunctionTimeout.duration)
	o.Idle = cmp.Or(o.Idle, 240*time.Second)
	o.Ping = cmp.Or(o.Ping, 10*time.Second)
	address, err := a.address(o.Old)
	if err != nil {
		return nil, err
	}
	h := &Host{
		options: o, app: a, address: address, journal: &journal{}, client: &http.Transport{DisableCompression: true},
		proxy: newProxy(address, o.Idle), queues: map[string][][]byte{}, ticked: map[string]time.Time{},
	}
	for _, f := range a.functions {
		resolved, err := f.resolve(o.Settings)
		if err != nil {
			return nil, err
		}
		h.functions = append(h.functions, resolved)
	}
	h.keeper = &keeper{limit: o.Limit, every: o.Ping, spawn: func() (*process, error) {
		return a.spawn(address, o.Settings, h.journal)
	}}
	if err := h.keeper.start(ctx); err != nil {
		return nil, err
	}
	return h, nil
}

// address is where the handler has to listen, through all restarts: the port of host.json, which old hosts do
// not know, else any free one.
func (a *App) address(old bool) (string, error) {
	port := "0"
	if given := a.file.CustomHandler.Port; given != nil && !old {
		port = fmt.Sprint(given)
		if n, err := strconv.Atoi(port); err != nil || n <= 0 {
			return "", fmt.Errorf("host.json: %v is no port", given)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		return "", err
	}
	return free.Addr().String(), free.Close()
}

func (h *Host) note(name string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.invoked = append(h.invoked, name)
}

// Invoked returns the names of the functions that were invoked, in that order.
func (h *Host) Invoked() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.invoked...)
}

// Log returns what the handler printed so far, and what it said in the Logs of its answers.
func (h *Host) Log() []Line { return h.journal.copy() }

// Address is where the handler listens.
func (h *Host) Address() string { return h.address }

// Ping sends the health ping that the host sends now and then.
func (h *Host) Ping(ctx context.Context) error {
	p, err := h.keeper.process(ctx)
	if err != nil {
		return err
	}
	return p.ping(ctx)
}

// Signal sends the handler a signal. The host itself never does; the machine below it may.
func (h *Host) Signal(s os.Signal) error {
	p, err := h.keeper.process(context.Background())
	if err != nil {
		return err
	}
	return p.command.Process.Signal(s)
}

// Wait waits until the handler has ended by itself, and returns its exit code, -1 after a signal. Every end is
// told once.
func (h *Host) Wait(ctx context.Context) (exitCode int, err error) {
	select {
	case code := <-h.keeper.exits:
		return code, nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Stop kills the handler, as the host does. It returns an error when the handler had ended by itself before,
// though it be running again.
func (h *Host) Stop() error {
	ended, err := h.keeper.stop()
	h.client.CloseIdleConnections()
	h.proxy.transport.CloseIdleConnections()
	for _, code := range ended {
		if code == 0 {
			return errors.New("the handler exited 0 while serving: the host does not start it again, and every later request fails")
		}
		err = fmt.Errorf("the handler exited %d while serving", code)
	}
	return err
}

// newID returns an id in the form of those that the host gives to workers and invocations.
func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
