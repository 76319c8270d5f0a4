package main

import (
	"context"
	"fmt"
	"runtime"

	"github.com/spf13/pflag"
)

// version names the release. The log line at the start tells it, too.
const version = "0.1.0"

func versionFlags(*pflag.FlagSet) func(context.Context, []string) error {
	return func(context.Context, []string) error {
		fmt.Printf("inferenceconnector %s (%s %s/%s)\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	}
}
