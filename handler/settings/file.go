package settings

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

//go:embed connections.schema.json
var connectionsSchema []byte

// file is the connections file, as connections.schema.json describes it.
type file struct {
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
	return json.Unmarshal(text, (*[]connector.Secret)(k))
}

// parseFile reads a connections file. With problems the file is not to be used.
func parseFile(text []byte) (f file, problems []string) {
	d, err := schema.Parse(text)
	if err != nil {
		return f, []string{"the connections file is not JSON: " + err.Error()}
	}
	rules, err := schema.Compile("connections.schema.json", connectionsSchema)
	if err != nil {
		return f, []string{err.Error()}
	}
	root := map[string]any{}
	for _, name := range d.Names() {
		value, _ := d.Value(name)
		root[name] = resolve(value, name, &problems)
	}
	for _, v := range rules.Check(root) {
		place := v.Place()
		if place == "" {
			place = "the connections file"
		}
		problems = append(problems, place+" "+v.Rule)
	}
	if problems != nil {
		return f, problems
	}
	resolved, err := json.Marshal(root)
	if err == nil {
		err = json.Unmarshal(resolved, &f)
	}
	if err != nil {
		return f, []string{"the connections file: " + err.Error()}
	}
	f.keepOrder(d)
	return f, nil
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
func resolve(value any, place string, problems *[]string) any {
	switch v := value.(type) {
	case map[string]any:
		for name, entry := range v {
			v[name] = resolve(entry, place+"."+name, problems)
		}
	case []any:
		for i, entry := range v {
			v[i] = resolve(entry, fmt.Sprintf("%s[%d]", place, i), problems)
		}
	case string:
		if strings.Contains(appSetting.ReplaceAllString(v, ""), "@appsetting") {
			*problems = append(*problems, place+" must be written as @appsetting('NAME')")
		}
		return appSetting.ReplaceAllStringFunc(v, func(reference string) string {
			name := appSetting.FindStringSubmatch(reference)[1]
			text, ok := os.LookupEnv(name)
			if !ok {
				*problems = append(*problems, fmt.Sprintf("%s names the setting %s, which is not in the environment", place, name))
			}
			return text
		})
	}
	return value
}
