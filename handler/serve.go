package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"time"

	"github.com/spf13/pflag"

	"inferenceconnector/handler/rest"
)

// quiet swallows what net/http says about broken connections: each call has its own line.
var quiet = log.New(io.Discard, "", 0)

func serveFlags(*pflag.FlagSet) func(context.Context, []string) error {
	return func(ctx context.Context, _ []string) error {
		a, err := newApp()
		if err != nil {
			return err
		}
		listener, err := net.Listen("tcp", a.settings.Listen)
		if err != nil {
			_ = a.Close()
			return fmt.Errorf("CONNECTOR_LISTEN: %w", err)
		}
		fmt.Fprint(os.Stderr, a.banner(listener.Addr().String()))
		a.log.Info("listening", "address", listener.Addr().String(), "connections", len(a.settings.Connections),
			"rate_limit_scope", "process")
		err = a.serve(ctx, listener)
		return firstError(err, a.Close())
	}
}

func (a *app) serve(ctx context.Context, listener net.Listener) error {
	s := a.settings
	handler := rest.New(rest.Config{
		Connector: a.connector, Actions: a.actions, Keys: s.Keys, Log: a.log,
		MaxCalls: s.MaxCalls, MaxBodyBytes: s.MaxBodyBytes, BodyTimeout: s.BodyTimeout, WriteTimeout: s.WriteTimeout,
	})
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       s.KeepAliveTimeout,
		MaxHeaderBytes:    32 << 10, // above rest's own limit, whose error is a better one
		ErrorLog:          quiet,
	}
	return serveHTTP(ctx, server, listener, s.DrainTimeout, func() {
		a.log.Info("draining", "grace", s.DrainTimeout.String())
		handler.Drain()
	})
}

// banner tells a person what is running and how to try it.
func (a *app) banner(address string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Inference Connector listens on http://%s (connections: %s).\n", address, a.settings.Source)
	connection := a.settings.Connections[0]
	prefix := ""
	if len(a.settings.Connections) > 1 {
		prefix = "/connections/" + connection.Name
	}
	key := ""
	if !connection.Open {
		key = " \\\n  -H \"api-key: $YOUR_CALLER_KEY\""
	}
	model := ""
	if len(connection.Deployments) > 0 {
		model = fmt.Sprintf("\"model\":%q,", connection.Deployments[0].Name)
	}
	fmt.Fprintf(&b, "Try it:\n\ncurl \"http://%s%s/chat/completions?api-version=2024-05-01-preview\" \\\n"+
		"  -H \"Content-Type: application/json\"%s \\\n  -d '{%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'\n\n", address, prefix, key, model)
	return b.String()
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
