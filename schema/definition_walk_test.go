package schema_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dig follows names and positions through decoded JSON, to nil where there is nothing.
func dig(value any, path ...any) any {
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[step]
		case int:
			list, _ := value.([]any)
			if step >= len(list) {
				return nil
			}
			value = list[step]
		}
	}
	return value
}

func members(value any) map[string]any {
	o, _ := value.(map[string]any)
	return o
}

func array(value any) []any {
	l, _ := value.([]any)
	return l
}

// text is the string that a member is, "" when it is none.
func wording(value any, name string) string {
	s, _ := members(value)[name].(string)
	return s
}

func sortedNames(value any) []string { return slices.Sorted(maps.Keys(members(value))) }

// An operation is one of a definition, and where it is.
type operation struct {
	path, method string
	body         map[string]any
}

func (d document) operations() (all []operation) {
	for _, path := range sortedNames(d.root["paths"]) {
		for _, method := range sortedNames(dig(d.root, "paths", path)) {
			all = append(all, operation{path, method, members(dig(d.root, "paths", path, method))})
		}
	}
	return all
}

// A node is a parameter or a schema in a definition. Above are the titles of what holds it, as a designer puts
// them in front of its own.
type node struct {
	place string
	body  map[string]any
	above []string
	role  role
}

type role int

const (
	parameter role = iota // of the query or the headers
	bodyParameter
	header   // of a response
	top      // the schema of a body or a response
	property // of an object
	item     // of a list
)

// nodes are all parameters, headers and schemas.
func (d document) nodes() (all []node) {
	for _, o := range d.operations() {
		id := wording(o.body, "operationId")
		for _, p := range array(o.body["parameters"]) {
			place := id + " " + wording(p, "name")
			if wording(p, "in") != "body" {
				all = append(all, node{place, members(p), nil, parameter})
				continue
			}
			all = append(all, node{place, members(p), nil, bodyParameter})
			all = below(all, node{place, members(members(p)["schema"]), nil, top})
		}
		for _, status := range sortedNames(o.body["responses"]) {
			response := members(dig(o.body, "responses", status))
			all = below(all, node{id + " " + status, members(response["schema"]), nil, top})
			for _, name := range sortedNames(response["headers"]) {
				all = append(all, node{id + " " + status + " " + name, members(dig(response, "headers", name)), nil, header})
			}
		}
	}
	for _, name := range sortedNames(d.root["definitions"]) {
		all = below(all, node{name, members(dig(d.root, "definitions", name)), nil, top})
	}
	return all
}

func below(all []node, n node) []node {
	all = append(all, n)
	above := n.above
	if title := wording(n.body, "x-ms-summary"); title != "" {
		above = append(slices.Clip(above), title)
	}
	for _, name := range sortedNames(n.body["properties"]) {
		all = below(all, node{n.place + "." + name, members(dig(n.body, "properties", name)), above, property})
	}
	if items, ok := n.body["items"]; ok {
		all = below(all, node{n.place + "[]", members(items), above, item})
	}
	return all
}

// isContainer reports whether a designer shows what it holds, and not itself.
func (n node) isContainer() bool { return len(members(n.body["properties"])) > 0 }

// each collects the complaints about nodes of some roles.
func (d document) each(roles []role, complain func(node) string) (complaints []string) {
	for _, n := range d.nodes() {
		if !slices.Contains(roles, n.role) {
			continue
		}
		if complaint := complain(n); complaint != "" {
			complaints = append(complaints, n.place+" "+complaint)
		}
	}
	return complaints
}

// eachOperation collects the complaints about operations.
func (d document) eachOperation(complain func(operation) string) (complaints []string) {
	for _, o := range d.operations() {
		if complaint := complain(o); complaint != "" {
			complaints = append(complaints, fmt.Sprintf("%s %s %s", o.method, o.path, complaint))
		}
	}
	return complaints
}

var (
	schemas  = []role{top, property, item}
	labelled = []role{parameter, bodyParameter, header, property}
	typed    = []role{parameter, header, top, property, item}
)

// when is a complaint, or none.
func when(bad bool, format string, arguments ...any) string {
	if bad {
		return fmt.Sprintf(format, arguments...)
	}
	return ""
}

// one is the list of complaints of a rule that has one at most.
func one(complaint string) []string {
	if complaint == "" {
		return nil
	}
	return []string{complaint}
}

// folded is a title's words, those in the plural as in the singular.
func folded(title string) []string {
	words := strings.Fields(strings.ToLower(title))
	for i, word := range words {
		words[i] = strings.TrimSuffix(word, "s")
	}
	return words
}
