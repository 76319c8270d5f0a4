package settings

import (
	"fmt"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
)

// checkAuthentication checks the key.
func (b *builder) checkAuthentication(at place, a *authentication) {
	if a == nil {
		return
	}
	at = at.in("authentication", "value")
	switch given := !a.Value.IsZero(); {
	case a.Type == "None" && given:
		b.complain(at, "is given, though the type None sends no key; remove it, or make the type Key")
	case a.Type == "Key" && !given:
		b.complain(at, "is empty; give the endpoint's key, best as @appsetting('NAME')")
	case strings.ContainsFunc(a.Value.Reveal(), func(r rune) bool { return r <= ' ' || r > '~' }):
		b.complain(at, "has blanks or characters that no key has; copy it again, without line ends")
	}
}

var identityTypes = []string{endpoint.ManagedServiceIdentity, endpoint.ActiveDirectoryOAuth, endpoint.DefaultIdentity}

// identity makes who gets the tokens. It is nil for a type without, and not sound when it is wrong.
func (b *builder) identity(at place, a *authentication) (i *endpoint.Identity, sound bool) {
	if !slices.Contains(identityTypes, a.Type) {
		return nil, true
	}
	if b.away && a.FederatedTokenFile != "" { // the platform there makes it
		b.known = append(b.known, complaint{place: at.in("federatedTokenFile"), open: true})
	}
	i, err := endpoint.NewIdentity(endpoint.IdentityConfig{
		Type: a.Type, Audience: a.Audience, Hosts: a.Hosts, Roots: b.roots, Identity: a.Identity,
		Tenant: a.Tenant, ClientID: a.ClientID, Secret: a.Secret, Certificate: a.Certificate, Password: a.Password,
		FederatedTokenFile: a.FederatedTokenFile, Authority: a.Authority,
	})
	if err != nil {
		b.complainAll(at, err)
		return nil, false
	}
	return i, true
}

// told is all that is said of an authentication, its secrets included, to tell it from others.
func (a *authentication) told() string {
	secrets := []connector.Secret{a.Value, a.Secret, a.Certificate, a.Password}
	told := []string{a.Type, a.Identity, a.Tenant, a.ClientID, a.FederatedTokenFile, a.Authority, a.Audience, strings.Join(a.Hosts, " ")}
	for _, secret := range secrets {
		told = append(told, secret.Reveal())
	}
	return fmt.Sprintf("%q", told)
}
