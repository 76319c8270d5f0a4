package throttle

import (
	"context"
	"hash/maphash"
	"sync"
	"time"

	"inferenceconnector/connector"
)

// Memory keeps the windows of one process. The zero Memory is not usable; call NewMemory. It is safe for
// concurrent use. Windows in which every slot is free are forgotten within two of their periods, by a timer
// that runs only while there are windows, so an idle connection costs nothing.
type Memory struct {
	start  time.Time // times are durations since start: monotonic, so a step of the wall clock changes nothing
	seed   maphash.Seed
	shards [64]shard
}

var _ connector.Throttle = (*Memory)(nil)

// shard is a part of the connections, so that they seldom wait for one another.
type shard struct {
	mu      sync.Mutex
	windows map[string]*window
	timer   *time.Timer   // of the next sweep, nil when none is due
	due     time.Duration // when that is
}

// window is the ring of the times at which calls were admitted: grown as needed, never beyond the limit.
type window struct {
	times  []time.Duration
	oldest int
	used   int
	period time.Duration
}

// NewMemory returns a Memory without windows.
func NewMemory() *Memory {
	return &Memory{start: time.Now(), seed: maphash.MakeSeed()}
}

// Take implements connector.Throttle. It never fails and never blocks for long.
func (m *Memory) Take(_ context.Context, connection string, calls int, period time.Duration) (connector.Decision, error) {
	s := &m.shards[maphash.String(m.seed, connection)%uint64(len(m.shards))]
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(m.start)
	w := s.windows[connection]
	if w == nil {
		w = s.add(connection)
	}
	w.period = period
	s.schedule(m, now+period)
	w.release(now)
	if w.used >= calls {
		return connector.Decision{Wait: w.times[w.oldest] + period - now}, nil
	}
	w.admit(now, calls)
	return connector.Decision{Remaining: calls - w.used}, nil
}

// release frees the slots that were taken a period ago or earlier.
func (w *window) release(now time.Duration) {
	for w.used > 0 && now-w.times[w.oldest] >= w.period {
		w.oldest = (w.oldest + 1) % len(w.times)
		w.used--
	}
}

// admit takes a slot. There is a free one among calls.
func (w *window) admit(now time.Duration, calls int) {
	if w.used == len(w.times) {
		grown := make([]time.Duration, min(max(4, 2*len(w.times)), calls))
		n := copy(grown, w.times[w.oldest:])
		copy(grown[n:], w.times[:w.oldest])
		w.times, w.oldest = grown, 0
	}
	w.times[(w.oldest+w.used)%len(w.times)] = now
	w.used++
}

func (s *shard) add(connection string) *window {
	if s.windows == nil {
		s.windows = map[string]*window{}
	}
	w := &window{}
	s.windows[connection] = w
	return w
}

// schedule has the shard swept at a time, if not before.
func (s *shard) schedule(m *Memory, at time.Duration) {
	if s.timer != nil && s.due <= at {
		return
	}
	if s.timer != nil {
		s.timer.Stop()
	}
	s.due = at
	s.timer = time.AfterFunc(at-time.Since(m.start), func() { s.sweep(m) })
}

// sweep forgets the windows that are all free, and comes back as soon as another one can be.
func (s *shard) sweep(m *Memory) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Since(m.start)
	s.timer = nil
	kept := map[string]*window{} // a new one: a map keeps the room it once had
	for connection, w := range s.windows {
		if w.release(now); w.used > 0 {
			kept[connection] = w
			s.schedule(m, now+w.period)
		}
	}
	if s.windows = kept; len(kept) == 0 {
		s.windows = nil
	}
}
