package endpoint

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A fault is what an endpoint does wrong when it is asked.
type fault struct {
	early  bool               // it does so before it has read the request
	warm   bool               // its connection has served a good call
	tls    bool               // it does so over TLS
	plain  bool               // it does not speak TLS, though it is called with it
	below  bool               // it does so below TLS, once that is there
	frames func(frames) error // in answer to a request over HTTP/2
	answer string             // %head, %length, %body, %chunk and %half are of a good answer to the kind of call
	again  string             // sent again and again behind it
	pause  time.Duration      // before each time
	drip   time.Duration      // before each byte of the answer
	end    ending
	budget time.Duration // of the call, where it needs one
	want   wants
}

// An ending is how a connection goes.
type ending int

const (
	closes ending = iota
	resets
	cuts    // it closes a connection below TLS, which does not hear of it
	stays   // it says nothing more until it is left
	ignores // it does not even read any more
)

// A faulty endpoint has one fault.
type faulty struct {
	fault
	kind
	config         *tls.Config
	requests, open atomic.Int32
	over           chan struct{} // is closed when the test ends
}

// listen serves until the test is over, and returns the address.
func (f *faulty) listen(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var talks sync.WaitGroup
	talks.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			f.open.Add(1)
			talks.Go(func() {
				defer f.open.Add(-1)
				defer conn.Close()
				if f.config != nil {
					conn = tls.Server(conn, f.config)
				}
				f.talk(conn)
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		close(f.over)
		talks.Wait()
	})
	return listener.Addr().String()
}

// talk serves one connection.
func (f *faulty) talk(conn net.Conn) {
	in := bufio.NewReader(conn)
	switch {
	case f.frames != nil:
		f.talkFrames(in, conn)
		return
	case f.early:
		_, _ = in.Peek(1) // or it would refuse the connection
		f.requests.Add(1)
	case f.warm && (!f.asked(in) || !f.say(conn, wholeAnswer)):
		return
	case !f.asked(in):
		return
	}
	if f.say(conn, f.answer) && f.goOn(conn) {
		f.hangUp(conn)
	}
}

const wholeAnswer = "HTTP/1.1 200 OK\r\n%head%length\r\n%body"

func (f *faulty) asked(in *bufio.Reader) bool {
	request, err := http.ReadRequest(in)
	if err != nil {
		return false
	}
	f.requests.Add(1)
	_, err = io.Copy(io.Discard, request.Body)
	return err == nil
}

func (f *faulty) say(conn net.Conn, text string) bool {
	if f.below {
		conn = conn.(*tls.Conn).NetConn()
	}
	for rest := f.fill(text); rest != ""; {
		part := rest
		if f.drip > 0 {
			time.Sleep(f.drip)
			part = rest[:1]
		}
		if _, err := io.WriteString(conn, part); err != nil {
			return false
		}
		rest = rest[len(part):]
	}
	return true
}

func (f *faulty) goOn(conn net.Conn) bool {
	for f.again != "" {
		time.Sleep(f.pause)
		if !f.say(conn, f.again) {
			return false
		}
	}
	return true
}

func (f *faulty) hangUp(conn net.Conn) {
	below := conn
	if secure, ok := conn.(*tls.Conn); ok {
		below = secure.NetConn()
	}
	switch f.end {
	case resets:
		_ = below.(*net.TCPConn).SetLinger(0)
		return
	case cuts:
		_ = below.(*net.TCPConn).CloseWrite()
	case closes:
		if half, ok := conn.(interface{ CloseWrite() error }); ok && !f.early {
			_ = half.CloseWrite() // what was sent arrives before the connection goes
			break
		}
		return
	case ignores:
		<-f.over
		return
	}
	_, _ = io.Copy(io.Discard, conn)
}

// fill writes the parts of a good answer into a text.
func (k kind) fill(text string) string {
	if !strings.Contains(text, "%") {
		return text
	}
	return strings.NewReplacer("%head", "Content-Type: "+k.media+"\r\n", "%body", k.body, "%half", k.half, "%length", k.length(), "%chunk", fmt.Sprintf("%x\r\n%s\r\n", len(k.body), k.body)).Replace(text)
}
