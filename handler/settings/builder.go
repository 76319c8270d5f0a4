package settings

import (
	"cmp"
	"crypto/x509"
	"slices"
	"strings"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/schema"
)

// builder makes connections of what a file says, and collects complaints.
type builder struct {
	settings  *Settings
	actions   []*schema.Action
	roots     *x509.CertPool
	endpoints map[string]*endpoint.Endpoint // by all that is known of them
	egresses  map[string]endpoint.Egress    // by connection
	known     complaints                    // about the file as such; its echoes are left out
	found     complaints
	away      bool // the program will run elsewhere, in an environment that is not this one
}

func newBuilder(s *Settings, actions []*schema.Action, known complaints) *builder {
	return &builder{settings: s, actions: actions, known: known,
		endpoints: map[string]*endpoint.Endpoint{}, egresses: map[string]endpoint.Egress{}}
}

// all are the complaints about a file, in its order.
func (b *builder) all(f file) complaints {
	return slices.Concat(b.known, b.found).named(f.empty).inOrder(f.places)
}

func (b *builder) build(f file) {
	b.readRoots()
	b.redis()
	b.entra(f.Auth.Entra)
	for _, name := range f.order {
		b.connection(name, f.Connections[name])
	}
	for _, name := range f.byoOrder {
		if _, taken := f.Connections[name]; taken {
			b.found.add(place{"byo", name}, "is also the name of a connection; rename one")
		}
		b.brought(name, f.Byo[name])
	}
	b.triggers(f)
	b.schedules(f)
	b.checkReach()
}

func (b *builder) complain(at place, format string, args ...any) {
	if !b.known.touch(at) {
		b.found.add(at, format, args...)
	}
}

func (b *builder) connection(name string, c connection) {
	at := place{"connections", name}
	built := &connector.Connection{
		Name:          name,
		DisplayName:   cmp.Or(c.DisplayName, name),
		Open:          b.settings.isOpen(c.Callers),
		Calls:         cmp.Or(c.RateLimit.Calls, defaultCalls),
		RenewalPeriod: c.RateLimit.period(),
		Retries:       b.settings.retries(),
	}
	egress := b.egress(at, c.Egress)
	b.egresses[name] = egress
	if c.Endpoint == "" {
		b.demandEndpoint(at, c)
	} else {
		b.checkAuthentication(at, c.Authentication)
		if e := b.endpoint(at, c.target, egress, Endpoint{Connection: name}); e != nil {
			built.Endpoint, built.OneModel = e, e.OneModel()
		}
	}
	seen := map[string]string{}
	for _, deployment := range c.order {
		folded := strings.ToLower(deployment)
		if other, ok := seen[folded]; ok {
			b.found.add(at.in("deployments", deployment), "is the same name as %s, as letter case is ignored; rename one", other)
		}
		seen[folded] = deployment
		built.Deployments = append(built.Deployments, b.deployment(name, deployment, c, egress, built.Endpoint))
	}
	b.callers(at, name, c.Callers)
	b.settings.Connections = append(b.settings.Connections, built)
}

// demandEndpoint complains about a connection without an endpoint that needs one.
func (b *builder) demandEndpoint(at place, c connection) {
	deployments := at.in("deployments")
	var bare []string // deployments that have none either, and do not say themselves that they should
	for _, name := range c.order {
		d := c.Deployments[name]
		if own := deployments.in(name, "endpoint"); d.Endpoint == "" && !d.forOwnEndpoint() && !b.known.touch(own) {
			bare = append(bare, name)
		}
	}
	given := strings.Join(c.givenBut("egress"), ", ") // which is for its deployments too
	switch at := at.in("endpoint"); {
	case given != "":
		b.complain(at, "is missing, but needed for %s; add it, or remove %[1]s", given)
	case len(bare) > 0:
		b.complain(at, "is missing, and these deployments have none of their own: %s", strings.Join(bare, ", "))
	case len(c.Deployments) == 0 && !b.known.cover(deployments):
		b.complain(at, "is missing; a connection needs one, or deployments that have one")
	}
}

func (l rateLimit) period() time.Duration {
	return time.Duration(cmp.Or(l.RenewalPeriod, defaultPeriod)) * time.Second
}
