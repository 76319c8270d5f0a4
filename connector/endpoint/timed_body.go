package endpoint

import (
	"io"
	"time"
)

// timedBody cancels the call when the endpoint is silent for gap while it is being read; a slow caller
// does not count. While gap is zero the timer is somebody else's.
type timedBody struct {
	io.ReadCloser
	timer *time.Timer
	gap   time.Duration
}

func (b *timedBody) Read(p []byte) (int, error) {
	if b.gap > 0 {
		b.timer.Reset(b.gap)
		defer b.timer.Stop()
	}
	return b.ReadCloser.Read(p)
}
