package settings

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

//go:embed connections.schema.json
var connectionsSchema []byte

// file is the connections file, as connections.schema.json describes it.
type file struct {
	Auth        struct{ TrustPlatform bool }
	Connections map[string]connection
	order       []string
}

type connection struct {
	target
	DisplayName string
	Callers     []caller
	RateLimit   struct{ Calls, RenewalPeriod int }
	Deployments map[string]deployment
	order       []string
}

// target is how an endpoint is reached; a connection and each of its deployments may have one.
type target struct {
	Endpoint       string
	Family         string
	Authentication *authentication
	APIVersion     string
	Egress         *egress
}

type authentication struct {
	Type  string
	Value connector.Secret
}

type egress struct {
	AllowPlainHTTP bool
	AllowCIDRs     []string
}

type caller struct {
	Name string
	Key  keys
}

type deployment struct {
	target
	Model     string
	Defaults  map[string]json.RawMessage
	Reasoning bool
}

// keys are one key, or several that are valid at the same time.
type keys []connector.Secret

func (k *keys) UnmarshalJSON(text []byte) error {
	var one connector.Secret
	if json.Unmarshal(text, &one) == nil {
		*k = keys{one}
		return nil
	}
	_ = json.Unmarshal(text, (*[]connector.Secret)(k)) // what is neither, the schema has complained about
	return nil
}

// parseFile reads a connections file as far as it can. With complaints the file is not to be used, but the
// rest of it is to be checked, so that all complaints come together.
func parseFile(text []byte) (f file, known complaints) {
	d, err := schema.Parse(text)
	if err != nil {
		known.add("the connections file", "is not JSON: %v", err)
		return f, known
	}
	rules, err := schema.Compile("connections.schema.json", connectionsSchema)
	if err != nil {
		known.add("connections.schema.json", "is broken: %v", err)
		return f, known
	}
	root := map[string]any{}
	for _, name := range d.Names() {
		value, _ := d.Value(name)
		root[name] = resolve(value, name, &known)
	}
	unresolved := slices.Clone(known)
	for _, v := range rules.Check(root) {
		_, isObject := v.Input.(map[string]any)
		ofName := v.Keyword == "pattern" && isObject // texts have patterns, and so have the names of objects
		if place := v.Place(); ofName || !unresolved.touch(place) {
			known = append(known, complaint{cmp.Or(place, "the connections file"), v.Rule, ofName})
		}
	}
	resolved, err := json.Marshal(root)
	if err == nil {
		err = json.Unmarshal(resolved, &f)
	}
	if err != nil && len(known) == 0 {
		known.add("the connections file", "cannot be read: %v", err)
	}
	f.keepOrder(d)
	return f, known
}

// keepOrder notes the order of connections and deployments, which a map forgets.
func (f *file) keepOrder(d *schema.Document) {
	connections, err := schema.Parse(d.Source("connections"))
	if err != nil {
		return
	}
	f.order = connections.Names()
	for _, name := range f.order {
		c := f.Connections[name]
		if own, err := schema.Parse(connections.Source(name)); err == nil {
			if deployments, err := schema.Parse(own.Source("deployments")); err == nil {
				c.order = deployments.Names()
			}
		}
		f.Connections[name] = c
	}
}

// appSetting is how a file refers to the environment, in the words of Logic Apps.
var appSetting = regexp.MustCompile(`@appsetting\('([^']*)'\)`)

// resolve replaces every @appsetting('NAME') in the strings of value by the environment's NAME.
func resolve(value any, place string, found *complaints) any {
	switch v := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			v[name] = resolve(v[name], place+"."+name, found)
		}
	case []any:
		for i, entry := range v {
			v[i] = resolve(entry, fmt.Sprintf("%s[%d]", place, i), found)
		}
	case string:
		if strings.Contains(appSetting.ReplaceAllString(v, ""), "@appsetting") {
			found.add(place, "must be written as @appsetting('NAME')")
		}
		return appSetting.ReplaceAllStringFunc(v, func(reference string) string {
			name := appSetting.FindStringSubmatch(reference)[1]
			text, ok := os.LookupEnv(name)
			if !ok {
				found.add(place, "names the setting %s, which is not in the environment", name)
			}
			return text
		})
	}
	return value
}
