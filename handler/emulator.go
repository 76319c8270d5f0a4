package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
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
		fmt.Fprintf(os.Stderr, "The emulator listens on http://%s/models.\nDeployments: %v\n", listener.Addr(), emulator.Deployments())
		server := &http.Server{
			Handler: emulator.Handler(emulator.Config{Key: *key}), ReadHeaderTimeout: 10 * time.Second, ErrorLog: quiet,
		}
		return serveHTTP(ctx, server, listener, time.Second, func() {})
	}
}
