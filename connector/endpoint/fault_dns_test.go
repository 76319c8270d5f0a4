package endpoint

import (
	"context"
	"net"
	"net/netip"
	"sync/atomic"
	"testing"

	"golang.org/x/net/dns/dnsmessage"
)

// A nameServer answers for one name, with the addresses of the moment.
type nameServer struct {
	addresses atomic.Pointer[[]netip.Addr]
	asked     atomic.Int32 // for an address of either kind
}

// name makes a name lead where the server says, until the test is over.
func (s *nameServer) name(t testing.TB, name string) {
	t.Helper()
	conn, err := net.ListenPacket("udp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	usual := net.DefaultResolver
	net.DefaultResolver = &net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, "udp", conn.LocalAddr().String())
	}}
	t.Cleanup(func() {
		net.DefaultResolver = usual
		conn.Close()
	})
	go func() {
		question := make([]byte, 512)
		for {
			n, from, err := conn.ReadFrom(question)
			if err != nil {
				return
			}
			if answer, err := s.answer(question[:n], name); err == nil {
				_, _ = conn.WriteTo(answer, from)
			}
		}
	}()
}

// lead makes the name lead to other addresses.
func (s *nameServer) lead(addresses ...string) {
	var to []netip.Addr
	for _, address := range addresses {
		to = append(to, netip.MustParseAddr(address))
	}
	s.addresses.Store(&to)
}

func (s *nameServer) answer(question []byte, name string) ([]byte, error) {
	var m dnsmessage.Message
	if err := m.Unpack(question); err != nil {
		return nil, err
	}
	m.Response, m.Additionals = true, nil
	asked := m.Questions[0]
	if asked.Name.String() != name+"." {
		m.RCode = dnsmessage.RCodeNameError
		return m.Pack()
	}
	s.asked.Add(1)
	for _, ip := range *s.addresses.Load() {
		header := dnsmessage.ResourceHeader{Name: asked.Name, Type: asked.Type, Class: asked.Class}
		switch {
		case asked.Type == dnsmessage.TypeA && ip.Is4():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AResource{A: ip.As4()}})
		case asked.Type == dnsmessage.TypeAAAA && ip.Is6():
			m.Answers = append(m.Answers, dnsmessage.Resource{Header: header, Body: &dnsmessage.AAAAResource{AAAA: ip.As16()}})
		}
	}
	return m.Pack()
}
