package rest_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/emulator"
	"inferenceconnector/handler/rest"
)

const (
	tenant = "11111111-2222-3333-4444-555555555555"
	appID  = "aaaaaaaa-0000-4000-8000-000000000000"
)

// An authority signs tokens of a tenant and publishes its key.
type authority struct {
	*httptest.Server
	key  *rsa.PrivateKey
	down atomic.Bool
}

func newAuthority(t testing.TB) *authority {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{key: key}
	a.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if a.down.Load() {
			w.WriteHeader(http.StatusBadGateway)
		}
		fmt.Fprintf(w, `{"keys":[{"kty":"RSA","use":"sig","kid":"one","n":%q,"e":%q}]}`, encode(key.N.Bytes()), encode(big.NewInt(int64(key.E)).Bytes()))
	}))
	t.Cleanup(a.Close)
	return a
}

func encode(text []byte) string { return base64.RawURLEncoding.EncodeToString(text) }

// token is a good one of an application, but for changes of its claims.
func (a *authority) token(t testing.TB, application string, changes map[string]any) string {
	t.Helper()
	claims := map[string]any{
		"iss": "https://sts.windows.net/" + tenant + "/", "aud": "api://connector", "tid": tenant, "appid": application,
		"nbf": time.Now().Unix(), "exp": time.Now().Unix() + 3600,
	}
	for name, value := range changes {
		claims[name] = value
	}
	text, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed := encode([]byte(`{"alg":"RS256","kid":"one"}`)) + "." + encode(text)
	digest := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(nil, a.key, crypto.SHA256, digest[:])
	if err != nil {
		t.Fatal(err)
	}
	return signed + "." + encode(signature)
}

// list takes tokens of the tenant, and knows nobody yet.
func (a *authority) list() *callers.List {
	roots := x509.NewCertPool()
	roots.AddCert(a.Certificate())
	return &callers.List{Entra: callers.NewEntra(callers.EntraConfig{Tenant: tenant, Audience: []string{"api://connector"}, Authority: a.URL, Roots: roots})}
}

// serveTokens is serveCallers with an application beside the keys at a, and a role at b.
func serveTokens(t testing.TB, a *authority, model http.Handler) *surface {
	t.Helper()
	shut := func(name string) *connector.Connection {
		return &connector.Connection{Name: name, Calls: 1000, RenewalPeriod: time.Minute, Endpoint: to(t, model), OneModel: true}
	}
	list := a.list()
	list.AddKey(connector.NewSecret(keyA), "a", "alice")
	list.AddApplication(appID, "a", "hr-app")
	list.AddRole("Models.Call", "b", "workers")
	return serve(t, []*connector.Connection{shut("a"), shut("b")}, func(c *rest.Config) { c.Callers = list })
}

func TestTokens(t *testing.T) {
	const stranger = "bbbbbbbb-0000-4000-8000-000000000000"
	a := newAuthority(t)
	s := serveTokens(t, a, emulator.Handler(emulator.Config{}))
	good := "Authorization: Bearer " + a.token(t, appID, nil)
	worker := "Authorization: Bearer " + a.token(t, stranger, map[string]any{"roles": []string{"Models.Call"}})
	for name, test := range map[string]struct {
		target, header string
		status         int
		caller         string
	}{
		"of an application":    {"/connections/a" + info, good, 200, "hr-app"},
		"its only connection":  {info, good, 200, "hr-app"},
		"with a role":          {"/connections/b" + info, worker, 200, "workers"},
		"a key beats it":       {"/connections/a" + info, "api-key: " + keyA + "\r\n" + worker, 200, "alice"},
		"a wrong key does not": {"/connections/a" + info, "api-key: " + keyB + "\r\n" + good, 200, "hr-app"},
		"not one's own":        {"/connections/b" + info, good, 404, ""},
		"not there":            {"/connections/c" + info, good, 404, ""},
		"of nobody":            {"/connections/a" + info, "Authorization: Bearer " + a.token(t, stranger, nil), 401, ""},
		"of nobody, not there": {"/connections/c" + info, "Authorization: Bearer " + a.token(t, stranger, nil), 401, ""},
		"in the address":       {info + "&access_token=x", good, 401, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.get(t, test.target, strings.Split(test.header, "\r\n")...)
			equal(t, "status", got.StatusCode, test.status)
			line := s.logged(t)
			if caller, _ := line["caller"].(string); caller != test.caller {
				t.Errorf("the log names %q, want %q", caller, test.caller)
			}
		})
	}
}

