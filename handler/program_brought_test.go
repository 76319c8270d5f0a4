package main_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// brought is a model endpoint of a caller's own, at https://localhost, which keeps what it was sent.
type brought struct {
	url, authority string // its address, and a file with its certificate

	mu   sync.Mutex
	seen []*http.Request
}

func newBrought(t *testing.T) *brought {
	t.Helper()
	b := &brought{}
	server := httptest.NewUnstartedServer(b)
	server.TLS, b.authority = localhostTLS(t)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	b.url = strings.Replace(server.URL, "127.0.0.1", "localhost", 1)
	return b
}

// localhostTLS makes a certificate for localhost, and a file of the authority that signed it.
func localhostTLS(t *testing.T) (server *tls.Config, authority string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), DNSNames: []string{"localhost"}, NotAfter: time.Now().Add(24 * time.Hour)}
	certificate, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	authority = writeInto(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: certificate})))
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{certificate}, PrivateKey: key}}}, authority
}

func (b *brought) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	b.seen = append(b.seen, r)
	b.mu.Unlock()
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, usualCompletion)
}

// last is the request that came last, and how many there were.
func (b *brought) last() (*http.Request, int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.seen[len(b.seen)-1], len(b.seen)
}

// start starts the program with one brought connection, which has more settings.
func (b *brought) start(t *testing.T, p program, more string) *running {
	t.Helper()
	file := writeInto(t, "connections.json", fmt.Sprintf(`{"byo":{"brought":{"allowHosts":["%s"],
		"egress":{"allowCidrs":["127.0.0.0/8","::1/128"]}%s}}}`, strings.TrimPrefix(b.url, "https://"), more))
	return p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_EXTRA_CA_FILE=" + b.authority})
}

// Endpoint and key come with the call: they reach that endpoint and nothing else does, and nothing is kept.
func (p program) testBrought(t *testing.T) {
	b := newBrought(t)
	r := b.start(t, p, "")
	for path, body := range map[string]string{
		"/chat/completions?api-version=2024-05-01-preview":                     say("m", "hi", ""),
		"/connections/brought/chat/completions?api-version=2024-05-01-preview": say("m", "hi", ""),
		"/v1/chat/completions": say("m", "hi", ""),
		"/openai/deployments/m/chat/completions?api-version=2024-10-21":                     say("m", "hi", ""),
		"/connections/brought/openai/deployments/m/chat/completions?api-version=2024-10-21": say("m", "hi", ""),
	} {
		reply := r.post(t, path, body, "x-model-endpoint: "+b.url+"/models", "api-key: brought-key-1", "Host: connector.example.com")
		same(t, path, reply.StatusCode, http.StatusOK)
		same(t, path, readBody(t, reply), usualCompletion)
		request, _ := b.last()
		same(t, "path", request.URL.Path, "/models/chat/completions")
		same(t, "key", request.Header.Get("api-key"), "brought-key-1")
		same(t, "header", request.Header.Get("x-model-endpoint"), "")
	}
	for name, header := range map[string][]string{
		"no key":       {"x-model-endpoint: " + b.url + "/models"},
		"no endpoint":  {"api-key: brought-key-1"},
		"another host": {"api-key: brought-key-1", "x-model-endpoint: https://localhost.example.com/models"},
	} {
		reply := r.post(t, "/connections/brought"+programChat, say("m", "hi", ""), header...)
		if reply.StatusCode != http.StatusBadRequest && reply.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: got %d", name, reply.StatusCode)
		}
	}
	waitUntil(t, "the calls are logged", func() bool { return strings.Count(r.stdout.String(), `"msg":"call"`) == 8 })
	for _, told := range []string{"brought-key", strings.TrimPrefix(b.url, "https://")} {
		if strings.Contains(r.stdout.String(), told) {
			t.Errorf("the log tells %q", told)
		}
	}
}

// The limit is per endpoint's host and key: whoever writes the address in another way has no other window.
func (p program) testBroughtLimit(t *testing.T) {
	b := newBrought(t)
	r := b.start(t, p, `,"rateLimit":{"calls":1,"renewalPeriod":3600}`)
	call := func(address, key string) int {
		reply := r.post(t, programChat, say("m", "hi", ""), "x-model-endpoint: "+address, "api-key: "+key)
		readBody(t, reply)
		return reply.StatusCode
	}
	same(t, "first", call(b.url+"/models", "brought-key-1"), http.StatusOK)
	for _, address := range []string{
		b.url + "/models", b.url + "/models/", b.url + "//models", strings.Replace(b.url, "https://localhost", "HTTPS://LocalHost", 1) + "/models",
		b.url + "/models/chat/completions?api-version=2024-05-01-preview", b.url + "/other/models", b.url,
	} {
		same(t, address, call(address, "brought-key-1"), http.StatusTooManyRequests)
	}
	same(t, "another key", call(b.url+"/models", "brought-key-2"), http.StatusOK)
}

// With callers, the caller's own key comes beside the endpoint's, and stays here.
func (p program) testBroughtCallers(t *testing.T) {
	b := newBrought(t)
	r := b.start(t, p, `,"callers":[{"name":"shop","key":"`+programKey+`"}]`)
	bring := []string{"x-model-endpoint: " + b.url + "/v1", "Authorization: Bearer brought-key-1"}
	same(t, "nobody", r.post(t, programChat, say("m", "hi", ""), bring...).StatusCode, http.StatusUnauthorized)
	same(t, "wrong", r.post(t, programChat, say("m", "hi", ""), append(bring, "x-connector-key: "+programKey+"0")...).StatusCode, http.StatusUnauthorized)
	reply := r.post(t, programChat, say("m", "hi", ""), append(bring, "x-connector-key: "+programKey)...)
	same(t, "caller", reply.StatusCode, http.StatusOK)
	readBody(t, reply)
	request, calls := b.last()
	same(t, "calls", calls, 1)
	same(t, "path", request.URL.Path, "/v1/chat/completions")
	same(t, "key", request.Header.Get("Authorization"), "Bearer brought-key-1")
	same(t, "own key", request.Header.Get("x-connector-key"), "")
	waitUntil(t, "the caller is logged", func() bool { return strings.Contains(r.stdout.String(), `"caller":"shop"`) })
}
