package double

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"
)

// Version is that of the host which this double stands in for.
const Version = "4.1037.0"

// usualLimit is how long a handler may take to answer GET /.
const usualLimit = 30 * time.Second

// Options are how an App is run.
type Options struct {
	Settings map[string]string // the app settings
	Old      bool              // a host that does not know enableProxyingHttpRequest yet
	Key      string            // of every function that asks for one
	Limit    time.Duration     // for the handler to get ready; 0 for the host's own
}

// A Host is a running app. As an http.Handler it takes what callers send.
type Host struct {
	options Options
	app     *App
	process *process
	relay   func(w http.ResponseWriter, r *http.Request, path, invocation string)

	mu      sync.Mutex
	invoked []string
}

// Start starts the handler and waits until it answers. A handler that ends before that is a *Failure. The
// caller stops the Host.
func (a *App) Start(ctx context.Context, o Options) (*Host, error) {
	if !a.forwards && (!a.proxies || o.Old) {
		return nil, errors.New("host.json asks for invocation JSON, which this double does not know")
	}
	if o.Limit == 0 {
		o.Limit = usualLimit
	}
	p, err := a.spawn(o.Settings)
	if err != nil {
		return nil, err
	}
	if err := p.await(ctx, o.Limit); err != nil {
		return nil, err
	}
	h := &Host{options: o, app: a, process: p, relay: newForwarder(p.address).relay}
	if a.proxies && !o.Old {
		h.relay = newProxy(p.address).relay
	}
	return h, nil
}

// ServeHTTP implements http.Handler.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := canonical(r.URL)
	f := h.app.find(r.Method, path)
	switch {
	case isReserved(path) || f == nil && path != "/":
		w.WriteHeader(http.StatusNotFound)
	case f == nil:
		_, _ = w.Write([]byte("<!DOCTYPE html><title>Your Functions app is up and running</title>"))
	case !h.options.admits(f, r):
		w.WriteHeader(http.StatusUnauthorized)
	default:
		h.note(f.name)
		h.relay(w, r, path, newID())
	}
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

// Log returns what the handler printed so far.
func (h *Host) Log() []Line { return h.process.journal.copy() }

// Address is where the handler listens.
func (h *Host) Address() string { return h.process.address }

// Signal sends the handler a signal. The host itself never does; the machine below it may.
func (h *Host) Signal(s os.Signal) error { return h.process.command.Process.Signal(s) }

// Wait waits until the handler has ended by itself, and returns its exit code.
func (h *Host) Wait(ctx context.Context) (exitCode int, err error) {
	select {
	case <-h.process.exited:
		return h.process.command.ProcessState.ExitCode(), nil
	case <-ctx.Done():
		return 0, ctx.Err()
	}
}

// Stop kills the handler, as the host does. It returns an error when there was none left to kill.
func (h *Host) Stop() error {
	select {
	case <-h.process.exited:
	default:
		return h.process.kill()
	}
	code := h.process.command.ProcessState.ExitCode()
	if code == 0 {
		return errors.New("the handler exited 0 while serving: the host does not start it again, and every later request fails")
	}
	return fmt.Errorf("the handler exited %d while serving", code)
}

// newID returns an id in the form of those that the host gives to workers and invocations.
func newID() string {
	var id [16]byte
	_, _ = rand.Read(id[:]) // never fails
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:])
}
