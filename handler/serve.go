package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"inferenceconnector/handler/console"
	"inferenceconnector/handler/rest"
	"inferenceconnector/handler/settings"
)

// quiet swallows what net/http says about broken connections: each call has its own line.
var quiet = log.New(io.Discard, "", 0)

func serveFlags(*pflag.FlagSet) func(context.Context, []string) error {
	return func(ctx context.Context, _ []string) error {
		host := detectHost()
		return withApp(host.name, os.Stdout, func(a *app) error { return host.serve(ctx, a) })
	}
}

// serveStandalone listens on an address of the operator's choice.
func serveStandalone(ctx context.Context, a *app) error {
	listener, err := net.Listen("tcp", a.settings.Listen)
	if err != nil {
		return fmt.Errorf("CONNECTOR_LISTEN: %w", err)
	}
	fmt.Fprint(os.Stderr, a.banner(listener.Addr().String()))
	if at, ok := listener.Addr().(*net.TCPAddr); ok && a.settings.Public == nil && !at.IP.IsUnspecified() {
		a.settings.Public = &url.URL{Scheme: "http", Host: at.String()}
	}
	surface := a.surface()
	return a.serve(ctx, listener, surface, surface, a.book.Run)
}

// surface is what every host feeds.
func (a *app) surface() *rest.Handler {
	s := a.settings
	return rest.New(rest.Config{
		Connector: a.connector, Actions: a.actions, Callers: s.Callers, Ready: a.isReady, Log: a.log,
		PublicURL: s.Public, PlatformKeys: s.Host == settings.Functions && s.TrustPlatform,
		Memory: a.memory, MaxCalls: s.MaxCalls, MaxBodyBytes: s.MaxBodyBytes, BodyTimeout: s.BodyTimeout, WriteTimeout: s.WriteTimeout,
		Console: a.console,
	})
}

// serve serves handler, in front of surface, until ctx is done; what runs beside it as service says.
func (a *app) serve(ctx context.Context, listener net.Listener, handler http.Handler, surface *rest.Handler, beside func(ctx, calls context.Context)) error {
	a.announce("address", listener.Addr().String())
	s := a.settings
	server := &http.Server{
		Handler:           framed(handler),
		ConnContext:       withFraming,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       s.KeepAliveTimeout,
		MaxHeaderBytes:    32 << 10, // above rest's own limit, whose error is a better one
		ErrorLog:          quiet,

		DisableGeneralOptionsHandler: true, // OPTIONS * is a route that does not exist, like any other
	}
	drain := func() {
		a.log.Info("draining", "grace", s.DrainTimeout.String())
		surface.Drain()
	}
	return service{server, beside, s.DrainTimeout, drain}.serve(ctx, framedListener{listener})
}

// announce logs what is being served.
func (a *app) announce(more ...any) {
	a.log.Info("listening", append([]any{"host", string(a.settings.Host), "connections", len(a.settings.Connections), "schedules", len(a.settings.Schedules),
		"version", version, "source", a.settings.Source, "rate_limit_scope", a.settings.RateLimitScope}, more...)...)
}

// banner tells a person what is running and how to try it.
func (a *app) banner(address string) string {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Inference Connector listens on http://%s (connections: %s).\n", address, a.settings.Source)
	if names := a.scheduleNames(); names != nil {
		fmt.Fprintf(&b, "Schedules: %s (handler schedules tells when they run).\n", strings.Join(names, ", "))
	}
	if a.console != nil {
		fmt.Fprintf(&b, "Console: http://%s%s\n", address, console.Path)
	}
	connection := a.settings.Connections[0] // those that are no one's own come last
	prefix := ""
	if len(a.settings.Connections) > 1 {
		prefix = "/connections/" + connection.Name
	}
	key := ""
	switch {
	case connection.Bring != nil:
		key = " \\\n  -H \"x-model-endpoint: $YOUR_ENDPOINT\" -H \"api-key: $KEY_OF_YOUR_ENDPOINT\""
	case !connection.Open:
		key = " \\\n  -H \"api-key: $YOUR_CALLER_KEY\""
	}
	model, hint := "", ""
	switch {
	case len(connection.Deployments) > 0:
		model = fmt.Sprintf("\"model\":%q,", connection.Deployments[0].Name)
	case !connection.OneModel:
		model, hint = "\"model\":\"YOUR_MODEL\",", ", with a model of your endpoint in place of YOUR_MODEL"
	}
	fmt.Fprintf(&b, "Try it%s:\n\ncurl \"http://%s%s/chat/completions?api-version=2024-05-01-preview\" \\\n"+
		"  -H \"Content-Type: application/json\"%s \\\n  -d '{%s\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}'\n\n", hint, address, prefix, key, model)
	return b.String()
}
