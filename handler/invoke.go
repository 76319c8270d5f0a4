package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"inferenceconnector/connector"
	"inferenceconnector/handler/settings"
)

func invokeFlags(flags *pflag.FlagSet) func(context.Context, []string) error {
	connection := flags.String("connection", "", "connection to use; needed only where there are several")
	path := flags.String("input", "", "file with the input, a JSON object of the action's parameters; - for standard input")
	scheduled := flags.String("schedule", "", "run the schedule `NAME` now instead, as it would run, and deliver its output")
	return func(ctx context.Context, arguments []string) error {
		if flags.Changed("schedule") {
			if flags.Changed("connection") || flags.Changed("input") {
				return errors.New("--schedule goes without --connection and --input: the schedule says them")
			}
			return withApp(settings.Standalone, os.Stderr, func(a *app) error { return a.invokeSchedule(ctx, *scheduled) })
		}
		text, err := readInput(*path)
		if err != nil {
			return err
		}
		return withApp(settings.Standalone, os.Stderr, func(a *app) error { return a.invoke(ctx, arguments[0], *connection, text) })
	}
}

func readInput(path string) ([]byte, error) {
	switch path {
	case "":
		return []byte("{}"), nil
	case "-":
		return io.ReadAll(os.Stdin)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("--input: %w", err)
	}
	return text, nil
}

// invoke runs one action and prints the answer; events of a stream as they come.
func (a *app) invoke(ctx context.Context, name, connection string, text []byte) error {
	call, err := connector.FromInput(a.actions, name, connection, text, nil)
	if err != nil {
		return failed(err)
	}
	response, err := a.connector.Invoke(ctx, call)
	if err != nil {
		return failed(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return err
	}
	fmt.Println()
	switch {
	case call.Record.Failure != nil:
		return errors.New("the stream broke off")
	case response.Status >= 400:
		return fmt.Errorf("the endpoint answered with status %d (%s)", response.Status, response.ErrorCode)
	}
	return nil
}

// failed prints the error as a caller over HTTP would read it. The caller who left is the person at the keyboard.
func failed(err error) error {
	e := connector.AsError(err)
	if e.Code == connector.CallerGone {
		return errors.New("interrupted: the call was given up, though the model may have run")
	}
	return errors.New(string(e.JSON()))
}
