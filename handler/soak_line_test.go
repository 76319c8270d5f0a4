//go:build soak && linux

package main_test

import (
	"bufio"
	"errors"
	"net"
	"net/http"
	"os"
	"time"
)

// A line is one connection to the program, used for one call after another. It tells when something comes that
// nobody asked for: a second answer.
type line struct {
	address string
	mistake func(form string, values ...any)
	conn    net.Conn
	in      *bufio.Reader
}

// RoundTrip implements http.RoundTripper. The answer before has been read to its end.
func (l *line) RoundTrip(r *http.Request) (*http.Response, error) {
	if l.conn != nil && !l.isQuiet() {
		l.close()
	}
	if l.conn == nil {
		conn, err := net.Dial("tcp", l.address)
		if err != nil {
			return nil, err
		}
		l.conn, l.in = conn, bufio.NewReader(conn)
	}
	if deadline, ok := r.Context().Deadline(); ok {
		_ = l.conn.SetDeadline(deadline)
	}
	if err := r.Write(l.conn); err != nil {
		return nil, err
	}
	return http.ReadResponse(l.in, r)
}

// isQuiet reports whether the program keeps the connection, and says nothing on it.
func (l *line) isQuiet() bool {
	_ = l.conn.SetReadDeadline(time.Now().Add(10 * time.Millisecond))
	if _, err := l.in.Peek(1); err != nil {
		return errors.Is(err, os.ErrDeadlineExceeded)
	}
	unasked, _ := l.in.Peek(l.in.Buffered())
	l.mistake("%q came unasked", unasked)
	return false
}

func (l *line) close() {
	if l.conn != nil {
		_ = l.conn.Close()
		l.conn = nil
	}
}
