package endpoint

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/connector"
)

var loopbackRanges = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}

func newBrought(t testing.TB, c BroughtConfig) *Brought {
	t.Helper()
	b, err := NewBrought(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// bring returns the endpoint that a caller brings.
func (b *Brought) bring(t testing.TB, address string, key connector.Secret) *Endpoint {
	t.Helper()
	e, err := b.Endpoint(address, key)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// What callers bring is read as a configured endpoint is: family, base, version.
func TestBroughtAddress(t *testing.T) {
	b := newBrought(t, BroughtConfig{AllowHosts: []string{
		"*.services.ai.azure.com", "*.OpenAI.azure.com", "models.github.ai", "gateway.example.com:8443", "*.example.org:8443",
	}})
	for url, want := range map[string][3]string{ // address, family, version
		"https://team.services.ai.azure.com":            {"https://team.services.ai.azure.com/models", "ai-services", "2024-05-01-preview"},
		"HTTPS://A.b.Services.ai.Azure.com:443//models": {"https://a.b.services.ai.azure.com/models", "ai-services", "2024-05-01-preview"},
		"https://team.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-06-01": {
			"https://team.openai.azure.com/openai/deployments/gpt", "azure-openai", "2024-06-01"},
		"https://team.openai.azure.com/openai/v1/": {"https://team.openai.azure.com/openai/v1", "openai-compatible", ""},
		"https://models.github.ai":                 {"https://models.github.ai/inference", "github-models", "2024-05-01-preview"},
		"https://GATEWAY.example.com:8443/x":       {"https://gateway.example.com:8443/x", "openai-compatible", ""},
		"https://a.b.example.org:8443":             {"https://a.b.example.org:8443", "openai-compatible", ""},
	} {
		e := b.bring(t, url, secret)
		if got := [3]string{e.Address(), e.Family(), e.APIVersion()}; got != want {
			t.Errorf("%s: got %q, want %q", url, got, want)
		}
	}
}

// A brought address that is not in order is refused with words that show what is, and not what came.
func TestBroughtRefused(t *testing.T) {
	const whole, secure, user, query, fragment, dots, name, allowed = "a whole URL", "begin with https://", "user name", "a query",
		"a fragment", ". or ..", "name its host in full", "at an allowed host"
	b := newBrought(t, BroughtConfig{AllowHosts: []string{"*.hidden.example", "hidden.example.com:8443", "localhost"}, AllowCIDRs: loopbackRanges})
	for url, want := range map[string]string{
		"": whole, "team.hidden.example": whole, "/secret": whole, "https://": whole, "https:///secret": whole, "https://%zz.hidden.example": whole,
		"https://tëam.hidden.example": whole, "https://t%C3%ABam.hidden.example": name, "https://team.hidden.example/é": whole,
		"https://team.hidden.example\n": whole, " https://team.hidden.example": whole, "https://team.hidden.example:secret": whole,
		"http://team.hidden.example": secure, "http://localhost": secure, "ftp://team.hidden.example": secure, "//team.hidden.example": secure,
		"https://secret@team.hidden.example": user, "https://@team.hidden.example": user, "https://team.hidden.example@evil.example": user,
		"https://team.hidden.example?code=secret": query, "https://team.hidden.example?": query, "https://team.hidden.example/v1?api-version=1": query,
		"https://team.hidden.example/v1/chat/completions?api-version=1&code=secret": query,
		"https://team.hidden.example#secret":                                        fragment,
		"https://team.hidden.example/a/../secret":                                   dots, "https://team.hidden.example/%2e/secret": dots,
		"https://127.0.0.1": name, "https://[::1]": name, "https://[::ffff:127.0.0.1]": name, "https://127.1": name, "https://2130706433": name,
		"https://0x7f.0.0.1": name, "https://team.hidden.example.": name, "https://localhost.": name, "https://.hidden.example": name,
		"https://a..hidden.example": name, "https://a_b.hidden.example": name, "https://*.hidden.example": name,
		"https://evil.example,team.hidden.example": name, "https://team.hidden.example:0443": name, "https://team.hidden.example:99999": name,
		"https://hidden.example": allowed, "https://evil.example": allowed, "https://evilhidden.example": allowed,
		"https://team.hidden.example.evil.example": allowed, "https://team.hidden.example:8443": allowed, "https://hidden.example.com": allowed,
		"https://hidden.example.com:443": allowed, "https://a.hidden.example.com:8443": allowed, "https://localhost:8443": allowed,
	} {
		_, err := b.Endpoint(url, secret)
		if err == nil {
			t.Errorf("%q is accepted", url)
			continue
		}
		got := err.Error()
		if !strings.Contains(got, want) || !strings.HasSuffix(got, " Allowed hosts: *.hidden.example, hidden.example.com:8443, localhost") {
			t.Errorf("%q: got %q, want %q and the hosts in it", url, got, want)
		}
		for _, told := range []string{"secret", "evil", "team.hidden", secretText} {
			if strings.Contains(got, told) {
				t.Errorf("%q: got %q with %q in it", url, got, told)
			}
		}
	}
}

func TestBroughtKeyRefused(t *testing.T) {
	b := newBrought(t, BroughtConfig{AllowHosts: []string{"*.services.ai.azure.com"}})
	for _, key := range []string{secretText + " x", " " + secretText, secretText + "\r\nX: y", secretText + "é", "\x00" + secretText} {
		if _, err := b.Endpoint("https://team.services.ai.azure.com", connector.NewSecret(key)); err == nil || strings.Contains(err.Error(), secretText) {
			t.Errorf("%q: got %v", key, err)
		}
	}
}

// Brought endpoints share connections, and nothing else: each call carries its own key to its own path.
func TestBroughtEndpointsShareConnections(t *testing.T) {
	connections := map[string]bool{}
	var keys, paths []string
	config := &tls.Config{Certificates: []tls.Certificate{certified(t, "localhost")}, NextProtos: []string{"http/1.1"}} // there a connection is idle as soon as a reply is read
	server, roots := secure(t, config, func(w http.ResponseWriter, r *http.Request) {
		connections[r.RemoteAddr] = true
		keys, paths = append(keys, r.Header.Get("Api-Key")+r.Header.Get("Authorization")), append(paths, r.URL.Path)
		answer(`{}`)(w, r)
	})
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	b := newBrought(t, BroughtConfig{AllowHosts: []string{"localhost" + port}, AllowCIDRs: loopbackRanges, Roots: roots})
	for path, key := range map[string]string{"/models": "key-1", "/v1": "key-2"} {
		text(t, b.bring(t, "https://LOCALHOST"+port+path, connector.NewSecret(key)).must(t, chat(t, plainChat)))
	}
	slices.Sort(keys)
	slices.Sort(paths)
	if want := []string{"Bearer key-2", "key-1"}; !slices.Equal(keys, want) {
		t.Errorf("got keys %q, want %q", keys, want)
	}
	if want := []string{"/models/chat/completions", "/v1/chat/completions"}; !slices.Equal(paths, want) {
		t.Errorf("got paths %q, want %q", paths, want)
	}
	if len(connections) != 1 {
		t.Errorf("got %d connections, want 1", len(connections))
	}
	b.Close()
	text(t, b.bring(t, "https://localhost"+port, secret).must(t, chat(t, plainChat)))
	if len(connections) != 2 {
		t.Errorf("got %d connections after Close, want 2", len(connections))
	}
}

// The dial guard and the check of certificates are in force: a name that leads to this machine is not dialled
// unless that is allowed, and a stranger gets nothing.
func TestBroughtIsGuarded(t *testing.T) {
	for name, test := range map[string]struct {
		allow       []netip.Prefix
		certificate string
		want        connector.Code // "" for an answer
	}{
		"no opt-in":      {nil, "localhost", connector.UpstreamBlocked},
		"another opt-in": {[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, "localhost", connector.UpstreamBlocked},
		"opt-in":         {loopbackRanges, "localhost", ""},
		"another name":   {loopbackRanges, "example.com", connector.UpstreamUnreachable},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int32
			certificate := certified(t, test.certificate)
			server, roots := secure(t, &tls.Config{Certificates: []tls.Certificate{certificate}}, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				answer(`{}`)(w, r)
			})
			port := server.URL[strings.LastIndex(server.URL, ":"):]
			b := newBrought(t, BroughtConfig{AllowHosts: []string{"localhost" + port}, AllowCIDRs: test.allow, Roots: roots})
			e := b.bring(t, "https://localhost"+port+"/models", secret)
			if test.want != "" {
				e.fails(t, chat(t, plainChat), test.want)
			} else if got := text(t, e.must(t, chat(t, plainChat))); got != `{}` {
				t.Errorf("got %s", got)
			}
			if got := calls.Load(); (got == 1) != (test.want == "") {
				t.Errorf("got %d calls", got)
			}
		})
	}
}

// What an endpoint says of itself is masked for whoever brought it, as for all (S18).
func TestBroughtIsMasked(t *testing.T) {
	server, roots := secure(t, &tls.Config{Certificates: []tls.Certificate{certified(t, "localhost")}},
		typed(400, "application/json", `{"error":{"code":"x","message":"bad `+secretText+`"}}`))
	port := server.URL[strings.LastIndex(server.URL, ":"):]
	b := newBrought(t, BroughtConfig{AllowHosts: []string{"localhost" + port}, AllowCIDRs: loopbackRanges, Roots: roots})
	got := text(t, b.bring(t, "https://localhost"+port, secret).must(t, chat(t, plainChat)))
	if strings.Contains(got, secretText) || !strings.Contains(got, "bad [secret]") {
		t.Errorf("got %s", got)
	}
}
