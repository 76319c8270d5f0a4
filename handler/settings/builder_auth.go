package settings

import (
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
)

// entra makes known whose tokens are taken.
func (b *builder) entra(e *entra) {
	if e != nil {
		b.settings.Callers.Entra = callers.NewEntra(callers.EntraConfig{
			Tenant: e.Tenant, Audience: e.Audience, Authority: e.Authority, Roots: b.roots,
		})
	}
}

// callers makes known who may use a connection.
func (b *builder) callers(at place, connection string, list []caller) {
	used := map[string]place{}
	for i, c := range list {
		own := place{"callers"}.item(i)
		b.settings.CallerNames[connection] = append(b.settings.CallerNames[connection], c.Name)
		b.oneCredential(slices.Concat(at, own), c)
		for j, key := range c.Key {
			where := own.in("key")
			if len(c.Key) > 1 || b.known.cover(slices.Concat(at, where.item(j))) { // a list, too
				where = where.item(j)
			}
			b.callerKey(at, where, key, used)
			b.settings.Callers.AddKey(key, connection, c.Name)
		}
		if c.AppID != "" {
			b.ofToken(at, own.in("appId"), strings.ToLower(c.AppID), used)
			b.settings.Callers.AddApplication(c.AppID, connection, c.Name)
		}
		if c.Role != "" {
			b.ofToken(at, own.in("role"), c.Role, used)
			b.settings.Callers.AddRole(c.Role, connection, c.Name)
		}
	}
}

// oneCredential complains about a caller that is described in no way, or in several.
func (b *builder) oneCredential(at place, c caller) {
	given := c.givenCredentials()
	if len(given) == 0 && !b.known.touchBeside(at, "name") {
		more := ""
		if b.settings.Callers.Entra != nil {
			more = ", or the appId or role of its tokens"
		}
		b.complain(at.in("key"), "is missing; give the key that this caller presents, best as @appsetting('NAME')%s", more)
	}
	for _, name := range given[min(1, len(given)):] {
		b.complain(at.in(name), "stands beside %s, but a caller has one of them; make it two callers, or remove one", given[0])
	}
}

// touchBeside reports whether one of them is about a part of a place that is not the one called name.
func (c complaints) touchBeside(at place, name string) bool {
	return slices.ContainsFunc(c, func(known complaint) bool {
		return known.place.within(at) && !known.place.within(at.in(name))
	})
}

func (b *builder) callerKey(at, own place, key connector.Secret, used map[string]place) {
	if err := callers.CheckKey(key); err != nil {
		b.complain(slices.Concat(at, own), "%v", err)
	} else if other, ok := used["key "+key.Reveal()]; ok {
		b.complain(slices.Concat(at, own), "is the same as %s; give each caller keys of its own", other)
	}
	used["key "+key.Reveal()] = own
}

// ofToken checks what a caller's tokens are known by.
func (b *builder) ofToken(at, own place, value string, used map[string]place) {
	name := own[len(own)-1]
	if tenant := (place{"auth", "entra"}); b.settings.Callers.Entra == nil && !b.known.touch(tenant) {
		b.complain(slices.Concat(at, own), "needs auth.entra, which says whose tokens are taken; add it, or give the caller a key")
	} else if other, ok := used[name+" "+value]; ok {
		b.complain(slices.Concat(at, own), "is the same as %s; the log would tell only one of them, so remove one", other)
	}
	used[name+" "+value] = own
}

// givenCredentials names the ways in which a caller is described.
func (c caller) givenCredentials() (names []string) {
	for _, field := range []struct {
		name  string
		given bool
	}{{"key", c.Key != nil}, {"appId", c.AppID != ""}, {"role", c.Role != ""}} {
		if field.given {
			names = append(names, field.name)
		}
	}
	return names
}
