package main

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

// What a call allocates is small and dies with it, so collecting four times less often costs some megabytes
// and saves a fifth of the CPU time (BenchmarkRoundTrip). Near the limit the collector works as hard as it must.
const gcPercent = 400

// besides is what the process needs besides the bodies in flight, in bytes: the eighth more that replies may take,
// calls, streams, and room for the collector to work in. At default settings the limit is 216 MiB; with the pages of
// the binary, which Go does not count, resident memory stays below 256 MiB (contract/reliability.md, R25).
const besides = 88 << 20

// tuneMemory sets the collector, but for what the operator has set in Go's own variables.
func tuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// limitMemory sets the limit for so many bytes of bodies in flight.
func limitMemory(inFlight int64) {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(inFlight + besides)
	}
}

// giveBack returns memory to the system when calls have ended, until ctx is done. The collector runs when memory
// is asked for: after a burst nobody asks, and what the burst left would stay for minutes.
func giveBack(ctx context.Context) {
	const (
		pause = 5 * time.Second
		quiet = 1 << 20 // bytes allocated in a pause
		worth = 4 << 20 // bytes allocated since the last time
		again = 10      // quiet pauses after which idle connections are closed, and with them goes more
	)
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	var before, given uint64
	pauses := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		now := allocated()
		if pauses++; now-before >= quiet {
			pauses = 0
		}
		if pauses > 0 && now-given > worth || pauses == again {
			debug.FreeOSMemory()
			given = now
		}
		before = now
	}
}

// allocated is how many bytes were ever allocated.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
