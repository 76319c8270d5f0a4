package endpoint

import (
	"errors"
	"net/netip"
	"syscall"
)

// Egress says what a connection may dial beyond public addresses over TLS.
type Egress struct {
	AllowPlainHTTP bool
	AllowCIDRs     []netip.Prefix
	TrustLoopback  bool // an endpoint written as loopback needs no opt-in (standalone only)
}

// allows reports whether an operator opted in to ip.
func (e Egress) allows(ip netip.Addr) bool {
	ip = ip.Unmap()
	for _, prefix := range e.AllowCIDRs {
		if prefix.Contains(ip) {
			return !isPlatform(ip)
		}
	}
	return false
}

var errBlocked = errors.New("the address is not public and not allowed by egress.allowCidrs")

// guard decides about each resolved address at the moment of dialling, so that no DNS answer gets around
// it (contract/reliability.md, S3).
type guard struct {
	egress   Egress
	loopback bool // the endpoint is written as loopback and that is trusted
}

// control is a net.Dialer's Control.
func (g guard) control(_, address string, _ syscall.RawConn) error {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return errBlocked
	}
	ip := to.Addr().Unmap()
	switch {
	case isPlatform(ip):
		return errBlocked
	case isPublic(ip), g.egress.allows(ip), g.loopback && ip.IsLoopback():
		return nil
	}
	return errBlocked
}

// Addresses of instance metadata and platform services: they hand out credentials and are never allowed.
var platform = []netip.Addr{
	netip.MustParseAddr("169.254.169.254"),
	netip.MustParseAddr("169.254.170.2"),
	netip.MustParseAddr("168.63.129.16"),
	netip.MustParseAddr("fd00:ec2::254"),
}

func isPlatform(ip netip.Addr) bool {
	for _, address := range platform {
		if ip.WithZone("") == address || embedded(ip) == address {
			return true
		}
	}
	return false
}

// Ranges that are not the public internet: the IANA special-purpose registries (RFC 6890).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("10.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"),
	netip.MustParsePrefix("127.0.0.0/8"),
	netip.MustParsePrefix("169.254.0.0/16"),
	netip.MustParsePrefix("172.16.0.0/12"),
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("192.168.0.0/16"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("224.0.0.0/3"), // multicast, reserved, broadcast
}

// Of IPv6 only global unicast is public, and of that not these.
var (
	globalUnicast = netip.MustParsePrefix("2000::/3")
	special6      = []netip.Prefix{
		netip.MustParsePrefix("2001::/23"), // Teredo, ORCHID and other protocol assignments
		netip.MustParsePrefix("2001:db8::/32"),
		netip.MustParsePrefix("2002::/16"), // 6to4
		netip.MustParsePrefix("3fff::/20"),
	}
)

func isPublic(ip netip.Addr) bool {
	ranges := special
	if ip.Is6() {
		if ip.Zone() != "" || !globalUnicast.Contains(ip) {
			return false // this leaves out NAT64, which hides an IPv4 address
		}
		ranges = special6
	}
	for _, prefix := range ranges {
		if prefix.Contains(ip) {
			return false
		}
	}
	return true
}

// embedded returns the IPv4 address inside a 6to4 or NAT64 address, else the zero Addr.
func embedded(ip netip.Addr) netip.Addr {
	if !ip.Is6() {
		return netip.Addr{}
	}
	b := ip.As16()
	switch {
	case b[0] == 0x20 && b[1] == 0x02:
		return netip.AddrFrom4([4]byte(b[2:6]))
	case b[0] == 0x00 && b[1] == 0x64 && b[2] == 0xff && b[3] == 0x9b:
		return netip.AddrFrom4([4]byte(b[12:16]))
	}
	return netip.Addr{}
}
