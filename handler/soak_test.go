//go:build soak && linux

package main_test

import (
	"flag"
	"slices"
	"testing"
	"time"
)

var soakFor = flag.Duration("soak", 2*time.Minute, "how long TestSoak goes on")

// The collector's heap breathes with the load: so much more memory at the end is no growth.
const (
	memoryGrowth = 1.10
	memorySlack  = 4e6       // bytes
	memoryLimit  = 256 << 20 // R25
)

// TestSoak runs the real program for minutes, while its endpoint fails in every way by turns, with callers of all
// kinds. Every call gets exactly one answer, and nothing grows: not the memory while it goes on, nor what is left
// when all callers are gone, compared with a process that has answered one call of each kind.
func TestSoak(t *testing.T) {
	if *soakFor < 3*cycle {
		t.Fatalf("%s is too short: the faults take turns every %s", *soakFor, cycle)
	}
	binary := buildPlain(t)
	var used []sample
	idle := restAfter(t, binary, func(s *soak) { s.callOnce(t) })
	rest := restAfter(t, binary, func(s *soak) {
		s.callOnce(t)
		used = s.run(t, *soakFor)
		s.ledger.saw(t, "200", "200 UpstreamStreamBroken", "400 InvalidJson", "401 Unauthenticated", "422 ValidationFailed",
			"429 Busy", "429 RateLimitExceeded", "502 UpstreamReset", "503 Busy", "504 UpstreamTimeout", "left")
		s.callOnce(t)
	})
	t.Logf("at rest: %d goroutines, %d descriptors; after one call of each kind: %d, %d",
		len(rest.goroutines), len(rest.descriptors), len(idle.goroutines), len(idle.descriptors))
	if len(rest.goroutines) > len(idle.goroutines) {
		t.Errorf("%d goroutines are left, %d in an idle process: %q", len(rest.goroutines), len(idle.goroutines), rest.goroutines)
	}
	if len(rest.descriptors) > len(idle.descriptors) {
		t.Errorf("%d descriptors are left, %d in an idle process: %q", len(rest.descriptors), len(idle.descriptors), rest.descriptors)
	}
	checkMemory(t, used)
}

// checkMemory compares the first third after the warm-up with the last.
func checkMemory(t *testing.T, samples []sample) {
	t.Helper()
	warm := min(len(samples)/3, int(5*time.Minute/sampleEvery))
	third := (len(samples) - warm) / 3
	begin, end := median(samples[warm:warm+third]), median(samples[len(samples)-third:])
	most := slices.MaxFunc(samples, func(a, b sample) int { return int(a.memory - b.memory) })
	t.Logf("memory: %.1f MB after the warm-up, %.1f MB at the end, %.1f MB at most; %d descriptors and %d threads then",
		begin/1e6, end/1e6, most.memory/1e6, most.descriptors, most.threads)
	if end > begin*memoryGrowth+memorySlack {
		t.Errorf("memory grew from %.1f MB to %.1f MB", begin/1e6, end/1e6)
	}
	if most.memory > memoryLimit {
		t.Errorf("the process took %.1f MB", most.memory/1e6)
	}
}

func median(samples []sample) float64 {
	memory := make([]float64, len(samples))
	for i, s := range samples {
		memory[i] = s.memory
	}
	slices.Sort(memory)
	return memory[len(memory)/2]
}
