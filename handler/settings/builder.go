package settings

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/handler/callers"
	"inferenceconnector/schema"
)

// builder makes connections of what a file says, and collects complaints.
type builder struct {
	settings *Settings
	actions  []*schema.Action
	roots    *x509.CertPool
	problems []string
}

func (b *builder) complain(format string, args ...any) {
	b.problems = append(b.problems, fmt.Sprintf(format, args...))
}

func (b *builder) readRoots() {
	path := b.settings.ExtraCAFile
	if path == "" {
		return
	}
	text, err := os.ReadFile(path)
	if err != nil {
		b.complain("CONNECTOR_EXTRA_CA_FILE cannot be read: %v", err)
		return
	}
	if b.roots, err = x509.SystemCertPool(); err != nil {
		b.roots = x509.NewCertPool()
	}
	if !b.roots.AppendCertsFromPEM(text) {
		b.complain("CONNECTOR_EXTRA_CA_FILE holds no certificate in PEM form")
	}
}

func (b *builder) connection(name string, c connection) {
	place := "connections." + name
	built := &connector.Connection{
		Name:          name,
		DisplayName:   cmp.Or(c.DisplayName, name),
		Open:          len(c.Callers) == 0,
		Calls:         cmp.Or(c.RateLimit.Calls, defaultCalls),
		RenewalPeriod: time.Duration(cmp.Or(c.RateLimit.RenewalPeriod, defaultPeriod)) * time.Second,
	}
	if c.Endpoint != "" {
		if e := b.endpoint(place, c.target, c.Egress); e != nil {
			built.Endpoint, built.OneModel = e, e.OneModel()
			b.settings.Endpoints = append(b.settings.Endpoints, Endpoint{name, "", e})
		}
	} else if c.Authentication != nil || c.Family != "" || c.APIVersion != "" {
		b.complain("%s.endpoint is missing, though authentication, family or apiVersion is given", place)
	} else if len(c.Deployments) == 0 {
		b.complain("%s needs an endpoint, or deployments that have one", place)
	}
	seen := map[string]string{}
	for _, deployment := range c.order {
		folded := strings.ToLower(deployment)
		if other, ok := seen[folded]; ok {
			b.complain("%s.deployments has both %s and %s; letter case is ignored, so rename one", place, other, deployment)
		}
		seen[folded] = deployment
		if d := b.deployment(name, deployment, c, built.Endpoint); d != nil {
			built.Deployments = append(built.Deployments, d)
		}
	}
	b.callers(name, c.Callers)
	b.settings.Connections = append(b.settings.Connections, built)
}

func (b *builder) deployment(connection, name string, c connection, inherited connector.Endpoint) *connector.Deployment {
	d := c.Deployments[name]
	place := fmt.Sprintf("connections.%s.deployments.%s", connection, name)
	built := &connector.Deployment{Name: name, Model: cmp.Or(d.Model, name), Endpoint: inherited, Reasoning: d.Reasoning}
	switch {
	case d.Endpoint != "":
		if e := b.endpoint(place, d.target, cmp.Or(d.Egress, c.Egress)); e != nil {
			built.Endpoint = e
			b.settings.Endpoints = append(b.settings.Endpoints, Endpoint{connection, name, e})
		}
	case d.APIVersion != "" && c.Endpoint != "":
		t := c.target
		t.APIVersion = d.APIVersion
		if e := b.endpoint(place, t, c.Egress); e != nil {
			built.Endpoint = e
		}
	case d.Authentication != nil || d.Family != "" || d.Egress != nil:
		b.complain("%s.endpoint is missing, though authentication, family or egress is given", place)
	case c.Endpoint == "":
		b.complain("%s needs an endpoint, as its connection has none", place)
	}
	built.Defaults = b.defaults(place, d)
	return built
}

