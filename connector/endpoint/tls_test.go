package endpoint

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// secure starts a server over TLS and returns what its certificate is verified with.
func secure(t testing.TB, config *tls.Config, handler http.HandlerFunc) (server *httptest.Server, roots *x509.CertPool) {
	t.Helper()
	server = httptest.NewUnstartedServer(handler)
	server.TLS = config
	server.EnableHTTP2 = true
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it tells of each handshake that fails
	server.StartTLS()
	t.Cleanup(server.Close)
	roots = x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return server, roots
}

func TestTLS(t *testing.T) {
	for name, test := range map[string]struct {
		config *tls.Config
		proto  string
	}{
		"HTTP/2":       {&tls.Config{}, "HTTP/2.0"},
		"TLS 1.2 only": {&tls.Config{MaxVersion: tls.VersionTLS12}, "HTTP/2.0"},
		"TLS 1.3 only": {&tls.Config{MinVersion: tls.VersionTLS13}, "HTTP/2.0"},
		"no HTTP/2":    {&tls.Config{NextProtos: []string{"http/1.1"}}, "HTTP/1.1"},
	} {
		t.Run(name, func(t *testing.T) {
			connections := map[string]bool{}
			server, roots := secure(t, test.config, func(w http.ResponseWriter, r *http.Request) {
				connections[r.RemoteAddr] = true
				if r.Proto != test.proto || r.Header.Get("Api-Key") != secretText {
					t.Errorf("got %s with %v, want %s", r.Proto, r.Header, test.proto)
				}
				if r.Header.Get("Accept") == "text/event-stream" {
					events("data: {}\n\n")(w, r)
				} else {
					answer(`{}`)(w, r)
				}
			})
			e := newEndpoint(t, at(Config{Key: secret, Roots: roots}, server.URL))
			for range 3 {
				if got := text(t, e.must(t, chat(t, plainChat))); got != `{}` {
					t.Errorf("got %s", got)
				}
				if got := text(t, e.must(t, chat(t, streamedChat))); got != "data: {}\n\n"+done {
					t.Errorf("got %s", got)
				}
			}
			if len(connections) != 1 {
				t.Errorf("got %d connections, want 1", len(connections))
			}
		})
	}
}

// An endpoint that is not who it should be gets nothing: no request, and no key.
func TestTLSRefused(t *testing.T) {
	byName := func(url string) string { return strings.Replace(url, "127.0.0.1", "localhost", 1) } // no name of the certificate
	same := func(url string) string { return url }
	for name, test := range map[string]struct {
		config *tls.Config
		url    func(string) string
		known  bool
	}{
		"unknown authority":  {&tls.Config{}, same, false},
		"another name":       {&tls.Config{}, byName, true},
		"TLS 1.1":            {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}, same, true},
		"TLS 1.0":            {&tls.Config{MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS10}, same, true},
		"client certificate": {&tls.Config{ClientAuth: tls.RequireAnyClientCert, MaxVersion: tls.VersionTLS12}, same, true},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			server, roots := secure(t, test.config, func(http.ResponseWriter, *http.Request) { calls.Add(1) })
			c := at(Config{Key: secret}, test.url(server.URL))
			if c.Roots = x509.NewCertPool(); test.known {
				c.Roots = roots
			}
			e := newEndpoint(t, c)
			failure := e.fails(t, chat(t, plainChat), connector.UpstreamUnreachable)
			if failure.Status() != 502 || strings.Contains(string(failure.JSON()), e.Host()) {
				t.Errorf("got %d %s", failure.Status(), failure.JSON())
			}
			e.fails(t, chat(t, streamedChat), connector.UpstreamUnreachable)
			if _, _, err := e.Probe(t.Context()); err == nil {
				t.Error("got an answer to a probe")
			}
			if calls.Load() != 0 {
				t.Errorf("got %d calls", calls.Load())
			}
		})
	}
}

// Before TLS is there, nothing of a call is on the line.
func TestKeyWaitsForTLS(t *testing.T) {
	for name, answer := range map[string]string{
		"silence":       "",
		"plain HTTP":    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}",
		"alert":         "\x15\x03\x03\x00\x02\x02\x28",
		"no TLS at all": strings.Repeat("\x00", 1024),
	} {
		t.Run(name, func(t *testing.T) {
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			defer listener.Close()
			heard := make(chan []byte, 1)
			go func() {
				conn, err := listener.Accept()
				if err != nil {
					close(heard)
					return
				}
				_, _ = io.WriteString(conn, answer)
				all, _ := io.ReadAll(conn)
				conn.Close()
				heard <- all
			}()
			e := newEndpoint(t, at(Config{Key: secret, Budgets: Budgets{TLS: 200 * time.Millisecond}}, "https://"+listener.Addr().String()))
			e.fails(t, chat(t, plainChat), connector.UpstreamUnreachable)
			if got := <-heard; len(got) == 0 || bytes.Contains(got, []byte(secretText)) || bytes.Contains(got, []byte("messages")) {
				t.Errorf("got %q", got)
			}
		})
	}
}
