package endpoint

import (
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// dials reports whether the guard lets an address be dialled.
func (g guard) dials(t testing.TB, ip string) bool {
	t.Helper()
	err := g.control("tcp", net.JoinHostPort(ip, "443"), nil)
	if err != nil && !errors.Is(err, errBlocked) {
		t.Errorf("%s: got %v", ip, err)
	}
	return err == nil
}

// Classes of addresses (S3), from both edges where a range has them.
var (
	publicAddresses = []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.0",
		"168.63.129.15", "168.63.129.17", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0",
		"192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00::1", "3ffe::1", "::ffff:8.8.8.8",
	}
	// Refused unless the range is allowed.
	closedAddresses = map[string][]string{
		"0.0.0.0/8":       {"0.0.0.0", "0.1.2.3"},
		"10.0.0.0/8":      {"10.0.0.0", "10.255.255.255", "::ffff:10.0.0.1"},
		"100.64.0.0/10":   {"100.64.0.0", "100.127.255.255"},
		"127.0.0.0/8":     {"127.0.0.1", "127.255.255.255", "::ffff:127.0.0.1"},
		"169.254.0.0/16":  {"169.254.0.0", "169.254.169.253", "169.254.255.255", "::ffff:169.254.1.1"},
		"172.16.0.0/12":   {"172.16.0.0", "172.31.255.255"},
		"192.0.0.0/24":    {"192.0.0.1", "192.0.0.255"},
		"192.0.2.0/24":    {"192.0.2.1"},
		"192.88.99.0/24":  {"192.88.99.1"},
		"192.168.0.0/16":  {"192.168.0.0", "192.168.255.255", "::ffff:192.168.1.1"},
		"198.18.0.0/15":   {"198.18.0.0", "198.19.255.255"},
		"198.51.100.0/24": {"198.51.100.1"},
		"203.0.113.0/24":  {"203.0.113.1"},
		"224.0.0.0/4":     {"224.0.0.1", "239.255.255.255"},
		"240.0.0.0/4":     {"240.0.0.1", "255.255.255.255"},
		"::/128":          {"::"},
		"::1/128":         {"::1"},
		"::/96":           {"::8.8.8.8"},
		"64:ff9b::/96":    {"64:ff9b::8.8.8.8", "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1"},
		"64:ff9b:1::/48":  {"64:ff9b:1::8.8.8.8"},
		"100::/64":        {"100::1"},
		"2001::/23":       {"2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:20::1", "2001:1ff:ffff::1"},
		"2001:db8::/32":   {"2001:db8::1"},
		"2002::/16":       {"2002:808:808::1", "2002:a00:1::1", "2002:7f00:1::1"},
		"3fff::/20":       {"3fff::1", "3fff:fff::1"},
		"4000::/2":        {"4000::1", "5f00::1"},
		"fc00::/7":        {"fc00::1", "fdff::1", "fd00:ec2::253"},
		"fe80::/10":       {"fe80::1", "febf::1"},
		"fec0::/10":       {"fec0::1"},
		"ff00::/8":        {"ff02::1", "ffff::1"},
	}
	// Never allowed.
	platformAddresses = []string{
		"169.254.169.254", "169.254.170.2", "168.63.129.16", "fd00:ec2::254", "fd00:ec2::254%eth0",
		"::ffff:169.254.169.254", "::ffff:168.63.129.16", "2002:a9fe:a9fe::1", "64:ff9b::169.254.169.254", "64:ff9b::168.63.129.16",
	}
)

func TestGuard(t *testing.T) {
	for _, ip := range publicAddresses {
		if !(guard{}).dials(t, ip) {
			t.Errorf("%s is blocked", ip)
		}
	}
	for prefix, ips := range closedAddresses {
		other := netip.MustParsePrefix("10.99.0.0/16")
		allowed := []netip.Prefix{other, netip.MustParsePrefix(prefix)}
		for _, ip := range ips {
			if (guard{Egress{AllowCIDRs: []netip.Prefix{other}}, false}).dials(t, ip) {
				t.Errorf("%s can be dialled", ip)
			}
			if !(guard{Egress{AllowCIDRs: allowed}, false}).dials(t, ip) {
				t.Errorf("%s is blocked, though %s is allowed", ip, prefix)
			}
		}
	}
}

// An operator who opens everything still does not open the services that hand out credentials.
func TestGuardOfPlatform(t *testing.T) {
	everything := Egress{AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}, TrustLoopback: true}
	for _, ip := range platformAddresses {
		for _, g := range []guard{{}, {everything, false}, {everything, true}} {
			if g.dials(t, ip) {
				t.Errorf("%s can be dialled with %v", ip, g)
			}
		}
		if bare, _, _ := strings.Cut(ip, "%"); everything.allows(netip.MustParseAddr(bare)) {
			t.Errorf("%s is allowed", bare)
		}
	}
}

// A trusted loopback endpoint is trusted with the loopback and with nothing else.
func TestGuardOfLoopback(t *testing.T) {
	for ip, want := range map[string]bool{
		"127.0.0.1": true, "127.8.8.8": true, "::1": true, "::ffff:127.0.0.1": true, "8.8.8.8": true,
		"10.0.0.1": false, "0.0.0.0": false, "::": false, "169.254.169.254": false, "fe80::1": false, "64:ff9b::127.0.0.1": false,
	} {
		if got := (guard{loopback: true}).dials(t, ip); got != want {
			t.Errorf("%s: got %t, want %t", ip, got, want)
		}
	}
}

// A zone names an interface of this machine: nothing public has one.
func TestGuardOfZones(t *testing.T) {
	for _, ip := range []string{"fe80::1%eth0", "2606:4700::1111%eth0", "::1%lo"} {
		if (guard{}).dials(t, ip) {
			t.Errorf("%s can be dialled", ip)
		}
	}
}

// What is no address is not dialled.
func TestGuardOfNonsense(t *testing.T) {
	for _, address := range []string{"", "8.8.8.8", "example.com:443", "8.8.8.8:https", "@socket", "[::1"} {
		if err := (guard{loopback: true}).control("tcp", address, nil); !errors.Is(err, errBlocked) {
			t.Errorf("%q: got %v, want it blocked", address, err)
		}
	}
}

// The guard stands in the way of every dial: a name that leads to the machine itself is not dialled
// unless the operator allows it.
func TestGuardOfNames(t *testing.T) {
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	for name, test := range map[string]struct {
		allow []netip.Prefix
		want  connector.Code
	}{
		"no opt-in":      {nil, connector.UpstreamBlocked},
		"another opt-in": {[]netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")}, connector.UpstreamBlocked},
		"opt-in":         {loopback, ""},
	} {
		t.Run(name, func(t *testing.T) {
			address, connections := listen(t)
			_, port, _ := net.SplitHostPort(address)
			e := newEndpoint(t, Config{
				URL: "http://localhost:" + port + "/models", Key: secret,
				Egress: Egress{AllowPlainHTTP: true, AllowCIDRs: test.allow},
			})
			for _, body := range []string{plainChat, streamedChat} {
				_, err := e.invoke(t.Context(), t, chat(t, body))
				if test.want != "" {
					if failure := wantCode(t, err, test.want); failure.Status() != 424 {
						t.Errorf("got %d, want 424", failure.Status())
					}
				} else {
					wantCode(t, err, connector.UpstreamReset)
				}
			}
			if _, _, err := e.Probe(t.Context()); err == nil {
				t.Error("got an answer to a probe")
			}
			if got := connections.Load(); (got > 0) != (test.want == "") {
				t.Errorf("got %d connections", got)
			}
		})
	}
}
