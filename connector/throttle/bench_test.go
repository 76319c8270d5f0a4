package throttle_test

import (
	"fmt"
	"runtime"
	"testing"
	"time"

	"inferenceconnector/connector/throttle"
)

func BenchmarkHotKey(b *testing.B) {
	m, l := throttle.NewMemory(), limit{100, time.Microsecond}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			take(b, m, "hot", l)
		}
	})
}

func BenchmarkOverLimit(b *testing.B) {
	m, l := throttle.NewMemory(), limit{100, time.Hour}
	for range l.calls {
		take(b, m, "full", l)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if d := take(b, m, "full", l); d.Wait == 0 {
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
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		take(b, m, names[i%len(names)], l)
		i += 7919 // a prime: far from the last one
	}
	b.ReportMetric(perKey, "B/key")
}

func BenchmarkManyKeysParallel(b *testing.B) {
	names := make([]string, 1000)
	for i := range names {
		names[i] = fmt.Sprint("connection-", i)
	}
	m, l := throttle.NewMemory(), limit{100, time.Microsecond}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for i := 0; pb.Next(); i++ {
			take(b, m, names[i%len(names)], l)
		}
	})
}

func heap() uint64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
