package callers_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	_ "crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"log"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"inferenceconnector/handler/callers"
)

const (
	tenant      = "11111111-2222-3333-4444-55555555aaaa"
	otherTenant = "99999999-2222-3333-4444-55555555aaaa"
	audience    = "api://connector"
	application = "aaaaaaaa-0000-4000-8000-00000000000a"
	role        = "Models.Call"
)

// Keys take long to make, so the tests share them.
var (
	signingKey = sync.OnceValue(makeKey)
	nextKey    = sync.OnceValue(makeKey)
)

func makeKey() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
}

// object is a JSON object.
type object map[string]any

// with returns a copy with other values; nil takes a name out.
func (o object) with(changes object) object {
	o = maps.Clone(o)
	for name, value := range changes {
		if o[name] = value; value == nil {
			delete(o, name)
		}
	}
	return o
}

// published is a key as authorities publish it.
func published(kid string, key *rsa.PrivateKey) object {
	return object{"kty": "RSA", "use": "sig", "kid": kid, "e": encode(big.NewInt(int64(key.E)).Bytes()), "n": encode(key.N.Bytes())}
}

// An authority publishes keys over TLS and counts how often they are asked for.
type authority struct {
	*httptest.Server
	roots *x509.CertPool

	mu     sync.Mutex
	answer http.HandlerFunc
	asked  int
}

// newAuthority returns an authority whose tenant signs with signingKey, under the kid "one".
func newAuthority(t testing.TB) *authority {
	t.Helper()
	a := &authority{roots: x509.NewCertPool()}
	a.publish(published("one", signingKey()))
	a.Server = httptest.NewUnstartedServer(http.HandlerFunc(a.serve))
	a.Config.ErrorLog = log.New(io.Discard, "", 0)
	a.StartTLS()
	t.Cleanup(a.Close)
	a.roots.AddCert(a.Certificate())
	return a
}

func (a *authority) serve(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	a.asked++
	answer := a.answer
	a.mu.Unlock()
	if r.URL.Path != "/"+tenant+"/discovery/v2.0/keys" || r.Method != http.MethodGet {
		http.NotFound(w, r)
		return
	}
	answer(w, r)
}

func (a *authority) respond(answer http.HandlerFunc) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.answer = answer
}

func (a *authority) publish(keys ...object) {
	a.respond(func(w http.ResponseWriter, _ *http.Request) { publish(w, keys...) })
}

func publish(w http.ResponseWriter, keys ...object) {
	_ = json.NewEncoder(w).Encode(object{"keys": keys})
}

func (a *authority) fail() {
	a.respond(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusInternalServerError) })
}

func (a *authority) count() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.asked
}

// list has one caller by application and one by role, on connections of their own, and one by key.
func (a *authority) list() *callers.List {
	l := known()
	l.Entra = callers.NewEntra(callers.EntraConfig{Tenant: tenant, Audience: []string{audience, "client-id"}, Authority: a.URL, Roots: a.roots})
	l.AddApplication(application, "orders", "app")
	l.AddRole(role, "people", "workers")
	return l
}

// header is that of a usual token, claims its claims at this moment.
func header() object { return object{"alg": "RS256", "typ": "JWT", "kid": "one"} }

func (a *authority) claims() object {
	now := time.Now().Unix()
	return object{
		"iss": a.URL + "/" + tenant + "/v2.0", "aud": audience, "tid": tenant, "azp": application,
		"iat": now, "nbf": now, "exp": now + 3600, "sub": "s", "ver": "2.0",
	}
}

// token is a good one.
func (a *authority) token() string { return sign(header(), a.claims(), signingKey()) }

// sign makes a token of any header and claims, with RS256 whatever the header says.
func sign(header, claims any, key *rsa.PrivateKey) string {
	signed := part(header) + "." + part(claims)
	return signed + "." + encode(signature(signed, key, crypto.SHA256))
}

func signature(text string, key *rsa.PrivateKey, hash crypto.Hash) []byte {
	digest := hash.New()
	digest.Write([]byte(text))
	return must(rsa.SignPKCS1v15(nil, key, hash, digest.Sum(nil)))
}

// part writes a value as a part of a token; a text is JSON already.
func part(value any) string {
	if text, ok := value.(string); ok {
		return encode([]byte(text))
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return encode(text)
}

func encode(text []byte) string { return base64.RawURLEncoding.EncodeToString(text) }

func asBearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }
