package main

import (
	"os"
	"runtime/debug"
)

// What a call allocates is small and dies with it, so collecting four times less often costs some megabytes
// and saves a fifth of the CPU time (BenchmarkRoundTrip). Near the limit the collector works as hard as it
// must: resident memory stays below 256 MiB (contract/reliability.md, R25).
const (
	gcPercent   = 400
	memoryLimit = 192 << 20 // bytes
)

// tuneMemory sets the collector, but for what the operator has set in Go's own variables.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}
