package throttle_test

import (
	"testing"
	"time"

	"inferenceconnector/connector/throttle/redistest"
)

// A decision on the loopback interface, beside BenchmarkHotKey.
func BenchmarkRedis(b *testing.B) {
	r, l := ready(b, open(b, redistest.Start(b).Address)), limit{100_000, time.Millisecond}
	b.ReportAllocs()
	for b.Loop() {
		ask(b, r, "hot", l)
	}
}

func BenchmarkRedisParallel(b *testing.B) {
	r, l := ready(b, open(b, redistest.Start(b).Address)), limit{100_000, time.Millisecond}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if _, err := r.Take(b.Context(), "hot", l.calls, l.period); err != nil {
				b.Error(err)
			}
		}
	})
}

// A window known to be full: nobody is asked. Beside BenchmarkOverLimit.
func BenchmarkRedisOverLimit(b *testing.B) {
	r, l := ready(b, open(b, redistest.Start(b).Address)), limit{100, time.Hour}
	for range l.calls + 1 {
		ask(b, r, "full", l)
	}
	b.ReportAllocs()
	for b.Loop() {
		if d := ask(b, r, "full", l); d.Wait == 0 {
			b.Error("admitted")
		}
	}
}
