package endpoint

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// signed is where deliveries go in these tests: nothing of it may be seen.
const signed = "/workflows/0a1b/triggers/manual/paths/invoke?api-version=2016-10-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=s1gN_at-ure%3D"

func newReceiver(t testing.TB, c ReceiverConfig) *Receiver {
	t.Helper()
	r, err := NewReceiver(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}

func TestReceiverAddress(t *testing.T) {
	private := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	const whole = "url must be a whole URL, such as " + exampleReceiver
	for name, test := range map[string]struct {
		url    string
		egress Egress
		want   string // "" for no problem
	}{
		"workflow trigger":     {"https://prod-01.westeurope.logic.azure.com:443" + signed, Egress{}, ""},
		"root":                 {"https://flows.example.com", Egress{}, ""},
		"none":                 {"", Egress{}, whole},
		"no host":              {"https://" + signed, Egress{}, whole},
		"path alone":           {signed, Egress{}, whole},
		"no URL":               {"https://flows.example.com/%zz?sig=s1gN", Egress{}, whole},
		"blank":                {"https://flows.example.com/a?sig=s1gN at-ure", Egress{}, whole},
		"line break":           {"https://flows.example.com/a?sig=s1gN\r\nHost: b", Egress{}, whole},
		"plain":                {"http://flows.example.com" + signed, Egress{}, "url must begin with https://; egress.allowPlainHttp permits http"},
		"plain, allowed":       {"http://flows.example.com" + signed, Egress{AllowPlainHTTP: true}, ""},
		"another scheme":       {"ftp://flows.example.com" + signed, Egress{AllowPlainHTTP: true}, "url must begin with https://"},
		"loopback":             {"http://localhost:7071" + signed, Egress{}, "url must begin with https://; egress.allowPlainHttp permits http"},
		"trusted loopback":     {"http://127.0.0.1:7071" + signed, Egress{TrustLoopback: true}, ""},
		"private":              {"https://10.0.0.1" + signed, Egress{}, "url must be a host name; egress.allowCidrs permits an address such as 10.0.0.1"},
		"private, allowed":     {"https://10.0.0.1" + signed, Egress{AllowCIDRs: private}, ""},
		"metadata service":     {"https://169.254.169.254/", Egress{AllowCIDRs: private}, "url must be a host name; egress.allowCidrs permits an address such as 169.254.169.254"},
		"user":                 {"https://s1gN:at-ure@flows.example.com/", Egress{}, "url must not hold a user name or password"},
		"fragment":             {"https://flows.example.com/#s1gN", Egress{}, "url must not have a fragment (#...)"},
		"several things wrong": {"http://s1gN@flows.example.com/#at-ure", Egress{}, "url must not hold a user name or password\nurl must not have a fragment (#...)\nurl must begin with https://; egress.allowPlainHttp permits http"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := NewReceiver(ReceiverConfig{URL: connector.NewSecret(test.url), Egress: test.egress})
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestReceiverHost(t *testing.T) {
	for url, want := range map[string]string{
		"https://Flows.Example.com" + signed:      "flows.example.com",
		"https://flows.example.com:8443" + signed: "flows.example.com:8443",
	} {
		if got := newReceiver(t, ReceiverConfig{URL: connector.NewSecret(url)}).Host(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// A delivery is one request, with the address as it was configured and the output as it is.
func TestDeliver(t *testing.T) {
	const output = `{"choices":[{"message":{"content":"Grüße"}}]}`
	for name, config := range map[string]*tls.Config{"plain": nil, "HTTP/2": {}, "HTTP/1.1": {NextProtos: []string{"http/1.1"}}} {
		t.Run(name, func(t *testing.T) {
			var seen []string
			connections := map[string]bool{}
			handler := func(w http.ResponseWriter, r *http.Request) {
				body, err := io.ReadAll(r.Body)
				connections[r.RemoteAddr] = true
				seen = append(seen, r.Method+" "+r.RequestURI+" "+r.Header.Get("Content-Type")+" "+r.Header.Get("User-Agent")+" "+r.Header.Get("Idempotency-Key"))
				if string(body) != output || err != nil || r.ContentLength != int64(len(output)) {
					t.Errorf("got %s, %v", body, err)
				}
				w.WriteHeader(http.StatusAccepted)
				_, _ = io.WriteString(w, strings.Repeat("x", 1<<20))
			}
			c := ReceiverConfig{Egress: Egress{TrustLoopback: true}}
			root := ""
			if config == nil {
				server := httptest.NewServer(http.HandlerFunc(handler))
				defer server.Close()
				root = server.URL
			} else {
				server, roots := secure(t, config, handler)
				root, c.Roots = server.URL, roots
			}
			c.URL = connector.NewSecret(root + signed)
			r := newReceiver(t, c)
			for range 2 {
				if err := r.Deliver(t.Context(), "morning/2026-11-21T07:00:00Z", []byte(output)); err != nil {
					t.Fatal(err)
				}
			}
			want := "POST " + signed + ` application/json inference-connector "morning/2026-11-21T07:00:00Z"`
			if !slices.Equal(seen, []string{want, want}) || len(connections) != 2 {
				t.Errorf("got %q over %d connections, want %q over one each", seen, len(connections), want)
			}
		})
	}
}

// The id is a string of RFC 8941, whatever its sender put into it, and no two ids become one.
func TestIdempotencyKey(t *testing.T) {
	got := ""
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		got = r.Header.Get("Idempotency-Key")
	}))
	defer server.Close()
	r := newReceiver(t, ReceiverConfig{URL: connector.NewSecret(server.URL), Egress: Egress{TrustLoopback: true}})
	for id, want := range map[string]string{
		"":                   `""`,
		"a b":                `"a b"`,
		`a"b\c`:              `"a\"b\\c"`,
		"é":                  `"%C3%A9"`,
		"%C3%A9":             `"%25C3%25A9"`,
		"a\r\nX-Forged: yes": `"a%0D%0AX-Forged: yes"`,
		"\x00\x7f":           `"%00%7F"`,
	} {
		if err := r.Deliver(t.Context(), id, []byte(`{}`)); err != nil {
			t.Fatal(err)
		}
		if got != want {
			t.Errorf("%q: got %s, want %s", id, got, want)
		}
	}
}

// What the guard blocks, and what leads elsewhere, is not asked again.
func TestDeliverElsewhere(t *testing.T) {
	address, connections := listen(t)
	_, port, _ := strings.Cut(address, ":")
	blocked := newReceiver(t, ReceiverConfig{URL: connector.NewSecret("http://localhost:" + port + signed), Egress: Egress{AllowPlainHTTP: true}})
	failure := wantCode(t, blocked.Deliver(t.Context(), "1", []byte(`{}`)), connector.DeliveryFailed)
	if connections.Load() != 0 || !strings.Contains(failure.Message, "egress.allowCidrs") {
		t.Errorf("got %d connections and %q", connections.Load(), failure.Message)
	}

	requests := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	redirected := newReceiver(t, ReceiverConfig{URL: connector.NewSecret(server.URL + signed), Egress: Egress{TrustLoopback: true}})
	failure = wantCode(t, redirected.Deliver(t.Context(), "1", []byte(`{}`)), connector.DeliveryFailed)
	if requests != 1 || !strings.Contains(failure.Message, "redirect (status 307)") {
		t.Errorf("got %d requests and %q", requests, failure.Message)
	}
}
