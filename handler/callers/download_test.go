package callers_test

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// The proxies of the environment are none of ours. A process reads them once, so this one starts another. The
// unspecified address leads to this machine, but it is no loopback address, for which no proxy would be asked.
func TestProxyOfEnvironment(t *testing.T) {
	if url := os.Getenv("HTTPS_PROXY"); !strings.HasSuffix(url, "#test") {
		var asked atomic.Int32
		proxy := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Add(1) }))
		defer proxy.Close()
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProxyOfEnvironment$")
		child.Env = append(os.Environ(), "HTTPS_PROXY="+proxy.URL+"#test", "https_proxy=", "NO_PROXY=", "no_proxy=")
		if out, err := child.CombinedOutput(); err != nil || asked.Load() != 0 {
			t.Errorf("%s%v; the proxy was asked %d times", out, err, asked.Load())
		}
		return
	}
	a := newAuthority(t)
	unspecified := httptest.NewUnstartedServer(http.HandlerFunc(a.serve))
	unspecified.TLS = &tls.Config{Certificates: []tls.Certificate{certificateOf(net.IPv4zero)}}
	unspecified.StartTLS()
	defer unspecified.Close()
	a.URL = strings.Replace(unspecified.URL, "127.0.0.1", "0.0.0.0", 1)
	a.roots.AddCert(unspecified.Certificate())
	if _, err := a.list().Identify(t.Context(), asBearer(a.token())); err != nil || a.count() != 1 {
		t.Errorf("got %v after %d requests, want one", err, a.count())
	}
}

// certificateOf returns one that is its own authority.
func certificateOf(ip net.IP) tls.Certificate {
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{ip},
		IsCA: true, BasicConstraintsValid: true,
	}
	der := must(x509.CreateCertificate(rand.Reader, template, template, signingKey().Public(), signingKey()))
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: signingKey()}
}
