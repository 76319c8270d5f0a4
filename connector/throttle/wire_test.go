package throttle_test

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// A wire lies between a process and Redis, and fails on request.
type wire struct {
	address  string
	upstream string
	listener net.Listener

	mu       sync.Mutex
	links    map[*link]bool
	accepted int           // connections so far
	refuses  bool          // new connections, at once
	silent   bool          // new connections lead nowhere
	delay    time.Duration // of each reply
	lose     int           // replies to scripts that are still to get lost, and their connection with them
}

// A link is one connection across a wire.
type link struct {
	wire         *wire
	near, far    net.Conn
	silent, lost bool
}

func newWire(t testing.TB, upstream string) *wire {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{address: listener.Addr().String(), upstream: upstream, listener: listener, links: map[*link]bool{}}
	go w.serve()
	t.Cleanup(func() {
		listener.Close()
		w.set(func() {
			for l := range w.links {
				l.reset()
			}
		})
	})
	return w
}

// set changes how the wire fails.
func (w *wire) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

// connections returns how many there were so far.
func (w *wire) connections() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.accepted
}

// cut lets the wire lead nowhere without either side noticing: what is connected stays so, for ever.
func (w *wire) cut() {
	w.set(func() {
		w.silent = true
		for l := range w.links {
			l.silent = true
		}
	})
}

// mend lets new connections work.
func (w *wire) mend() {
	w.set(func() { w.silent, w.refuses, w.delay = false, false, 0 })
}

func (w *wire) serve() {
	for {
		near, err := w.listener.Accept()
		if err != nil {
			return
		}
		l := &link{wire: w, near: near}
		w.set(func() {
			w.accepted++
			if l.silent = w.silent; !w.refuses {
				l.far, err = net.Dial("tcp", w.upstream)
			}
			if l.far == nil || err != nil {
				l.reset()
				return
			}
			w.links[l] = true
			go l.carry(l.far, near, l.question)
			go l.carry(near, l.far, l.reply)
		})
	}
}

// carry moves what pass lets through, until one side ends.
func (l *link) carry(to, from net.Conn, pass func([]byte) bool) {
	defer l.wire.set(func() {
		l.reset()
		delete(l.wire.links, l)
	})
	chunk := make([]byte, 64<<10)
	for {
		n, err := from.Read(chunk)
		if err != nil {
			return
		}
		if !pass(chunk[:n]) {
			continue
		}
		if _, err := io.Copy(to, bytes.NewReader(chunk[:n])); err != nil {
			return
		}
	}
}

func (l *link) question(text []byte) (pass bool) {
	l.wire.set(func() {
		if l.wire.lose > 0 && bytes.Contains(text, []byte("evalsha")) {
			l.wire.lose--
			l.lost = true
		}
		pass = !l.silent
	})
	return pass
}

func (l *link) reply([]byte) (pass bool) {
	var delay time.Duration
	l.wire.set(func() {
		if l.lost {
			l.reset()
		}
		delay, pass = l.wire.delay, !l.lost && !l.silent
	})
	time.Sleep(delay)
	return pass
}

// reset ends both connections in a way that the other side sees as a failure.
func (l *link) reset() {
	for _, c := range []net.Conn{l.near, l.far} {
		if tcp, ok := c.(*net.TCPConn); ok {
			_ = tcp.SetLinger(0)
			_ = tcp.Close()
		}
	}
}