// Why a token is refused is for the log. The caller learns that it is, and nothing else.
func TestRefusedTokensLookAlike(t *testing.T) {
	a := newAuthority(t)
	s := serveTokens(t, a, untouched(t))
	var first reply
	for cause, token := range map[string]string{
		"the token is not valid at this time":                                 a.token(t, appID, map[string]any{"exp": time.Now().Unix() - 90}),
		"the token's audience is another":                                     a.token(t, appID, map[string]any{"aud": "api://other"}),
		"neither the application nor a role of the token is that of a caller": a.token(t, "c", nil),
		"the token's signature is wrong":                                      newAuthority(t).token(t, appID, nil),
		"the token is not one that is signed with RS256":                      "a.b.c",
		"the token is too long":                                               a.token(t, appID, map[string]any{"more": strings.Repeat("x", 9<<10)}),
	} {
		got := s.post(t, "/connections/a"+chat, "{", "Authorization: Bearer "+token)
		equal(t, "status", got.StatusCode, http.StatusUnauthorized)
		equal(t, "challenge", got.Header.Get("WWW-Authenticate"), `Bearer realm="inference-connector", error="invalid_token"`)
		if first.Response == nil {
			first = got
		}
		equal(t, cause, unnamed(got), unnamed(first))
		line := s.logged(t)
		if logged := fmt.Sprint(line["cause"]); !strings.HasSuffix(logged, cause) || strings.Contains(fmt.Sprint(line), token) {
			t.Errorf("the log has %v, want %q", line, cause)
		}
	}
	got := s.get(t, "/connections/a"+info)
	equal(t, "challenge without a token", got.Header.Get("WWW-Authenticate"), `Bearer realm="inference-connector"`)
	equal(t, "body without a token", unnamed(got), unnamed(first))
}

func TestNotAllowedLooksLikeNotThereWithTokens(t *testing.T) {
	a := newAuthority(t)
	s := serveTokens(t, a, untouched(t))
	header := "Authorization: Bearer " + a.token(t, appID, nil)
	theirs, nowhere := s.post(t, "/connections/b"+chat, "{", header), s.post(t, "/connections/c"+chat, "{", header)
	equal(t, "body", unnamed(theirs), unnamed(nowhere))
	for _, r := range []reply{theirs, nowhere} {
		r.Header.Del("Date")
		r.Header.Del("X-Ms-Request-Id")
	}
	equal(t, "headers", headerText(theirs.Header), headerText(nowhere.Header))
}

// While tokens cannot be checked nobody is let in with one; keys go on.
func TestTokensThatCannotBeChecked(t *testing.T) {
	a := newAuthority(t)
	a.down.Store(true)
	s := serveTokens(t, a, emulator.Handler(emulator.Config{}))
	header := "Authorization: Bearer " + a.token(t, appID, nil)
	for _, target := range []string{"/connections/a" + chat, "/connections/c" + chat} {
		got := s.post(t, target, "{", header)
		equal(t, "status", got.StatusCode, http.StatusServiceUnavailable)
		equal(t, "code", got.code(t), "AuthUnavailable")
		equal(t, "code in the header", got.Header.Get("x-ms-error-code"), "AuthUnavailable")
		if after := got.Header.Get("Retry-After"); len(after) != 1 || after < "1" || after > "5" {
			t.Errorf("Retry-After: %q", after)
		}
		equal(t, "challenge", got.Header.Get("WWW-Authenticate"), "")
		if strings.Contains(got.body, "502") || strings.Contains(got.body, "127.0.0.1") {
			t.Errorf("the cause is in %s", got.body)
		}
	}
	alone := serve(t, []*connector.Connection{{Name: "b", Bring: func(string, connector.Secret) (*connector.Target, error) {
		t.Error("let in")
		return nil, nil
	}}}, func(c *rest.Config) { c.Callers = a.list() })
	equal(t, "of one who brings", alone.get(t, "/connections/b"+info, "x-model-endpoint: https://h", "api-key: k", "x-connector-key: "+strings.Fields(header)[2]).StatusCode, http.StatusServiceUnavailable)
	equal(t, "a key beside it", s.get(t, "/connections/a"+info, "api-key: "+keyA, header).StatusCode, http.StatusOK)
	equal(t, "a token for others", s.get(t, "/connections/a"+info, "Authorization: Bearer "+a.token(t, appID, map[string]any{"aud": "x"})).StatusCode, http.StatusUnauthorized)
}

