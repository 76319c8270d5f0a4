package endpoint

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/connector"
)

const movingName = "moving.example.org"

// everyAddress is what an operator can open: all, and yet not the platform's.
var everyAddress = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}

// Where a name leads is looked at with every dial, after it is resolved (S3).
func TestNamesAreGuarded(t *testing.T) {
	var requests atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		answer(`{}`)(w, r)
	}))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	var names nameServer
	names.name(t, movingName)
	loopback := []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	for name, test := range map[string]struct {
		allow []netip.Prefix
		leads []string
		want  connector.Code
	}{
		"the machine itself":          {nil, []string{"127.0.0.1"}, connector.UpstreamBlocked},
		"over IPv6":                   {nil, []string{"::1"}, connector.UpstreamBlocked},
		"mapped":                      {nil, []string{"::ffff:127.0.0.1"}, connector.UpstreamBlocked},
		"6to4":                        {nil, []string{"2002:7f00:1::1"}, connector.UpstreamBlocked},
		"NAT64":                       {nil, []string{"64:ff9b::127.0.0.1"}, connector.UpstreamBlocked},
		"unspecified":                 {nil, []string{"0.0.0.0"}, connector.UpstreamBlocked},
		"a neighbour":                 {loopback, []string{"10.0.0.1"}, connector.UpstreamBlocked},
		"several neighbours":          {loopback, []string{"10.0.0.1", "192.168.0.1", "fd00::1"}, connector.UpstreamBlocked},
		"metadata":                    {everyAddress, []string{"169.254.169.254"}, connector.UpstreamBlocked},
		"metadata, mapped":            {everyAddress, []string{"::ffff:169.254.169.254"}, connector.UpstreamBlocked},
		"metadata over IPv6":          {everyAddress, []string{"fd00:ec2::254"}, connector.UpstreamBlocked},
		"the platform":                {everyAddress, []string{"168.63.129.16"}, connector.UpstreamBlocked},
		"nowhere":                     {everyAddress, nil, connector.UpstreamUnreachable},
		"allowed":                     {loopback, []string{"127.0.0.1"}, ""},
		"allowed, mapped":             {loopback, []string{"::ffff:127.0.0.1"}, ""},
		"only one of several allowed": {loopback, []string{"10.0.0.1", "127.0.0.1"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			requests.Store(0)
			names.lead(test.leads...)
			e := newEndpoint(t, Config{URL: "http://" + movingName + ":" + port + "/models", Key: secret,
				Egress: Egress{AllowPlainHTTP: true, AllowCIDRs: test.allow}})
			if test.want == "" {
				text(t, e.must(t, chat(t, plainChat)))
			} else if failure := e.fails(t, chat(t, plainChat), test.want); strings.Contains(string(failure.JSON()), movingName) {
				t.Errorf("got %s", failure.JSON())
			}
			if got := requests.Load(); (got == 1) != (test.want == "") {
				t.Errorf("got %d requests", got)
			}
		})
	}
}

// A name that leads elsewhere once it was found to be good does not get its calls there, whoever dials it.
func TestNameMoves(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(answer(`{}`)))
	defer server.Close()
	_, port, _ := net.SplitHostPort(server.Listener.Addr().String())
	root := "http://" + movingName + ":" + port
	egress := Egress{AllowPlainHTTP: true, AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	var names nameServer
	names.name(t, movingName)

	e := newEndpoint(t, Config{URL: root + "/models", Key: secret, Egress: egress})
	receiver := newReceiver(t, ReceiverConfig{URL: connector.NewSecret(root), Egress: egress})
	for _, good := range []bool{true, false, true, false} {
		if names.lead("127.0.0.1"); !good {
			names.lead("127.0.0.2") // this machine as well, but nobody allowed it
		}
		e.Close() // or the connection that is there would be used
		before := names.asked.Load()
		_, err := e.invoke(t.Context(), t, chat(t, plainChat))
		delivered := receiver.Deliver(t.Context(), "1", []byte("{}"))
		if (err == nil) != good || (delivered == nil) != good {
			t.Errorf("got %v and %v, want it to be let through: %t", err, delivered, good)
		}
		if !good {
			wantCode(t, err, connector.UpstreamBlocked)
		}
		if names.asked.Load() == before {
			t.Error("the name was not asked for")
		}
	}
}

// A brought endpoint is an allowed name; where that leads is another question.
func TestBroughtNameLeadsElsewhere(t *testing.T) {
	var names nameServer
	names.name(t, movingName)
	b, err := NewBrought(BroughtConfig{AllowHosts: []string{"*.example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	for _, address := range []string{"127.0.0.1", "10.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254"} {
		names.lead(address)
		e, err := b.Endpoint("https://"+movingName+"/models", secret)
		if err != nil {
			t.Fatal(err)
		}
		e.fails(t, chat(t, plainChat), connector.UpstreamBlocked)
	}
}
