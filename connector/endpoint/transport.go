package endpoint

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"
)

// Budgets are the time limits of a call (contract/reliability.md section 2). Zero fields take their default.
type Budgets struct {
	Dial         time.Duration // DNS and dial
	TLS          time.Duration // TLS handshake
	Call         time.Duration // a whole call that is no stream
	FirstByte    time.Duration // of a stream
	Gap          time.Duration // between two bytes of a stream
	Stream       time.Duration // a whole stream
	MaxReplySize int64         // bytes of a reply that is no stream
}

func (b Budgets) withDefaults() Budgets {
	return Budgets{
		Dial:         orDefault(b.Dial, 3*time.Second),
		TLS:          orDefault(b.TLS, 5*time.Second),
		Call:         orDefault(b.Call, 100*time.Second),
		FirstByte:    orDefault(b.FirstByte, 60*time.Second),
		Gap:          orDefault(b.Gap, 60*time.Second),
		Stream:       orDefault(b.Stream, 900*time.Second),
		MaxReplySize: orDefault(b.MaxReplySize, 16<<20),
	}
}

func orDefault[T time.Duration | int64](value, preset T) T {
	if value == 0 {
		return preset
	}
	return value
}

// newTransport returns a pool of connections to one endpoint. It follows no redirect, asks no proxy,
// and dials only what the guard lets through.
func newTransport(budgets Budgets, g guard, roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{Timeout: budgets.Dial, KeepAlive: 30 * time.Second, Control: g.control}
	return &http.Transport{
		DialContext:         dialer.DialContext,
		TLSClientConfig:     &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: roots},
		TLSHandshakeTimeout: budgets.TLS,
		ForceAttemptHTTP2:   true, // a transport with a dialer of its own would not try
		HTTP2: &http.HTTP2Config{
			SendPingTimeout:  30 * time.Second, // finds dead connections
			WriteByteTimeout: 5 * time.Second,  // leaves those that take nothing any more: no call may close what it shares (R13)
		},
		DisableCompression:     true,
		MaxIdleConnsPerHost:    128,
		IdleConnTimeout:        45 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
		ExpectContinueTimeout:  time.Second,
	}
}
