package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/pflag"
)

// A command is one of the program's subcommands.
type command struct {
	name     string
	argument string // its positional argument, "" for none
	instead  string // the flag that stands in its place, "" for none
	summary  string
	flags    func(*pflag.FlagSet) func(ctx context.Context, arguments []string) error
}

var commands = []command{
	{name: "serve", summary: "serve the connector (the default)", flags: serveFlags},
	{name: "invoke", argument: "ACTION", instead: "schedule", summary: "run one action, or a schedule, and print the answer", flags: invokeFlags},
	{name: "check", summary: "check the settings and show the connections", flags: checkFlags},
	{name: "definition", summary: "write the files of the connector, for designers to import", flags: definitionFlags},
	{name: "schedules", summary: "show the schedules and when they run next", flags: schedulesFlags},
	{name: "emulator", summary: "serve a model endpoint with no model behind it", flags: emulatorFlags},
	{name: "version", summary: "print the version", flags: versionFlags},
}

func main() {
	tuneMemory()
	log.SetOutput(io.Discard) // net/http repeats there what endpoints and callers send; we have a log of our own
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // the first signal asks, a second one ends the process now
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run carries out one command line.
func run(ctx context.Context, arguments []string) error {
	if len(arguments) > 0 && slices.Contains([]string{"help", "--help", "-h"}, arguments[0]) {
		if arguments = arguments[1:]; len(arguments) == 0 {
			help(os.Stdout)
			return nil
		}
		arguments = []string{arguments[0], "--help"} // handler help COMMAND
	}
	name := "serve"
	if len(arguments) > 0 && !strings.HasPrefix(arguments[0], "-") {
		name, arguments = arguments[0], arguments[1:]
	}
	for _, c := range commands {
		if c.name == name {
			return c.run(ctx, arguments)
		}
	}
	return fmt.Errorf("there is no command %q; see handler --help", name)
}

func (c command) run(ctx context.Context, arguments []string) error {
	flags := pflag.NewFlagSet(c.name, pflag.ContinueOnError)
	flags.SetOutput(os.Stdout)
	flags.Usage = func() {
		fmt.Println(c.usage(flags) + "\n\n" + strings.ToUpper(c.summary[:1]) + c.summary[1:] + ".\n")
		fmt.Print(flags.FlagUsages())
	}
	work := c.flags(flags)
	if err := flags.Parse(arguments); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return nil
		}
		mistake, _, _ := strings.Cut(err.Error(), ": strconv.") // which speaks of Go
		return fmt.Errorf("%s; see handler %s --help", mistake, c.name)
	}
	if flags.NArg() > 0 && flags.Changed(c.instead) {
		return fmt.Errorf("give %s or --%s, not both; see handler %s --help", c.argument, c.instead, c.name)
	}
	if flags.NArg() != c.arguments(flags) {
		return fmt.Errorf("usage: %s", c.usage(flags))
	}
	return work(ctx, flags.Args())
}

// arguments is how many positional arguments there must be.
func (c command) arguments(flags *pflag.FlagSet) int {
	if c.argument == "" || flags.Changed(c.instead) {
		return 0
	}
	return 1
}

func (c command) usage(flags *pflag.FlagSet) string {
	words := []string{"handler", c.name}
	switch instead := flags.Lookup(c.instead); {
	case instead != nil:
		value, _ := pflag.UnquoteUsage(instead)
		words = append(words, c.argument+"|--"+c.instead+" "+value)
	case c.argument != "":
		words = append(words, c.argument)
	}
	return strings.Join(append(words, "[flags]"), " ")
}

func help(w io.Writer) {
	fmt.Fprint(w, "Inference Connector puts AI models into workflows.\n\nUsage: handler [command] [flags]\n\nCommands:\n")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-18s %s\n", strings.TrimSpace(c.name+" "+c.argument), c.summary)
	}
	fmt.Fprint(w, "\nhandler COMMAND --help tells about one. Settings are environment variables: see the README.\n")
}
