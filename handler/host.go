package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log"
	"log/slog"
	"net"
	"os"
	"slices"
	"strings"

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

// serveLambda answers invocations until the environment ends. aws-lambda-go never returns. The platform kills
// without a warning, as nothing here asks for one: what a SIGTERM of another starter cuts off has no claim to more.
func serveLambda(ctx context.Context, a *app) error {
	h := &lambda.Host{
		HTTP: a.surface(), Runner: a.runner, Book: a.book, Log: a.log,
		Trusted: a.settings.TrustPlatform, Stream: a.settings.LambdaStream, CloseIdle: a.closeIdle,
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

// nothing runs beside the server where the platform keeps time.
func nothing(_, _ context.Context) {}

// serveFunctions serves the Functions host on the port it names.
func serveFunctions(ctx context.Context, a *app) error {
	bindings, err := functions.ReadApp(os.Getenv("FUNCTIONS_APP_ROOT_PATH"))
	if err != nil {
		return err
	}
	surface := a.surface()
	config := functions.Config{HTTP: surface, Runner: a.runner, Book: a.book, Memory: a.memory, Trusted: a.settings.TrustPlatform}
	if err := errors.Join(bindings.Check(config), unread(bindings, a.settings.Sources)); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", os.Getenv("FUNCTIONS_CUSTOMHANDLER_PORT")))
	if err != nil {
		return err
	}
	if err := a.serve(ctx, listener, bindings.Handler(config), surface, nothing); err != nil {
		return err
	}
	return errStopped
}

// unread complains about triggers whose queue no function reads: their messages would wait for ever.
func unread(app functions.App, sources []settings.Source) error {
	var problems []error
	for _, s := range sources {
		reads := func(f functions.Function) bool {
			return f.Name == s.Name && strings.EqualFold(f.Trigger, "queueTrigger")
		}
		if s.Queue != "" && !slices.ContainsFunc(app.Functions, reads) {
			problems = append(problems, fmt.Errorf("triggers.%s has a queue, but no function reads it; make the package again with this connections file", s.Name))
		}
	}
	return errors.Join(problems...)
}
