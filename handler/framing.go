package main

import (
	"bytes"
	"context"
	"net"
	"net/http"
	"strconv"
	"sync/atomic"

	"inferenceconnector/connector"
	"inferenceconnector/handler/rest"
)

// net/http drops the length of a chunked message without a word. A proxy in front that goes by the length sees
// another end of the message than we do, and what lies between the two is a request of nobody's (smuggling).
// So the heads are read along here: a message with both is refused, and one that is encoded is its connection's
// last, which saves us from having to know where it ends.

// A framedListener accepts connections whose heads are read along.
type framedListener struct{ net.Listener }

// Accept implements net.Listener.
func (l framedListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &framedConn{TCPConn: c.(*net.TCPConn), line: make([]byte, 0, longestLine)}, nil
}

// longestLine is how much of a line is looked at, in bytes: a Content-Length fits.
const longestLine = 64

// A framedConn knows where its messages end, up to the last.
type framedConn struct {
	*net.TCPConn // whole, for net/http asks it for more than a net.Conn has

	line              []byte      // of a head, as far as it has come
	body              int64       // bytes of a body that are still to come
	length            int64       // of the message's body
	measured, encoded bool        // the head has a Content-Length, a Transfer-Encoding
	last              atomic.Bool // after this message nothing is known; the fields above are final
}

// Read implements net.Conn.
func (c *framedConn) Read(p []byte) (int, error) {
	n, err := c.TCPConn.Read(p)
	c.see(p[:n])
	return n, err
}

func (c *framedConn) see(text []byte) {
	for len(text) > 0 && !c.last.Load() {
		if c.body > 0 {
			n := min(c.body, int64(len(text)))
			c.body, text = c.body-n, text[n:]
			continue
		}
		line, rest, ended := bytes.Cut(text, []byte("\n"))
		c.line = append(c.line, line[:min(len(line), longestLine-len(c.line))]...)
		if ended {
			c.readLine()
			c.line = c.line[:0]
		}
		text = rest
	}
}

// readLine reads a line of a head. Names are as strict as net/http's, which refuses blanks around them.
func (c *framedConn) readLine() {
	if len(bytes.TrimSuffix(c.line, []byte("\r"))) == 0 {
		c.endHead()
		return
	}
	name, value, _ := bytes.Cut(c.line, []byte(":"))
	switch {
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		c.encoded = true
	case bytes.EqualFold(name, []byte("Content-Length")):
		c.measured = true
		length, err := strconv.ParseInt(string(bytes.TrimSpace(value)), 10, 64)
		if c.length = length; err != nil || len(c.line) == longestLine {
			c.length = -1 // not in this line: it is folded, or wrong
		}
	}
}

func (c *framedConn) endHead() {
	if c.encoded || c.length < 0 {
		c.last.Store(true)
		return
	}
	c.body, c.length, c.measured = c.length, 0, false
}

type framedKey struct{}

// withFraming lets the handler of a connection's requests know the connection.
func withFraming(ctx context.Context, c net.Conn) context.Context {
	return context.WithValue(ctx, framedKey{}, c)
}

// framed refuses messages that HTTP/1.1 forbids and net/http takes, and ends connections after their last.
func framed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if c := r.Context().Value(framedKey{}).(*framedConn); c.last.Load() {
			w.Header().Set("Connection", "close")
			if r.ProtoAtLeast(1, 1) && r.TransferEncoding != nil && c.measured || !r.ProtoAtLeast(1, 1) && c.encoded {
				r = rest.Broken(r, &connector.Error{Code: connector.InvalidRequest, Target: "Transfer-Encoding",
					Message: "The body is framed in two ways, or in one that its version of HTTP does not have. Send either Content-Length or, with HTTP/1.1, Transfer-Encoding."})
			}
		}
		next.ServeHTTP(w, r)
	})
}
