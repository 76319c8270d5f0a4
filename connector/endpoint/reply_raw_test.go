package endpoint

import (
	"io"
	"net"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// What breaks off before it is whole, or breaks the protocol, is a 502 that says which (section 9).
func TestRawReply(t *testing.T) {
	const start = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
	for name, test := range map[string]struct {
		raw   string
		reset bool
		want  connector.Code
	}{
		"nothing":                {"", false, connector.UpstreamReset},
		"nothing, reset":         {"", true, connector.UpstreamReset},
		"half a line":            {"HTTP/1.1 20", false, connector.UpstreamInvalid},
		"half a head":            {start + "X: ", false, connector.UpstreamReset},
		"half a head, reset":     {start + "X: ", true, connector.UpstreamReset},
		"a head":                 {start + "Content-Length: 2\r\n\r\n", false, connector.UpstreamInvalid},
		"a head, reset":          {start + "Content-Length: 2\r\n\r\n", true, connector.UpstreamReset},
		"half a body":            {start + "Content-Length: 2\r\n\r\n{", false, connector.UpstreamInvalid},
		"half a body, reset":     {start + "Content-Length: 2\r\n\r\n{", true, connector.UpstreamReset},
		"half a chunk":           {start + "Transfer-Encoding: chunked\r\n\r\n9\r\n{", false, connector.UpstreamInvalid},
		"no last chunk":          {start + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", false, connector.UpstreamInvalid},
		"a broken chunk":         {start + "Transfer-Encoding: chunked\r\n\r\nxx\r\n{}\r\n", false, connector.UpstreamInvalid},
		"until closed, half":     {start + "\r\n{", false, connector.UpstreamInvalid},
		"until closed":           {start + "\r\n{}", false, ""},
		"HTTP/1.0":               {strings.Replace(start, "1.1", "1.0", 1) + "\r\n{}", false, ""},
		"HTTP/0.9":               {"{}", false, connector.UpstreamInvalid},
		"garbage":                {"\x00\xff\r\n\r\n", false, connector.UpstreamInvalid},
		"TLS":                    {"\x15\x03\x01\x00\x02\x02\x46\n", false, connector.UpstreamInvalid},
		"SSH":                    {"SSH-2.0-OpenSSH_9.6\r\n", false, connector.UpstreamInvalid},
		"a status of words":      {"HTTP/1.1 OK\r\n\r\n", false, connector.UpstreamInvalid},
		"a header without colon": {start + "hidden\r\n\r\n{}", false, connector.UpstreamInvalid},
		"two lengths":            {start + "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}", false, connector.UpstreamInvalid},
		"a negative length":      {start + "Content-Length: -2\r\n\r\n{}", false, connector.UpstreamInvalid},
		"unknown coding":         {start + "Transfer-Encoding: gzip\r\n\r\n{}", false, connector.UpstreamInvalid},
		"large head":             {start + "X: " + strings.Repeat("x", 60<<10) + "\r\nContent-Length: 2\r\n\r\n{}", false, ""},
		"too large a head":       {start + strings.Repeat("X: x\r\n", 32<<10) + "\r\n{}", false, connector.UpstreamInvalid},
		"an endless line":        {start + "X: " + strings.Repeat("x", 1<<20), false, connector.UpstreamInvalid},
		"1xx":                    {"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" + start + "Content-Length: 2\r\n\r\n{}", false, ""},
		"a storm of 1xx":         {strings.Repeat("HTTP/1.1 102 Processing\r\nX: xxxxxxxx\r\n\r\n", 10_000) + start + "\r\n{}", false, connector.UpstreamInvalid},
		"another protocol":       {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n{}", false, connector.UpstreamInvalid},
		"more than said":         {start + "Content-Length: 2\r\n\r\n{}{}", false, ""},
		"trailers":               {start + "Transfer-Encoding: chunked\r\nTrailer: X\r\n\r\n2\r\n{}\r\n0\r\nX: y\r\n\r\n", false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := serveRaw(t, Config{}, func(conn *net.TCPConn) {
				_, _ = io.WriteString(conn, test.raw)
				if test.reset {
					_ = conn.SetLinger(0)
					return
				}
				_ = conn.CloseWrite()
				_, _ = io.Copy(io.Discard, conn) // what was sent arrives before the connection goes
			})
			if test.want == "" {
				if got := text(t, e.must(t, chat(t, plainChat))); got != `{}` {
					t.Errorf("got %q", got)
				}
				return
			}
			failure := e.fails(t, chat(t, plainChat), test.want)
			if said := string(failure.JSON()); failure.Status() != 502 || strings.Contains(said, "hidden") || strings.Contains(said, "127.0.0.1") {
				t.Errorf("got %d %s", failure.Status(), said)
			}
		})
	}
}

// Nobody there.
func TestConnectionRefused(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	e := newEndpoint(t, at(Config{Key: secret}, "http://"+listener.Addr().String()))
	listener.Close()
	for _, body := range []string{plainChat, streamedChat} {
		failure := e.fails(t, chat(t, body), connector.UpstreamUnreachable)
		if failure.Status() != 502 || strings.Contains(string(failure.JSON()), "127.0.0.1") {
			t.Errorf("got %d %s", failure.Status(), failure.JSON())
		}
	}
}

// A large request whose endpoint answers early, without reading it.
func TestEarlyAnswer(t *testing.T) {
	e := serve(t, Config{}, typed413)
	r := chat(t, `{"messages":[],"model":"`+strings.Repeat("x", 8<<20)+`"}`)
	response := e.must(t, r)
	if got := text(t, response); response.Status != 413 || !strings.Contains(got, "too large") {
		t.Errorf("got %d %s", response.Status, got)
	}
}
