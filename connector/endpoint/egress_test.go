package endpoint

import (
	"net/netip"
	"strings"
	"testing"
)

// What an operator opted in to is no problem.
func TestAddressOptIn(t *testing.T) {
	private := []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}
	platform := []netip.Prefix{netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("168.63.0.0/16")}
	for name, test := range map[string]struct {
		url    string
		egress Egress
		want   string // "" for no problem
	}{
		"http":                           {"http://example.com/v1", Egress{AllowPlainHTTP: true}, ""},
		"address":                        {"https://10.1.2.3/v1", Egress{AllowCIDRs: private}, ""},
		"mapped address":                 {"https://[::ffff:10.1.2.3]/v1", Egress{AllowCIDRs: private}, ""},
		"both":                           {"http://10.1.2.3/v1", Egress{AllowPlainHTTP: true, AllowCIDRs: private}, ""},
		"another address":                {"https://192.168.0.1/v1", Egress{AllowCIDRs: private}, noAddress},
		"http to an allowed address":     {"http://10.1.2.3/v1", Egress{AllowCIDRs: private}, noPlainHTTP},
		"metadata service":               {"https://169.254.169.254/v1", Egress{AllowCIDRs: platform}, noAddress},
		"platform service":               {"https://168.63.129.16/v1", Egress{AllowCIDRs: platform}, noAddress},
		"trusted loopback":               {"http://127.0.0.1:8080/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, another":      {"http://127.8.8.8/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, name":         {"http://localhost/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, IPv6":         {"http://[::1]/v1", Egress{TrustLoopback: true}, ""},
		"trusted loopback, mapped":       {"http://[::ffff:127.0.0.1]/v1", Egress{TrustLoopback: true}, ""},
		"no loopback name":               {"http://localhost.example.com/v1", Egress{TrustLoopback: true}, noPlainHTTP},
		"unspecified is no loopback":     {"https://0.0.0.0/v1", Egress{TrustLoopback: true}, noAddress},
		"another scheme to the loopback": {"ftp://localhost/v1", Egress{TrustLoopback: true}, notHTTPS},
		"loopback that is not trusted":   {"http://localhost/v1", Egress{}, noPlainHTTP},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := New(Config{URL: test.url, Egress: test.egress})
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.HasPrefix(err.Error(), test.want)) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}
