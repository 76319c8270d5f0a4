package schema

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
)

// A Definition describes the connector to a product, made of the action files, parameters.json and
// definition.json, whose patches are JSON merge patches.
type Definition struct {
	Target   Target
	URL      *url.URL // where the app is reached, path included; nil where each connection tells
	Platform bool     // the key is one of the Functions host, not ours
	Brought  bool     // whoever makes a connection brings a model endpoint and its key
	Publisher
}

// A Target is a product family that reads definitions in its own way.
type Target string

// The targets.
const (
	PowerPlatform Target = "power-platform" // Power Automate, Power Apps, Copilot Studio: a connection can name the app
	LogicApps     Target = "logic-apps"     // has no policies: the definition alone names the app
)

// Targets are all of them.
var Targets = []Target{PowerPlatform, LogicApps}

// A Publisher is who answers for a connector. "" is an example.
type Publisher struct{ Name, Website, PrivacyPolicy, Email string }

// Swagger returns apiDefinition.swagger.json: swagger 2.0 with the extensions that designers know.
func (d Definition) Swagger(actions []*Action) []byte {
	source := d.sources()
	root := d.patched(source, "swagger")
	paths := newObject()
	for _, a := range actions {
		if a.Visibility == internal && d.isSilent() {
			continue // what the designer calls by itself
		}
		item := newObject()
		if known := paths.object(a.Path); known != nil {
			item = known
		}
		item.set(strings.ToLower(a.Method), d.operation(source, a))
		paths.set(a.Path, item)
	}
	return pretty(root.with(newObject("paths", paths)))
}

// Properties returns apiProperties.json, which Power Platform alone reads.
func (d Definition) Properties() []byte {
	return pretty(d.patched(d.sources(), "apiProperties"))
}

// isSilent reports whether the designer can call nothing by itself: without policies, only the author of each
// action knows the endpoint.
func (d Definition) isSilent() bool { return d.Brought && d.Target == LogicApps }

// patched is the part of definition.json that becomes a file, with the patches of this rendering.
func (d Definition) patched(source sources, file string) *object {
	patches := []string{string(d.Target)}
	if d.Platform {
		patches = append(patches, "platform")
	}
	if d.Brought {
		patches = append(patches, "brought", "brought "+string(d.Target))
	}
	part := source.definition.object(file)
	for _, name := range patches {
		part = part.with(source.definition.object(name).object(file))
	}
	return part
}

// sources are the files that a definition is made of, besides the actions.
type sources struct {
	definition, parameters *object
}

func (d Definition) sources() sources {
	text := must(files.ReadFile("definition.json"))
	return sources{
		must(readObject([]byte(d.filled().Replace(string(text))))),
		must(readObject(must(files.ReadFile("parameters.json")))),
	}
}

// filled puts what is this operator's own in the place of its names, inside of JSON texts.
func (d Definition) filled() *strings.Replacer {
	address := d.URL
	if address == nil {
		address = &url.URL{Scheme: "https", Host: "inference.example.com", Path: "/api"} // which is nobody's: a key may go there
	}
	words := []string{
		"{url}", address.String(), "{host}", address.Host, "{scheme}", address.Scheme,
		"{basePath}", "/" + strings.Trim(address.EscapedPath(), "/"),
		"{publisher}", cmp.Or(d.Name, "Inference Connector"), "{website}", cmp.Or(d.Website, "https://example.com"),
		"{privacy}", cmp.Or(d.PrivacyPolicy, "https://example.com/privacy"), "{email}", cmp.Or(d.Email, "support@example.com"),
	}
	for i := 1; i < len(words); i += 2 {
		quoted := Quote(words[i])
		words[i] = quoted[1 : len(quoted)-1]
	}
	return strings.NewReplacer(words...)
}

// resolved returns a part of an action file with what it refers to in the place of every reference.
func (s sources) resolved(part any, defs *object) any {
	switch part := part.(type) {
	case []any:
		list := slices.Clone(part)
		for i := range list {
			list[i] = s.resolved(list[i], defs)
		}
		return list
	case *object:
		reference, _ := part.get("$ref").(string)
		if name, ok := strings.CutPrefix(reference, "parameters.json#/"); ok {
			return s.parameters.get(name)
		}
		if name, ok := strings.CutPrefix(reference, "#/$defs/"); ok {
			return s.resolved(defs.get(name), defs)
		}
		whole := newObject()
		for _, name := range part.names {
			whole.add(name, s.resolved(part.values[name], defs))
		}
		return whole
	}
	return part
}
