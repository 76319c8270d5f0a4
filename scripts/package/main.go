package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"inferenceconnector/schema"
)

// options are what a person asks for.
type options struct {
	target      string // azure or lambda
	arch        string // amd64 or arm64
	auth        string // keys or platform; azure only
	console     bool   // whether the page for people is in the package
	connections string // path of a connections file, "" for the short form
	out         string // folder
}

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(arguments []string) error {
	o, err := parse(arguments)
	if errors.Is(err, flag.ErrHelp) {
		return nil // it has been shown
	}
	if err != nil {
		return err
	}
	c, err := readConnections(o.connections)
	if err != nil {
		return err
	}
	actions, err := schema.Load()
	if err != nil {
		return err
	}
	to := targets[o.target]
	if err := errors.Join(c.check(to.host, actions), to.check(o, c)); err != nil {
		return err
	}
	files, err := to.files(o, c, actions)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o755); err != nil {
		return err
	}
	name := filepath.Join(o.out, o.target+"-"+o.arch)
	size, err := writeZip(name+".zip", files)
	if err != nil {
		return err
	}
	fmt.Printf("%s (%.1f MB)\n", name+".zip", float64(size)/1e6)
	if err := writeDependencies(name+".deps.txt", files); err != nil {
		return err
	}
	fmt.Println(name + ".deps.txt")
	if err := copyInfrastructure(o, c); err != nil {
		return err
	}
	tell(o, c)
	return nil
}

// tell says what is to be set in the cloud.
func tell(o options, c connections) {
	if names := c.appSettings(); len(names) > 0 {
		fmt.Println("The connections file needs these settings where it runs:", strings.Join(names, ", "))
	}
	for _, note := range targets[o.target].notes(c) {
		fmt.Println(note)
	}
}

func parse(arguments []string) (o options, err error) {
	if len(arguments) == 0 || targets[arguments[0]].files == nil {
		return o, fmt.Errorf("usage: package azure|lambda [flags]")
	}
	o.target = arguments[0]
	flags := flag.NewFlagSet("package-"+o.target, flag.ContinueOnError)
	flags.StringVar(&o.arch, "arch", map[string]string{"azure": "amd64", "lambda": "arm64"}[o.target], "amd64 or arm64")
	flags.StringVar(&o.connections, "connections", "", "connections file to put in; without it the app settings AZUREAI_ENDPOINT_URL, AZUREAI_ENDPOINT_KEY and CONNECTOR_CALLER_KEY make the connection default")
	flags.BoolVar(&o.console, "with-console", false, "put in the console, the page at /console on which people try the actions")
	flags.StringVar(&o.out, "out", "dist", "folder to write to")
	o.auth = "keys"
	if o.target == "azure" {
		flags.StringVar(&o.auth, "auth", "keys", "keys: the app checks its own caller keys; platform: Functions keys are enough")
	}
	if err := flags.Parse(arguments[1:]); err != nil {
		return o, err
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not understood; see --help", flags.Arg(0))
	case o.arch != "amd64" && o.arch != "arm64":
		return o, fmt.Errorf("--arch must be amd64 or arm64")
	case o.auth != "keys" && o.auth != "platform":
		return o, fmt.Errorf("--auth must be keys or platform")
	}
	// The scripts change to the project's folder; paths are meant from where the person is.
	if from := os.Getenv("PACKAGE_FROM"); from != "" {
		for _, path := range []*string{&o.connections, &o.out} {
			if *path != "" && !filepath.IsAbs(*path) && (path != &o.out || isSet(flags, "out")) {
				*path = filepath.Join(from, *path)
			}
		}
	}
	return o, nil
}

func isSet(flags *flag.FlagSet, name string) (set bool) {
	flags.Visit(func(f *flag.Flag) { set = set || f.Name == name })
	return set
}
