package main

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/pflag"
)

// version is set by the packaging scripts.
var version = ""

func versionFlags(*pflag.FlagSet) func(context.Context, []string) error {
	return func(context.Context, []string) error {
		name := version
		if info, ok := debug.ReadBuildInfo(); ok && name == "" {
			name = info.Main.Version
		}
		fmt.Printf("inferenceconnector %s (%s %s/%s)\n", name, runtime.Version(), runtime.GOOS, runtime.GOARCH)
		return nil
	}
}
