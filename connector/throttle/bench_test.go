package throttle_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"inferenceconnector/connector/throttle"
)

func BenchmarkHotKey(b *testing.B) {
	m, l := throttle.NewMemory(), limit{100_000, time.Millisecond}
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			m.Take(ctx, "hot", l.calls, l.period)
		}
	})
}

func BenchmarkOverLimit(b *testing.B) {
	m, l := throttle.NewMemory(), limit{100, time.Hour}
	for range l.calls {
		take(b, m, "full", l)
	}
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if d, _ := m.Take(ctx, "full", l.calls, l.period); d.Wait == 0 {
				b.Error("admitted")
			}
		}
	})
}

func BenchmarkMillionKeys(b *testing.B) {
	names := make([]string, 1_000_000)
	for i := range names {
		names[i] = fmt.Sprint("connection-", i)
	}
	m, l := throttle.NewMemory(), limit{100, time.Hour}
	before := heap()
	for _, name := range names {
		take(b, m, name, l)
	}
	perKey := float64(heap()-before) / float64(len(names))
	ctx := b.Context()
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		m.Take(ctx, names[i%len(names)], l.calls, l.period)
		i += 7919 // a prime: far from the last one
	}
	b.ReportMetric(perKey, "B/key")
}

func BenchmarkManyKeysParallel(b *testing.B) {
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprint("connection-", i)
	}
	m, l := throttle.NewMemory(), limit{100_000, time.Millisecond}
	ctx := b.Context()
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			m.Take(ctx, names[i%len(names)], l.calls, l.period)
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
