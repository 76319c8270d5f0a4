package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
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
	runner    *trigger.Runner
	book      *schedule.Book
	log       *slog.Logger
	embedded  *http.Server // the emulator, when nothing is configured
}

// newApp reads the settings and builds everything they describe. The caller closes it.
func newApp(host settings.Host) (*app, error) {
	actions, err := schema.Load()
	if err != nil {
		return nil, err
	}
	a := &app{actions: actions}
	if a.settings, err = settings.Load(host, actions, a.startEmulator); err != nil {
		return nil, errors.Join(err, a.Close())
	}
	a.connector = connector.New(a.settings.Connections, throttle.NewMemory())
	a.log = slog.New(slog.NewJSONHandler(os.Stdout, &slog.HandlerOptions{Level: a.settings.LogLevel}))
	a.runner = &trigger.Runner{Connector: a.connector, Actions: actions, Triggers: a.settings.Triggers, Log: a.log}
	a.book = &schedule.Book{Runner: a.runner, Schedules: a.settings.Schedules, Log: a.log}
	return a, nil
}

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
func (a *app) Close() error {
	if a.settings != nil {
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
	if a.embedded != nil {
		return a.embedded.Close()
	}
	return nil
}

// serveHTTP serves until ctx is done, then lets calls in progress end within grace (R26): after that their
// context is cancelled with the reason, and they have a moment to say so.
func serveHTTP(ctx context.Context, server *http.Server, listener net.Listener, grace time.Duration, drain func()) error {
	calls, cut := context.WithCancelCause(context.Background())
	defer cut(nil)
	server.BaseContext = func(net.Listener) context.Context { return calls }
	silent := newSilent(server)
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	drain()
	server.RegisterOnShutdown(silent.close)
	limit, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if server.Shutdown(limit) == nil {
		return nil
	}
	cut(&connector.Error{Code: connector.ShuttingDown, RetryAfter: time.Second, Message: "This instance is going down; try again."})
	last, cancelLast := context.WithTimeout(context.Background(), 500*time.Millisecond)
	defer cancelLast()
	if server.Shutdown(last) != nil {
		return server.Close()
	}
	return nil
}
