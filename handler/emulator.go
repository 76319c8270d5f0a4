package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"inferenceconnector/handler/emulator"
)

func emulatorFlags(flags *pflag.FlagSet) func(context.Context, []string) error {
	listen := flags.String("listen", "127.0.0.1:8081", "address to listen on")
	key := flags.String("key", "", "key that callers must present; without it any is accepted")
	return func(ctx context.Context, _ []string) error {
		listener, err := net.Listen("tcp", *listen)
		if err != nil {
			return fmt.Errorf("--listen: %w", err)
		}
		fmt.Fprint(os.Stderr, emulatorBanner(listener.Addr().String()))
		server := &http.Server{
			Handler: emulator.Handler(emulator.Config{Key: *key}), ReadHeaderTimeout: 10 * time.Second, ErrorLog: quiet,
		}
		return service{server, nothing, time.Second, func() {}}.serve(ctx, listener)
	}
}

// emulatorBanner tells where each family is found, first the one in the sentence that programs look for.
func emulatorBanner(address string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "The emulator listens on http://%s%s.\n", address, emulator.Addresses()[0].Path)
	for _, a := range emulator.Addresses() {
		path := strings.ReplaceAll(a.Path, "{deployment}", "DEPLOYMENT")
		fmt.Fprintf(&b, "  %-18s http://%s%s\n", a.Family, address, path)
	}
	b.WriteString("Deployments:\n")
	for _, d := range emulator.Behaviours() {
		fmt.Fprintf(&b, "  %-18s %s\n", d.Name, d.Description)
	}
	return b.String()
}
