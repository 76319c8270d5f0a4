package settings

import (
	"cmp"
	"crypto/x509"
	"fmt"
	"maps"
	"slices"
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
	known    complaints // about the file as such; its echoes are left out
	found    complaints
}

func (b *builder) complain(place, format string, args ...any) {
	if !b.known.touch(place) {
		b.found.add(place, format, args...)
	}
}

func (b *builder) connection(name string, c connection) {
	place := "connections." + name
	built := &connector.Connection{
		Name:          name,
		DisplayName:   cmp.Or(c.DisplayName, name),
		Open:          b.settings.isOpen(c.Callers),
		Calls:         cmp.Or(c.RateLimit.Calls, defaultCalls),
		RenewalPeriod: time.Duration(cmp.Or(c.RateLimit.RenewalPeriod, defaultPeriod)) * time.Second,
	}
	egress := b.egress(place, c.Egress)
	if c.Endpoint != "" {
		if e := b.endpoint(place, c.target, egress); e != nil {
			built.Endpoint, built.OneModel = e, e.OneModel()
			b.settings.Endpoints = append(b.settings.Endpoints, Endpoint{name, "", e})
		}
	} else if c.Authentication != nil || c.Family != "" || c.APIVersion != "" {
		b.complain(place+".endpoint", "is missing, though authentication, family or apiVersion is given")
	} else if len(c.Deployments) == 0 {
		b.complain(place+".endpoint", "is missing; a connection needs one, or deployments that have one")
	}
	seen := map[string]string{}
	for _, deployment := range c.order {
		folded := strings.ToLower(deployment)
		if other, ok := seen[folded]; ok {
			b.found.add(place+".deployments."+deployment, "is the same name as %s, as letter case is ignored; rename one", other)
		}
		seen[folded] = deployment
		if d := b.deployment(name, deployment, c, egress, built.Endpoint); d != nil {
			built.Deployments = append(built.Deployments, d)
		}
	}
	b.callers(name, c.Callers)
	b.settings.Connections = append(b.settings.Connections, built)
}

func (b *builder) deployment(connection, name string, c connection, egress endpoint.Egress, inherited connector.Endpoint) *connector.Deployment {
	d := c.Deployments[name]
	place := fmt.Sprintf("connections.%s.deployments.%s", connection, name)
	built := &connector.Deployment{Name: name, Model: cmp.Or(d.Model, name), Endpoint: inherited, Reasoning: d.Reasoning}
	switch {
	case d.Endpoint != "":
		if d.Egress != nil {
			egress = b.egress(place, d.Egress)
		}
		if e := b.endpoint(place, d.target, egress); e != nil {
			built.Endpoint = e
			b.settings.Endpoints = append(b.settings.Endpoints, Endpoint{connection, name, e})
		}
	case d.Authentication != nil || d.Family != "" || d.Egress != nil:
		b.complain(place+".endpoint", "is missing, though authentication, family or egress is given")
	case inherited == nil:
		if c.Endpoint == "" && !b.known.touch("connections."+connection+".endpoint") {
			b.complain(place+".endpoint", "is missing, as the connection has none")
		}
	case d.APIVersion != "":
		t := c.target
		t.APIVersion = d.APIVersion
		if e := b.endpoint(place, t, egress); e != nil {
			built.Endpoint = e
			b.settings.Endpoints = append(b.settings.Endpoints, Endpoint{connection, name, e})
		}
	}
	built.Defaults = b.defaults(place, d)
	return built
}

// defaults checks a deployment's own defaults against the rules of the actions.
func (b *builder) defaults(place string, d deployment) map[string]string {
	own := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(d.Defaults)) {
		value := d.Defaults[name]
		p := b.parameter(name)
		if p == nil {
			b.complain(place+".defaults."+name, "is not a parameter with a default")
			continue
		}
		own[name] = string(value)
		if own[name] == "null" {
			continue
		}
		for _, v := range p.Check(value) {
			b.complain(place+".defaults."+name, "%s", v.Rule)
		}
	}
	if d.Reasoning && len(own) > 0 {
		b.complain(place+".defaults", "are never sent to a reasoning model; remove them, or reasoning")
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

func (b *builder) callers(connection string, list []caller) {
	used := map[string]string{}
	for i, c := range list {
		for j, key := range c.Key {
			place := fmt.Sprintf("connections.%s.callers[%d].key", connection, i)
			if len(c.Key) > 1 {
				place = fmt.Sprintf("%s[%d]", place, j)
			}
			if err := callers.CheckKey(key); err != nil {
				b.complain(place, "%v", err)
			}
			if other, ok := used[key.Reveal()]; ok {
				b.complain(place, "is also a key of %s; give each its own", other)
			}
			used[key.Reveal()] = c.Name
			b.settings.Keys.Add(key, connection, c.Name)
		}
	}
}
