package main

import (
	"net"
	"net/http"
	"sync"
)

// silent are the connections on which nothing was asked yet, as browsers and load balancers open them. A
// server that goes down would wait five seconds for each of them.
type silent struct {
	mu          sync.Mutex
	connections map[net.Conn]bool
	closing     bool
}

// newSilent follows the connections of a server that does not serve yet.
func newSilent(server *http.Server) *silent {
	s := &silent{connections: map[net.Conn]bool{}}
	server.ConnState = s.follow
	return s
}

func (s *silent) follow(c net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.connections, c)
	if state != http.StateNew {
		return
	}
	if s.closing {
		_ = c.Close()
		return
	}
	s.connections[c] = true
}

// close closes them, and those that are still accepted.
func (s *silent) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true
	for c := range s.connections {
		_ = c.Close()
	}
}
