package lambda

import (
	"sync/atomic"
	"time"
)

// unwatched is how long a connection is trusted that nobody watches: servers that hang up early do so after
// a few seconds.
const unwatched = time.Second

// A watch tells how long ago the last invocation ended. Between two the platform freezes the process, and
// with it the network: that a server hung up in the meantime is learnt too late, and then nobody can say
// whether it has run what was sent to it.
type watch struct{ ended atomic.Int64 } // on the wall's clock: the other one may stand still in a freeze

func (w *watch) stop() { w.ended.Store(time.Now().UnixNano()) }

// slept reports whether the process may have slept through the end of a connection.
func (w *watch) slept() bool {
	ended := w.ended.Load()
	return ended != 0 && time.Since(time.Unix(0, ended)) > unwatched
}
