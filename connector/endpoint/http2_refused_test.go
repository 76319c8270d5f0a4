package endpoint

import (
	"crypto/tls"
	"crypto/x509"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"golang.org/x/net/http2"

	"inferenceconnector/connector"
)

// serveFrames speaks HTTP/2 frame by frame: refuse answers each request. It counts them.
func serveFrames(t testing.TB, refuse func(*http2.Framer, uint32) error) (e *Endpoint, requests *atomic.Int32) {
	t.Helper()
	requests = &atomic.Int32{}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.TLS = &tls.Config{NextProtos: []string{"h2"}}
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){"h2": func(_ *http.Server, conn *tls.Conn, _ http.Handler) {
		defer conn.Close()
		if _, err := io.ReadFull(conn, make([]byte, len(http2.ClientPreface))); err != nil {
			return
		}
		framer := http2.NewFramer(conn, conn)
		if framer.WriteSettings() != nil {
			return
		}
		for {
			frame, err := framer.ReadFrame()
			if err != nil {
				return
			}
			if headers, ok := frame.(*http2.HeadersFrame); ok {
				requests.Add(1)
				if refuse(framer, headers.StreamID) != nil {
					return
				}
			}
		}
	}}
	server.StartTLS()
	t.Cleanup(server.Close)
	roots := x509.NewCertPool()
	roots.AddCert(server.Certificate())
	return newEndpoint(t, at(Config{Roots: roots}, server.URL)), requests
}

// What is refused unprocessed over HTTP/2 may be sent again, but not behind our back: each attempt takes a slot. On
// the first connection it is not clear yet what was refused.
func TestHTTP2Refused(t *testing.T) {
	for name, refuse := range map[string]func(*http2.Framer, uint32) error{
		"stream refused": func(f *http2.Framer, stream uint32) error {
			return f.WriteRSTStream(stream, http2.ErrCodeRefusedStream)
		},
		"going away": func(f *http2.Framer, _ uint32) error { return f.WriteGoAway(0, http2.ErrCodeNo, nil) },
	} {
		for kind, r := range map[string]*connector.Request{"chat": chat(t, plainChat), "stream": chat(t, streamedChat)} {
			t.Run(name+", "+kind, func(t *testing.T) {
				e, requests := serveFrames(t, refuse)
				attempt, err := e.Prepare(t.Context(), r)
				if err != nil {
					t.Fatal(err)
				}
				for made := int32(1); made <= 2; made++ {
					_, err := attempt(t.Context())
					failure := connector.AsError(err)
					if failure.Code != connector.UpstreamReset || failure.Repeat.Allowed != (made > 1) || requests.Load() != made {
						t.Errorf("attempt %d: got %v, repeat %+v, %d requests", made, err, failure.Repeat, requests.Load())
					}
				}
			})
		}
	}
}

// What was cut off while it ran, or by a reset of another kind, may not be sent again: the endpoint may have run it.
func TestHTTP2ResetIsNotRepeated(t *testing.T) {
	for _, code := range []http2.ErrCode{http2.ErrCodeInternal, http2.ErrCodeCancel, http2.ErrCodeEnhanceYourCalm, http2.ErrCodeProtocol, http2.ErrCodeNo} {
		t.Run(code.String(), func(t *testing.T) {
			e, requests := serveFrames(t, func(f *http2.Framer, stream uint32) error { return f.WriteRSTStream(stream, code) })
			attempt, err := e.Prepare(t.Context(), chat(t, plainChat))
			if err != nil {
				t.Fatal(err)
			}
			for made := int32(1); made <= 3; made++ {
				_, err = attempt(t.Context())
				if failure := connector.AsError(err); failure.Repeat.Allowed || requests.Load() != made {
					t.Errorf("attempt %d: got %v, repeat %+v, %d requests", made, err, failure.Repeat, requests.Load())
				}
			}
		})
	}
}
