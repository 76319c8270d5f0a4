package endpoint

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// serve returns an Endpoint whose model is handler, over a socket. Without a URL it is of the family ai-services.
func serve(t testing.TB, c Config, handler http.HandlerFunc) *Endpoint {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return newEndpoint(t, at(c, server.URL))
}

func at(c Config, root string) Config {
	if c.URL == "" {
		c.URL = root + "/models"
	}
	c.Egress.TrustLoopback = true
	return c
}

// serveRaw returns an Endpoint that answers each connection's first request as talk does, and hangs up.
func serveRaw(t testing.TB, c Config, talk func(conn *net.TCPConn)) *Endpoint {
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
			talks.Go(func() {
				defer conn.Close()
				if request, err := http.ReadRequest(bufio.NewReader(conn)); err == nil {
					_, _ = io.Copy(io.Discard, request.Body)
					talk(conn.(*net.TCPConn))
				}
			})
		}
	})
	t.Cleanup(func() {
		listener.Close()
		talks.Wait()
	})
	return newEndpoint(t, at(c, "http://"+listener.Addr().String()))
}

const bubbleIdle = 20 * time.Second // shorter than any pause that a test makes

// serveInBubble serves over pipes, as sockets of the system know no bubbles.
func serveInBubble(t testing.TB, c Config, handler http.HandlerFunc) *Endpoint {
	t.Helper()
	pipes := &pipeListener{conns: make(chan net.Conn), closed: make(chan struct{})}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // only then a server watches for callers that leave
		handler(w, r)
	}))
	server.Listener.Close()
	server.Listener = pipes
	server.Config.IdleTimeout = bubbleIdle
	server.Start()
	t.Cleanup(server.Close)
	e := newEndpoint(t, at(c, "http://localhost"))
	e.transport.DialContext = pipes.dial
	return e
}

type pipeListener struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

func (l *pipeListener) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	l.conns <- theirs
	return ours, nil
}

func (l *pipeListener) Accept() (net.Conn, error) {
	select {
	case conn := <-l.conns:
		return conn, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

func (l *pipeListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

func (l *pipeListener) Addr() net.Addr { return &net.TCPAddr{} }

// write sends part of an answer at once.
func write(w http.ResponseWriter, parts ...string) {
	for _, part := range parts {
		_, _ = io.WriteString(w, part)
		_ = http.NewResponseController(w).Flush()
	}
}

// startJSON and startStream send the head of an answer.
func startJSON(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	write(w, "")
}

func startStream(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
	write(w, "")
}

// listen counts connections, and hangs up on each.
func listen(t testing.TB) (address string, connections *atomic.Int32) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	connections = &atomic.Int32{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections.Add(1)
			conn.Close()
		}
	}()
	t.Cleanup(func() {
		listener.Close()
		<-done
	})
	return listener.Addr().String(), connections
}

// silentConn dials somebody who takes everything and says nothing.
func silentConn(t testing.TB) func(context.Context, string, string) (net.Conn, error) {
	t.Helper()
	return func(context.Context, string, string) (net.Conn, error) {
		ours, theirs := net.Pipe()
		go func() { _, _ = io.Copy(io.Discard, theirs) }()
		return ours, nil
	}
}

// typed413 refuses a request without having read it.
func typed413(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusRequestEntityTooLarge)
	write(w, `{"error":{"code":"413","message":"too large"}}`)
}

// headed sets a header of the answer.
func headed(name, value string, handler http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		handler(w, r)
	}
}
