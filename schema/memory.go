package schema

import (
	"sync"
	"sync/atomic"
)

// memory is a set of values, bounded so that callers cannot fill it. It is safe for concurrent use.
type memory struct {
	values sync.Map
	size   atomic.Int32
}

// What is remembered of a parameter: enough for the values in use, in bytes and in number.
const (
	maxRemembered       = 256
	maxRememberedLength = 64
)

func (m *memory) has(value string) bool {
	_, ok := m.values.Load(value)
	return ok
}

func (m *memory) add(value string) {
	if len(value) > maxRememberedLength || m.size.Load() >= maxRemembered {
		return
	}
	if _, known := m.values.LoadOrStore(value, nil); !known {
		m.size.Add(1)
	}
}
