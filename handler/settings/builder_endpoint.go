package settings

import (
	"crypto/x509"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"inferenceconnector/connector/endpoint"
)

func (b *builder) readRoots() {
	path := b.settings.ExtraCAFile
	if path == "" {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		b.complain("CONNECTOR_EXTRA_CA_FILE", "cannot be read: %v", err)
		return
	}
	if b.roots, err = x509.SystemCertPool(); err != nil {
		b.roots = x509.NewCertPool()
	}
	if !b.roots.AppendCertsFromPEM(text) {
		b.complain("CONNECTOR_EXTRA_CA_FILE", "holds no certificate in PEM form")
	}
}

func (b *builder) egress(place string, e *egress) endpoint.Egress {
	built := endpoint.Egress{TrustLoopback: b.settings.Host == Standalone || b.settings.embedded}
	if e == nil {
		return built
	}
	built.AllowPlainHTTP = e.AllowPlainHTTP
	for i, text := range e.AllowCIDRs {
		prefix, err := netip.ParsePrefix(text)
		if err != nil {
			b.complain(fmt.Sprintf("%s.egress.allowCidrs[%d]", place, i), "must be a range such as 10.1.0.0/16")
		}
		built.AllowCIDRs = append(built.AllowCIDRs, prefix)
	}
	return built
}

func (b *builder) endpoint(place string, t target, egress endpoint.Egress) *endpoint.Endpoint {
	env := b.settings.Environment
	config := endpoint.Config{
		URL: t.Endpoint, Family: t.Family, APIVersion: t.APIVersion, Roots: b.roots, Egress: egress,
		Budgets: endpoint.Budgets{
			Dial: env.DialTimeout, TLS: env.TLSTimeout, Call: env.CallTimeout, FirstByte: env.FirstByteTimeout,
			Gap: env.GapTimeout, Stream: env.StreamTimeout, MaxReplySize: env.MaxReplyBytes,
		},
	}
	if a := t.Authentication; a != nil && a.Type == "Key" {
		if config.Key = a.Value; a.Value.IsZero() {
			b.complain(place+".authentication.value", "is empty")
		} else if strings.ContainsFunc(a.Value.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
			b.complain(place+".authentication.value", "has blanks or characters that no key has")
		}
	}
	built, err := endpoint.New(config)
	if err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			field, text, _ := strings.Cut(line, " ")
			b.complain(place+"."+field, "%s", text)
		}
		return nil
	}
	return built
}
