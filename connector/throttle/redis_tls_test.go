package throttle_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/connector/throttle/redistest"
)

// certify makes a certificate for this machine that is its own authority, and files of it for a server.
func certify(t testing.TB) (roots *x509.CertPool, certificate, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "redis"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	roots = x509.NewCertPool()
	roots.AddCert(parsed)
	return roots, writePEM(t, "CERTIFICATE", der), writePEM(t, "PRIVATE KEY", secret)
}

func writePEM(t testing.TB, kind string, der []byte) (path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "file.pem")
	if err := os.WriteFile(path, pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func startTLS(t testing.TB, certificate, key string, arguments ...string) *redistest.Server {
	t.Helper()
	return redistest.Start(t, append([]string{"--port", "0", "--tls-port", "{port}", "--tls-cert-file", certificate, "--tls-key-file", key, "--tls-auth-clients", "no"}, arguments...)...)
}

func TestTLS(t *testing.T) {
	roots, certificate, key := certify(t)
	others, _, _ := certify(t)
	modern := startTLS(t, certificate, key)
	old := startTLS(t, certificate, key, "--tls-protocols", "TLSv1.1", "--tls-ciphers", "DEFAULT:@SECLEVEL=0")
	_, port, _ := net.SplitHostPort(modern.Address)
	for name, test := range map[string]struct {
		url   string
		roots *x509.CertPool
		works bool
	}{
		"an authority of one's own": {"rediss://" + modern.Address, roots, true},
		"another authority":         {"rediss://" + modern.Address, others, false},
		"the system's authorities":  {"rediss://" + modern.Address, nil, false},
		"another name":              {"rediss://localhost:" + port, roots, false},
		"not to verify":             {"rediss://" + modern.Address + "?skip_verify=true", nil, false}, // S7
		"without":                   {"redis://" + modern.Address, roots, false},
		"an old protocol":           {"rediss://" + old.Address, roots, false},
	} {
		t.Run(name, func(t *testing.T) {
			r := openWith(t, throttle.RedisConfig{URL: connector.NewSecret(test.url), Roots: test.roots})
			if !test.works {
				askInVain(t, r, "a")
				return
			}
			ready(t, r)
			crowd(t, r, 20)
		})
	}
}
