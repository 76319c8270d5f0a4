package settings

import (
	"cmp"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/schema"
)

func (b *builder) deployment(connection, name string, c connection, egress endpoint.Egress, inherited connector.Endpoint) *connector.Deployment {
	d := c.Deployments[name]
	at := place{"connections", connection, "deployments", name}
	built := &connector.Deployment{Name: name, Model: cmp.Or(d.Model, name), Endpoint: inherited, Lacks: d.Lacks, Reasoning: d.Reasoning}
	target := d.target
	if d.Egress != nil {
		egress = b.egress(at, d.Egress)
	}
	switch {
	case d.Endpoint != "":
		b.checkAuthentication(at, d.Authentication)
	case d.forOwnEndpoint():
		b.complain(at.in("endpoint"), "is missing, but needed for %s; add it, or remove %[1]s", strings.Join(d.givenBut(apiVersion), ", "))
	case inherited != nil && d.APIVersion != "":
		target = c.target
		target.APIVersion = d.APIVersion
	}
	if target.Endpoint != "" {
		if e := b.endpoint(at, target, egress, Endpoint{Connection: connection, Deployment: name}); e != nil {
			built.Endpoint = e
		}
	}
	built.Defaults = b.defaults(at.in("defaults"), d)
	b.checkLacks(at, d)
	if e, ok := inherited.(*endpoint.Endpoint); ok && d.Endpoint == "" {
		if fixed := e.Fixed(); fixed != "" && !b.known.cover(at.in("model")) && !strings.EqualFold(fixed, built.Model) {
			b.complain(at, "would be answered by %s, to which the path of the connection's endpoint is fixed; give it an endpoint of its own, or end that address before /openai/deployments", fixed)
		}
	}
	return built
}

func (b *builder) checkLacks(at place, d deployment) {
	for i, capability := range d.Lacks {
		_, given := d.Defaults[capability]
		switch here := at.in("lacks").item(i); {
		case !slices.Contains(connector.Capabilities, capability):
			b.complain(here, "must be one of %s", strings.Join(connector.Capabilities, ", "))
		case slices.Contains(d.Lacks[:i], capability):
			b.complain(here, "is listed before; remove it")
		case given:
			b.complain(at.in("defaults").in(capability), "is never sent, as the deployment lacks it; remove it here or there")
		}
	}
}

// forOwnEndpoint reports whether a deployment has what only one with an endpoint of its own can have.
func (d deployment) forOwnEndpoint() bool { return len(d.givenBut(apiVersion)) > 0 }

const apiVersion = "apiVersion" // of a deployment, can be for the connection's endpoint

// defaults checks a deployment's own defaults against the rules of the actions.
func (b *builder) defaults(at place, d deployment) map[string]string {
	own := map[string]string{}
	if d.Reasoning && len(d.Defaults) > 0 {
		b.complain(at, "are never sent to a reasoning model; remove them, or reasoning")
		return own
	}
	for name, value := range d.Defaults {
		p := b.parameter(name)
		if p == nil {
			b.complain(at.in(name), "is not a parameter with a default; those are %s", strings.Join(b.presets(), ", "))
			continue
		}
		own[name] = string(value)
		if own[name] == "null" {
			continue
		}
		for _, v := range p.Check(value) {
			b.complain(at.in(name), "%s, or null to send none", v.Rule)
		}
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

// presets are the names of all parameters whose default is sent.
func (b *builder) presets() (names []string) {
	for _, action := range b.actions {
		for _, p := range action.Parameters {
			if p.In == schema.Body && p.SendDefault && !slices.Contains(names, p.Name) {
				names = append(names, p.Name)
			}
		}
	}
	return names
}
