// Package redistest runs a real redis-server for the tests of any room. It knows the program's arguments, a
// free port of this machine and a process. It must never hear of windows.
package redistest

import (
	"bytes"
	"net"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A Server is a redis-server of one test, which keeps nothing on disk.
type Server struct {
	Address string // on the loopback interface

	t         testing.TB
	arguments []string
	command   *exec.Cmd
	output    *transcript
	ended     chan struct{}
}

const patience = 30 * time.Second

// Start starts a server and waits until it listens. It ends with the test. In further arguments {port} stands
// for its port.
func Start(t testing.TB, arguments ...string) *Server {
	t.Helper()
	for range 5 {
		port := freePort(t)
		s := &Server{Address: net.JoinHostPort("127.0.0.1", port), t: t}
		s.arguments = []string{"--port", port, "--bind", "127.0.0.1", "--save", "", "--dir", t.TempDir()}
		for _, argument := range arguments {
			s.arguments = append(s.arguments, strings.ReplaceAll(argument, "{port}", port))
		}
		if s.start() { // unless somebody else took the port since
			return s
		}
	}
	t.Fatal("redis-server found no free port")
	return nil
}

// Restart starts a stopped server again, as it was and empty.
func (s *Server) Restart() {
	s.t.Helper()
	if !s.start() {
		s.t.Fatalf("redis-server does not start again:\n%s", s.output)
	}
}

// start reports whether the server listens; else it has ended.
func (s *Server) start() bool {
	s.t.Helper()
	command, output, ended := exec.Command("redis-server", s.arguments...), &transcript{}, make(chan struct{})
	command.Stdout, command.Stderr = output, output
	if err := command.Start(); err != nil {
		s.t.Fatalf("redis-server: %v", err)
	}
	go func() {
		_ = command.Wait() // it is killed
		close(ended)
	}()
	s.command, s.output, s.ended = command, output, ended
	s.t.Cleanup(func() { s.end(command, ended) })
	for began := time.Now(); time.Since(began) < patience; time.Sleep(5 * time.Millisecond) {
		select {
		case <-ended:
			return false
		default:
		}
		if connection, err := net.Dial("tcp", s.Address); err == nil {
			_ = connection.Close()
			return true
		}
	}
	s.t.Fatalf("redis-server does not listen:\n%s", output)
	return false
}

// Stop ends the process.
func (s *Server) Stop() { s.end(s.command, s.ended) }

func (s *Server) end(command *exec.Cmd, ended chan struct{}) {
	_ = command.Process.Kill() // an error: it has ended
	<-ended
}

// Suspend lets the process hang until Resume: its port still takes connections.
func (s *Server) Suspend() { s.signal(syscall.SIGSTOP) }

// Resume ends Suspend.
func (s *Server) Resume() { s.signal(syscall.SIGCONT) }

func (s *Server) signal(signal syscall.Signal) {
	s.t.Helper()
	if err := s.command.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
}

func freePort(t testing.TB) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// transcript is what the process wrote, which may be read meanwhile.
type transcript struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (w *transcript) Write(text []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.Write(text)
}

func (w *transcript) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.text.String()
}
