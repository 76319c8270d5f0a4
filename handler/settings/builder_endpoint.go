package settings

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
)

func (b *builder) readRoots() {
	path := b.settings.ExtraCAFile
	if path == "" {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		b.complain(place{"CONNECTOR_EXTRA_CA_FILE"}, "cannot be read: %v", err)
		return
	}
	if b.roots, err = x509.SystemCertPool(); err != nil {
		b.roots = x509.NewCertPool()
	}
	if !b.roots.AppendCertsFromPEM(text) {
		b.complain(place{"CONNECTOR_EXTRA_CA_FILE"}, "holds no certificate in PEM form")
	}
}

// everywhere is for what could only be refused because of another mistake.
var everywhere = []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0"), netip.MustParsePrefix("::/0")}

// egress reads what may be dialled. What has a mistake allows everything, so that endpoints do not echo it.
func (b *builder) egress(at place, e *egress) endpoint.Egress {
	at = at.in("egress")
	ranges := at.in("allowCidrs")
	built := endpoint.Egress{
		TrustLoopback:  b.settings.Host == Standalone || b.settings.embedded,
		AllowPlainHTTP: e != nil && e.AllowPlainHTTP || b.known.touch(at.in("allowPlainHttp")),
	}
	wrong := b.known.touch(ranges)
	if e != nil {
		for i, text := range e.AllowCIDRs {
			prefix, err := netip.ParsePrefix(text)
			if err != nil {
				b.complain(ranges.item(i), "must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address")
				wrong = true
			}
			built.AllowCIDRs = append(built.AllowCIDRs, prefix)
		}
	}
	if wrong {
		built.AllowCIDRs = everywhere
	}
	return built
}

// endpoint makes what a target describes, once for all who describe the same. It is nil when the target is wrong.
func (b *builder) endpoint(at place, t target, egress endpoint.Egress, owner Endpoint) *endpoint.Endpoint {
	a := cmp.Or(t.Authentication, &authentication{Type: "None"})
	owner.Authentication = a.Type
	same := fmt.Sprintf("%q %q %q %q %v", t.Endpoint, t.Family, t.APIVersion, a.told(), egress)
	if e, ok := b.endpoints[same]; ok {
		return e
	}
	identity, sound := b.identity(at.in("authentication"), a)
	e, err := endpoint.New(endpoint.Config{
		URL: t.Endpoint, Family: t.Family, APIVersion: t.APIVersion, Key: a.Value, Identity: identity,
		Roots: b.roots, Egress: egress, Budgets: b.settings.budgets(),
	})
	if err != nil {
		b.complainAll(at, err)
	}
	if err != nil || !sound {
		return nil
	}
	owner.Endpoint = e
	b.endpoints[same] = e
	b.settings.Endpoints = append(b.settings.Endpoints, owner)
	return e
}

// complainAll passes on what is wrong with the fields of what stands at a place: lines that begin with one.
func (b *builder) complainAll(at place, err error) {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		field, text, _ := strings.Cut(line, " ")
		name, index, isItem := strings.Cut(strings.TrimSuffix(field, "]"), "[")
		path := at.in(strings.Split(name, ".")...)
		if isItem {
			path = path.in(index)
		}
		b.complain(path, "%s", text)
	}
}

// givenBut names the fields that are given besides the endpoint, but for one.
func (t target) givenBut(excluded string) (names []string) {
	for _, field := range []struct {
		name  string
		given bool
	}{
		{"authentication", t.Authentication != nil}, {"family", t.Family != ""},
		{"apiVersion", t.APIVersion != ""}, {"egress", t.Egress != nil},
	} {
		if field.given && field.name != excluded {
			names = append(names, field.name)
		}
	}
	return names
}

func (e Environment) budgets() endpoint.Budgets {
	return endpoint.Budgets{
		Dial: e.DialTimeout, TLS: e.TLSTimeout, Call: e.CallTimeout, FirstByte: e.FirstByteTimeout,
		Gap: e.GapTimeout, Stream: e.StreamTimeout, MaxReplySize: e.MaxReplyBytes,
	}
}

func (e Environment) retries() connector.Retries {
	return connector.Retries{Attempts: e.MaxAttempts, Wait: e.MaxRetryWait}
}