// defaults checks a deployment's own defaults against the rules of the actions.
func (b *builder) defaults(place string, d deployment) map[string]string {
	own := map[string]string{}
	for name, value := range d.Defaults {
		p := b.parameter(name)
		if p == nil {
			b.complain("%s.defaults.%s is not a parameter with a default", place, name)
			continue
		}
		own[name] = string(value)
		if own[name] == "null" {
			continue
		}
		for _, v := range p.Check(value) {
			b.complain("%s.defaults.%s %s", place, name, v.Rule)
		}
	}
	if d.Reasoning && len(own) > 0 {
		b.complain("%s has defaults and reasoning; a reasoning model is sent none of them, so remove one", place)
	}
	return own
}

// parameter finds the parameter of that name whose default is sent.
func (b *builder) parameter(name string) *schema.Parameter {
	for _, action := range b.actions {
		if p := action.Parameter(schema.Body, name); p != nil && p.SendDefault {
			return p
		}
	}
	return nil
}

func (b *builder) endpoint(place string, t target, e *egress) *endpoint.Endpoint {
	env := b.settings.Environment
	config := endpoint.Config{
		URL: t.Endpoint, Family: t.Family, APIVersion: t.APIVersion, Roots: b.roots,
		Egress: endpoint.Egress{TrustLoopback: true},
		Budgets: endpoint.Budgets{
			Dial: env.DialTimeout, TLS: env.TLSTimeout, Call: env.CallTimeout, FirstByte: env.FirstByteTimeout,
			Gap: env.GapTimeout, Stream: env.StreamTimeout, MaxReplySize: env.MaxReplyBytes,
		},
	}
	if a := t.Authentication; a != nil && a.Type == "Key" {
		if config.Key = a.Value; a.Value.IsZero() {
			b.complain("%s.authentication.value is empty", place)
		} else if strings.ContainsFunc(a.Value.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }) {
			b.complain("%s.authentication.value has blanks or characters that no key has", place)
		}
	}
	if e != nil {
		config.Egress.AllowPlainHTTP = e.AllowPlainHTTP
		for i, text := range e.AllowCIDRs {
			prefix, err := netip.ParsePrefix(text)
			if err != nil {
				b.complain("%s.egress.allowCidrs[%d] must be a range such as 10.1.0.0/16", place, i)
			}
			config.Egress.AllowCIDRs = append(config.Egress.AllowCIDRs, prefix)
		}
	}
	built, err := endpoint.New(config)
	if err != nil {
		for line := range strings.SplitSeq(err.Error(), "\n") {
			b.complain("%s.%s", place, line)
		}
		return nil
	}
	return built
}

func (b *builder) callers(connection string, list []caller) {
	used := map[string]string{}
	for _, c := range list {
		for i, key := range c.Key {
			place := fmt.Sprintf("connections.%s.callers: the key of %s", connection, c.Name)
			if len(c.Key) > 1 {
				place = fmt.Sprintf("connections.%s.callers: key %d of %s", connection, i+1, c.Name)
			}
			if err := callers.CheckKey(key); err != nil {
				b.complain("%s %v", place, err)
			}
			if other, ok := used[key.Reveal()]; ok {
				b.complain("%s is also the key of %s; give each its own", place, other)
			}
			used[key.Reveal()] = c.Name
			b.settings.Keys.Add(key, connection, c.Name)
		}
	}
}

// checkOpen refuses connections without callers on an address that others can reach.
func (b *builder) checkOpen() {
	host, port, err := net.SplitHostPort(b.settings.Listen)
	if n, errPort := strconv.Atoi(port); err != nil || errPort != nil || n < 0 || n > 65535 {
		b.complain("CONNECTOR_LISTEN must be an address and a port, such as 127.0.0.1:7071")
		return
	}
	ip, err := netip.ParseAddr(host)
	if host == "localhost" || err == nil && ip.IsLoopback() {
		return
	}
	for _, c := range b.settings.Connections {
		if c.Open {
			b.complain("connections.%s has no callers, but CONNECTOR_LISTEN is open to others; add callers or CONNECTOR_CALLER_KEY, or listen on 127.0.0.1", c.Name)
		}
	}
}
