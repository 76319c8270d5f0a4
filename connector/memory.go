package connector

import (
	"io"
	"math"
	"sync/atomic"
	"time"
)

// A Memory bounds what all calls of a process keep at once, in bytes: bodies, what is decoded of them, and replies
// that are read whole (contract/reliability.md, R25). It is safe for concurrent use.
type Memory struct {
	limit int64
	kept  tally
}

// NewMemory returns a Memory of so many bytes, and an eighth more for replies.
func NewMemory(limit int64) *Memory { return &Memory{limit: limit} }

// Limit returns how many bytes there are for requests, the most that an int64 holds in a nil Memory.
func (m *Memory) Limit() int64 {
	if m == nil {
		return math.MaxInt64
	}
	return m.limit
}

// Part begins the count of one call, which Free ends. A nil Memory counts nothing.
func (m *Memory) Part() *Part {
	if m == nil {
		return nil
	}
	return &Part{memory: m, spare: allowance}
}

// allowance is what a request may keep without being counted, and its reply as well: ordinary calls go on however
// many images are on their way, and what they keep is bounded by their number.
const allowance = 32 << 10

// A Part is what one call keeps of a Memory. A nil Part counts nothing. It is not safe for concurrent use.
type Part struct {
	memory     *Memory
	connection *Connection // nil until it is known
	share      int64       // of the connection, in bytes
	spare      int64       // of the allowance
	kept       int64
	charged    int64 // of kept, to the connection
	replied    bool  // the endpoint has run
}

// Keep counts bytes that the call is about to keep until its end, or counts nothing where there is no room.
func (p *Part) Keep(bytes int64) error {
	if p == nil {
		return nil
	}
	free := min(bytes, p.spare)
	if more := bytes - free; more > 0 && !p.take(more) {
		return noRoom()
	}
	p.spare -= free
	return nil
}

func noRoom() error {
	return &Error{Code: Overloaded, RetryAfter: time.Second, Message: "Too many large calls are in progress; try again in a second."}
}

func (p *Part) take(bytes int64) bool {
	if p.connection != nil && !p.connection.kept.take(bytes, p.room(p.share)) {
		return false
	}
	if !p.memory.kept.take(bytes, p.room(p.memory.limit)) {
		if p.connection != nil {
			p.connection.kept.Add(-bytes)
		}
		return false
	}
	if p.connection != nil {
		p.charged += bytes
	}
	p.kept += bytes
	return true
}

// room is what the call can use of so many bytes. Replies have an eighth more: what has run may have been billed.
func (p *Part) room(of int64) int64 {
	if p.replied {
		return of + of/8
	}
	return of
}

// Free ends the count.
func (p *Part) Free() {
	if p == nil {
		return
	}
	p.memory.kept.Add(-p.kept)
	if p.connection != nil {
		p.connection.kept.Add(-p.charged)
	}
	p.kept, p.charged = 0, 0
}

// of says whose call it is. Where there are others, one connection gets three quarters: those whose endpoint
// hangs, or whose callers are slow, leave room for them (R24).
func (p *Part) of(connection *Connection, others bool) {
	if p == nil {
		return
	}
	p.connection, p.share = connection, p.memory.limit
	if others {
		p.share -= p.memory.limit / 4
	}
}

// Reply begins the count of a reply, which has an allowance of its own: what was let in and may have been
// billed is not given up for some kilobytes.
func (p *Part) Reply() {
	if p != nil {
		p.spare, p.replied = allowance, true
	}
}

// ReadAll reads a body to its end. Room is made, and counted, as the bytes arrive: a length that is only announced
// costs little. One that cannot fit is not begun. length is what was announced, -1 for nothing; most is where the
// reader ends in any case. With an error comes what was read until then.
func (p *Part) ReadAll(body io.Reader, length, most int64) ([]byte, error) {
	if p != nil && length > p.spare && length-p.spare > p.room(p.memory.limit)-p.memory.kept.Load() {
		return nil, noRoom()
	}
	size, step := int64(firstRoom), int64(8)
	if length < 0 {
		length, size, step = most, unknownRoom, 2
	}
	enough := length + 1 // one more shows the end
	size = min(size, max(enough, 512))
	if err := p.Keep(size); err != nil {
		return nil, err
	}
	text := make([]byte, 0, size)
	for {
		if int64(len(text)) == size {
			larger := max(min(size*step, enough), size+512)
			if err := p.Keep(larger - size); err != nil {
				return text, err
			}
			text, size = append(make([]byte, 0, larger), text...), larger
		}
		n, err := body.Read(text[len(text):size])
		text = text[:len(text)+n]
		if err == io.EOF {
			return text, nil
		}
		if err != nil {
			return text, err
		}
	}
}

// The first room for a body, in bytes, whose length is announced or unknown.
const (
	firstRoom   = 128 << 10
	unknownRoom = 16 << 10
)

// tally is a count that has a limit.
type tally struct{ atomic.Int64 }

func (t *tally) take(bytes, limit int64) bool {
	for {
		now := t.Load()
		if now+bytes > limit {
			return false
		}
		if t.CompareAndSwap(now, now+bytes) {
			return true
		}
	}
}