// Whoever brings an endpoint has the own token in x-connector-key; no token for us reaches the endpoint.
func TestTokensOfThoseWhoBring(t *testing.T) {
	a := newAuthority(t)
	token := a.token(t, appID, nil)
	e := to(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.Contains(headerText(r.Header), token) {
			t.Error("the token reached the endpoint")
		}
		emulator.Handler(emulator.Config{}).ServeHTTP(w, r)
	}))
	bring := func(string, connector.Secret) (*connector.Target, error) {
		return &connector.Target{Endpoint: e, OneModel: true, Window: "w"}, nil
	}
	serveBrought := func() *surface {
		list := a.list()
		list.AddApplication(appID, "b", "hr-app")
		return serve(t, []*connector.Connection{
			{Name: "a", Calls: 1000, RenewalPeriod: time.Minute, Endpoint: e, OneModel: true},
			{Name: "b", Calls: 1000, RenewalPeriod: time.Minute, Bring: bring},
		}, func(c *rest.Config) { c.Callers = list })
	}
	s := serveBrought()
	for name, test := range map[string]struct {
		headers []string
		status  int
	}{
		"bare":                   {[]string{"api-key: k", "x-connector-key: " + token}, 200},
		"as a bearer":            {[]string{"Authorization: Bearer k", "x-connector-key: Bearer " + token}, 200},
		"none":                   {[]string{"api-key: k"}, 401},
		"in place of the key":    {[]string{"Authorization: Bearer " + token}, 404},
		"in both":                {[]string{"Authorization: Bearer " + token, "x-connector-key: " + token}, 401},
		"expired":                {[]string{"api-key: k", "x-connector-key: " + a.token(t, appID, map[string]any{"exp": 1})}, 401},
		"of another application": {[]string{"api-key: k", "x-connector-key: " + a.token(t, "c", nil)}, 401},
	} {
		t.Run(name, func(t *testing.T) {
			headers := append([]string{"x-model-endpoint: https://h.example.org"}, test.headers...)
			equal(t, "status", s.get(t, "/connections/b"+info, headers...).StatusCode, test.status)
			if line := s.logged(t); test.status == http.StatusOK && line["caller"] != "hr-app" {
				t.Errorf("the log names %v", line["caller"])
			}
		})
	}
	a.down.Store(true)
	got := serveBrought().get(t, "/connections/b"+info, "x-model-endpoint: https://h.example.org", "api-key: k", "x-connector-key: "+token)
	equal(t, "the authority down", got.StatusCode, http.StatusServiceUnavailable)
}

// Whom the platform let in needs no token of ours to be checked.
func TestTokensBehindAPlatformThatIsTrusted(t *testing.T) {
	a := newAuthority(t)
	a.down.Store(true)
	s := serveTokens(t, a, emulator.Handler(emulator.Config{}))
	platform := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, rest.Trust(r)) }))
	defer platform.Close()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, platform.URL+"/connections/b"+info, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+a.token(t, appID, nil))
	response, err := platform.Client().Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	equal(t, "status", response.StatusCode, http.StatusOK)
}
