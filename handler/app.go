package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/console"
	"inferenceconnector/handler/emulator"
	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/settings"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

// An app is the program put together, but for its host.
type app struct {
	settings  *settings.Settings
	actions   []*schema.Action
	connector *connector.Connector
	memory    *connector.Memory
	runner    *trigger.Runner
	book      *schedule.Book
	console   *console.Handler // nil where there is none
	redis     *throttle.Redis  // nil when every process keeps its own windows
	log       *slog.Logger
	embedded  *http.Server // the emulator, when nothing is configured
}

// withApp does some work with an app, which it closes afterwards.
func withApp(host settings.Host, logTo io.Writer, work func(*app) error) error {
	a, err := newApp(host, logTo)
	if err != nil {
		return err
	}
	return errors.Join(work(a), a.Close())
}

// newApp reads the settings and builds everything they describe. The caller closes it.
func newApp(host settings.Host, logTo io.Writer) (*app, error) {
	actions, err := schema.Load()
	if err != nil {
		return nil, err
	}
	a := &app{actions: actions}
	if a.settings, err = settings.Load(host, actions, a.startEmulator); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	if a.console, err = newConsole(host, actions); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	windows, err := a.windows()
	if err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.memory = connector.NewMemory(a.settings.MaxBytesInFlight)
	limitMemory(a.settings.MaxBytesInFlight)
	a.connector = connector.New(a.settings.Connections, windows)
	a.log = slog.New(slog.NewJSONHandler(seenAsWritten{logTo}, &slog.HandlerOptions{Level: a.settings.LogLevel}))
	a.runner = &trigger.Runner{Connector: a.connector, Actions: actions, Triggers: a.settings.Triggers, Log: a.log, Memory: a.memory}
	a.book = &schedule.Book{Runner: a.runner, Schedules: a.settings.Schedules, Log: a.log}
	if a.redis != nil {
		a.book.Claim = a.claim
	}
	return a, nil
}

// windows keeps the limits: shared through Redis, or this process's own.
func (a *app) windows() (connector.Throttle, error) {
	if a.settings.Redis == nil {
		return throttle.NewMemory(), nil
	}
	var err error
	a.redis, err = throttle.NewRedis(*a.settings.Redis)
	return a.redis, err
}

// claim takes the one slot of a firing's own window, for longer than a firing may be late.
func (a *app) claim(ctx context.Context, id string) (bool, error) {
	d, err := a.redis.Take(ctx, "schedule/"+id, 1, time.Hour)
	return err == nil && d.Wait == 0, err
}

// isReady reports whether calls that come now can be decided about.
func (a *app) isReady() bool { return a.redis == nil || a.redis.Ready() }

// startEmulator serves the embedded endpoint on a free port of this machine.
func (a *app) startEmulator() (settings.Emulator, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return settings.Emulator{}, err
	}
	a.embedded = &http.Server{Handler: emulator.Handler(emulator.Config{}), ReadHeaderTimeout: 10 * time.Second, ErrorLog: quiet}
	go func() { _ = a.embedded.Serve(listener) }() // ends with Close
	return settings.Emulator{URL: "http://" + listener.Addr().String(), Deployments: emulator.Deployments()}, nil
}

// Close ends the embedded emulator and closes idle connections.
func (a *app) Close() (err error) {
	a.closeIdle()
	if a.redis != nil {
		err = a.redis.Close()
	}
	if a.embedded != nil {
		err = errors.Join(err, a.embedded.Close())
	}
	return err
}

// closeIdle closes connections that nothing uses.
func (a *app) closeIdle() {
	if a.settings == nil {
		return
	}
	for _, e := range a.settings.Endpoints {
		e.Close()
	}
	for _, b := range a.settings.Brought {
		b.Close()
	}
	for _, r := range a.settings.Receivers {
		r.Close()
	}
}

// A service is what a process does until it is asked to end.
type service struct {
	server *http.Server
	beside func(ctx, calls context.Context) // runs until ctx is done and its own calls, which live in calls, are over
	grace  time.Duration                    // for calls in progress at the end
	drain  func()                           // is told of the end
}

// serve serves until ctx is done, then lets calls in progress end within the grace (R26): after that their
// context is cancelled with the reason, and they have a moment to say so.
func (s service) serve(ctx context.Context, listener net.Listener) error {
	ctx, stop := context.WithCancel(ctx)
	calls, cut := context.WithCancelCause(context.Background())
	defer cut(nil)
	defer stop()
	s.server.BaseContext = func(net.Listener) context.Context { return calls }
	silent := newSilent(s.server)
	failed, done := make(chan error, 1), make(chan struct{})
	go func() { failed <- s.server.Serve(listener) }()
	go giveBack(ctx)
	go func() {
		defer close(done)
		s.beside(ctx, calls)
	}()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	s.drain()
	s.server.RegisterOnShutdown(silent.close)
	if s.end(s.grace, done) {
		return nil
	}
	cut(&connector.Error{Code: connector.ShuttingDown, RetryAfter: time.Second, Message: "This instance is going down; try again."})
	if !s.end(lastWords, done) {
		return s.server.Close()
	}
	return nil
}

// lastWords is how long calls that were cut off have to say so.
const lastWords = 500 * time.Millisecond

// end reports whether all calls end within a limit, done telling of those beside the server's.
func (s service) end(limit time.Duration, done <-chan struct{}) bool {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if s.server.Shutdown(ctx) != nil {
		return false
	}
	select {
	case <-done:
		return true
	case <-ctx.Done():
		return false
	}
}
