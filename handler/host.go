package main

import (
	"bytes"
	"context"
	"errors"
	"log"
	"log/slog"
	"net"
	"os"

	"inferenceconnector/handler/functions"
	"inferenceconnector/handler/lambda"
	"inferenceconnector/handler/settings"
)

// A host is where the program runs, told by an environment variable that only this host sets.
type host struct {
	variable string
	name     settings.Host
	serve    func(context.Context, *app) error
}

var hosts = []host{
	{"AWS_LAMBDA_RUNTIME_API", settings.Lambda, serveLambda},
	{"FUNCTIONS_CUSTOMHANDLER_PORT", settings.Functions, serveFunctions},
}

// detectHost returns the first host whose variable is set, else a machine of one's own.
func detectHost() host {
	for _, h := range hosts {
		if os.Getenv(h.variable) != "" {
			return h
		}
	}
	return host{name: settings.Standalone, serve: serveStandalone}
}

// serveLambda answers invocations until the environment ends. aws-lambda-go never returns; what is cut off
// by a SIGTERM would have been killed half a second later.
func serveLambda(ctx context.Context, a *app) error {
	h := &lambda.Host{
		HTTP: a.surface(), Runner: a.runner, Book: a.book, Log: a.log,
		Trusted: a.settings.TrustPlatform, Stream: a.settings.LambdaStream,
	}
	a.announce("stream", h.Stream)
	log.SetFlags(0)
	log.SetOutput(runtimeLog{a.log})
	go h.Start()
	<-ctx.Done()
	return nil
}

// runtimeLog passes on what aws-lambda-go says before it ends the process. What else is said there repeats
// failures that are logged already, or texts of endpoints.
type runtimeLog struct{ log *slog.Logger }

func (l runtimeLog) Write(line []byte) (int, error) {
	if !bytes.HasPrefix(line, []byte("{")) && !bytes.HasPrefix(line, []byte("Unsolicited response")) {
		l.log.Error("lambda runtime", "said", string(line))
	}
	return len(line), nil
}

// errStopped makes the exit code one that the Functions host restarts after: after 0 it would send all later
// requests into the void.
var errStopped = errors.New("the custom handler was stopped")

// serveFunctions serves the Functions host on the port it names.
func serveFunctions(ctx context.Context, a *app) error {
	bindings, err := functions.ReadApp(os.Getenv("FUNCTIONS_APP_ROOT_PATH"))
	if err != nil {
		return err
	}
	if err := bindings.Check(a.settings.TrustPlatform); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", os.Getenv("FUNCTIONS_CUSTOMHANDLER_PORT")))
	if err != nil {
		return err
	}
	surface := a.surface()
	handler := bindings.Handler(functions.Config{HTTP: surface, Runner: a.runner, Book: a.book, Trusted: a.settings.TrustPlatform})
	if err := a.serve(ctx, listener, handler, surface); err != nil {
		return err
	}
	return errStopped
}
