package settings

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"slices"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

//go:embed connections.schema.json
var connectionsSchema []byte

// file is the connections file, as connections.schema.json describes it.
type file struct {
	Auth        auth
	Connections map[string]connection
	Byo         map[string]brought
	Triggers    map[string]triggerEntry
	Schedules   map[string]scheduleEntry

	order, byoOrder, triggerOrder, scheduleOrder []string
	places                                       order
	empty                                        map[string]string // complaints about empty settings, by place
}

type auth struct {
	TrustPlatform bool
	Entra         *entra
}

// entra is whose tokens are taken.
type entra struct {
	Tenant    string
	Audience  several[string]
	Authority string
}

type connection struct {
	target
	DisplayName string
	Callers     []caller
	RateLimit   rateLimit
	Deployments map[string]deployment

	order []string
}

// brought is a connection whose callers bring endpoint and key.
type brought struct {
	DisplayName string
	AllowHosts  []string
	Callers     []caller
	RateLimit   rateLimit
	Egress      *egress
}

type rateLimit struct{ Calls, RenewalPeriod int }

// target is how an endpoint is reached; a connection and each of its deployments may have one.
type target struct {
	Endpoint       string
	Family         string
	Authentication *authentication
	APIVersion     string
	Egress         *egress
}

// authentication is a key, or an identity that gets tokens.
type authentication struct {
	Type  string
	Value connector.Secret

	Identity, Tenant, ClientID    string
	Secret, Certificate, Password connector.Secret
	FederatedTokenFile, Authority string
	Audience                      string
	Hosts                         []string
}

type egress struct {
	AllowPlainHTTP bool
	AllowCIDRs     []string
}

// caller has one of Key, AppID and Role.
type caller struct {
	Name  string
	Key   several[connector.Secret]
	AppID string
	Role  string
}

type deployment struct {
	target
	Model     string
	Defaults  map[string]json.RawMessage
	Lacks     []string
	Reasoning bool
}

// several is one value or a list of them.
type several[T any] []T

func (s *several[T]) UnmarshalJSON(text []byte) error {
	var one T
	if json.Unmarshal(text, &one) == nil {
		*s = several[T]{one}
		return nil
	}
	_ = json.Unmarshal(text, (*[]T)(s)) // what is neither, the schema has complained about
	return nil
}

// parseFile reads a connections file as far as it can. With complaints the file is not to be used, but the
// rest of it is to be checked, so that all complaints come together. lookup knows the settings.
func parseFile(path string, text []byte, lookup func(string) (string, bool)) (f file, known complaints) {
	text = bytes.TrimPrefix(text, []byte("\ufeff")) // some editors put it there
	d, err := schema.Parse(text)
	if err != nil {
		known.add(place{path}, "cannot be read: %s", inLines(err.Error(), text))
		return f, known
	}
	rules, err := schema.Compile("connections.schema.json", connectionsSchema)
	if err != nil {
		known.add(place{"connections.schema.json"}, "is broken: %v", err)
		return f, known
	}
	root, r := map[string]any{}, &resolver{lookup: lookup, empty: map[string]string{}}
	for _, name := range d.Names() {
		value, _ := d.Value(name)
		root[name] = r.resolve(value, place{name})
	}
	f.empty = r.empty
	known = append(r.found, against(rules, root, r.found)...)
	f.places = orderOf(text)
	var resolved bytes.Buffer
	if err = f.places.encode(&resolved, root, nil); err == nil {
		err = json.Unmarshal(resolved.Bytes(), &f)
	}
	if err != nil && len(known.certain()) == 0 {
		known.add(place{path}, "cannot be read: %v", err)
	}
	f.keepOrder()
	if missing := (place{"connections"}); len(f.Connections)+len(f.Byo) == 0 && !known.touch(missing) && !known.touch(place{"byo"}) {
		known.add(missing, "is missing; give one connection at least, or byo")
	}
	return f, known
}

// against checks a file against its schema, leaving out echoes of what is unresolved or misspelt.
func against(rules *schema.Schema, root map[string]any, unresolved complaints) (known complaints) {
	violations := rules.CheckAll(root)
	for _, v := range violations {
		at := place(v.Path)
		_, isObject := v.Input.(map[string]any)
		one := complaint{place: at, text: v.Rule}
		switch v.Keyword {
		case "pattern", "minLength", "maxLength": // of texts, or of the names of objects
			one.ofName = isObject
		case "additionalProperties":
			if v.Meant != "" {
				one.meant = at[:len(at)-1].in(v.Meant)
			}
		case "required":
			if slices.ContainsFunc(violations, func(other schema.Violation) bool {
				return other.Meant == at[len(at)-1] && slices.Equal(other.Path[:len(other.Path)-1], at[:len(at)-1])
			}) {
				continue
			}
		}
		if one.ofName || !unresolved.touch(at) {
			known = append(known, one)
		}
	}
	return known
}

// keepOrder notes the order of what has a name, which a map forgets.
func (f *file) keepOrder() {
	f.order = names(f.places, place{"connections"}, f.Connections)
	f.byoOrder = names(f.places, place{"byo"}, f.Byo)
	f.triggerOrder = names(f.places, place{"triggers"}, f.Triggers)
	f.scheduleOrder = names(f.places, place{"schedules"}, f.Schedules)
	for name, c := range f.Connections {
		c.order = names(f.places, place{"connections", name, "deployments"}, c.Deployments)
		f.Connections[name] = c
	}
}
