package double

import (
	"errors"
	"io"
	"time"
)

// The platform's limits of a stream, in bytes: the whole, what goes as fast as it comes, and what goes in a
// second behind that.
const (
	streamLimit = 200 << 20
	streamFree  = 6 << 20
	streamRate  = 2 << 20
)

var errFull = errors.New("the stream is too large")

// paced is a stream as slow as the platform makes it.
type paced struct {
	io.Writer
	sent   int
	behind time.Time // when the pace allows the next byte, once the free ones are gone
	full   bool      // the limit is passed
}

func newPaced(w io.Writer) *paced { return &paced{Writer: w} }

// Write implements io.Writer.
func (p *paced) Write(text []byte) (int, error) {
	if p.sent+len(text) > streamLimit {
		p.full = true
		return 0, errFull
	}
	p.sent += len(text)
	if over := min(p.sent-streamFree, len(text)); over > 0 {
		time.Sleep(time.Until(p.behind))
		if now := time.Now(); p.behind.Before(now) {
			p.behind = now
		}
		p.behind = p.behind.Add(time.Duration(over) * time.Second / streamRate)
	}
	return p.Writer.Write(text)
}
