package schema

import (
	"slices"
	"strings"
)

const (
	internal   = "internal"
	visibility = "x-ms-visibility"
	summary    = "x-ms-summary"
)

// operation describes an action. What the contract allows and swagger 2.0 cannot say, or a form cannot show, the
// action file has otherwise in its section definition.
func (d Definition) operation(source sources, a *Action) *object {
	file := must(readObject(must(inherit(must(files.ReadFile("actions/" + a.ID + ".json"))))))
	file = source.resolved(file, file.object("$defs")).(*object)
	file = file.with(file.object("definition"))
	operation := newObject("operationId", a.ID)
	operation.set("summary", file.get("summary"))
	operation.set("description", file.get("description"))
	if v := file.get("visibility"); v != "normal" {
		operation.set(visibility, v)
	}
	for _, name := range file.names {
		if strings.HasPrefix(name, "x-ms-") {
			operation.set(name, file.values[name])
		}
	}
	parameters := []any{}
	if d.isSilent() {
		parameters = append(parameters, source.definition.get("endpointHeader"))
	}
	for _, place := range []Place{Query, Header} {
		parameters = append(parameters, d.inPlace(place, file.object(string(place)))...)
	}
	if body := file.object(string(Body)); body != nil {
		parameters = append(parameters, d.inBody(body))
	}
	operation.set("parameters", parameters)
	operation.set("responses", d.responses(source, file))
	return operation
}

// inPlace describes the parameters of the query or of the headers.
func (d Definition) inPlace(place Place, section *object) (parameters []any) {
	section = d.shown(section)
	properties := section.object("properties")
	if properties == nil {
		return nil
	}
	for _, name := range properties.names {
		p := newObject("name", name, "in", string(place))
		if isRequired(section, name) {
			p.set("required", true)
		}
		parameters = append(parameters, p.with(properties.object(name)))
	}
	return parameters
}

// inBody describes the one parameter that is the body. Its title stands before no other.
func (d Definition) inBody(body *object) *object {
	title, about := any("Body"), any("What is asked for.")
	if own := body.get(summary); own != nil {
		title = own
	}
	if own := body.get("description"); own != nil {
		about = own
	}
	body = body.with(newObject(summary, nil))
	return newObject("name", "body", "in", "body", "required", true, summary, title, "description", about, "schema", d.shown(body))
}

func (d Definition) responses(source sources, file *object) *object {
	all := newObject()
	for _, status := range source.definition.object("responses").names {
		response := source.definition.object("responses").object(status)
		if status == "200" {
			response = response.with(newObject("schema", file.get("reply")))
		}
		all.set(status, response)
	}
	return all
}

// shown is a schema without what a definition has no use for: our own keywords, and properties that are neither
// shown nor sent.
func (d Definition) shown(schema *object) *object {
	if schema == nil {
		return nil
	}
	result := newObject()
	for _, name := range schema.names {
		member := schema.values[name]
		child, isObject := member.(*object)
		switch {
		case d.isOurs(name):
			continue
		case isObject && name == "properties":
			member = d.shownProperties(schema, child)
		case isObject && name == "items":
			member = d.shown(child)
		}
		result.set(name, member)
	}
	return result
}

func (d Definition) shownProperties(schema, properties *object) *object {
	result := newObject()
	for _, name := range properties.names {
		p := properties.object(name)
		if p.get(visibility) == internal && p.get("default") == nil && !isRequired(schema, name) {
			continue // nobody could fill it
		}
		result.set(name, d.shown(p))
	}
	return result
}

// isOurs reports whether a keyword is for our own validation, or of no use in this rendering.
func (d Definition) isOurs(keyword string) bool {
	if strings.HasPrefix(keyword, "x-ms-dynamic-") {
		return d.isSilent()
	}
	return strings.HasPrefix(keyword, "x-") && !strings.HasPrefix(keyword, "x-ms-") && keyword != "x-nullable"
}

func isRequired(schema *object, name string) bool {
	required, _ := schema.get("required").([]any)
	return slices.Contains(required, any(name))
}
