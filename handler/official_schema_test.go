package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

// officialFolder holds the OpenAPI files, VERSION.json, and their examples; its SOURCES.md tells their origin.
const officialFolder = "testdata/official"

// An officialFile is one version of the interface as its OpenAPI file describes it.
type officialFile struct {
	version  string
	paths    map[string]map[string]officialOperation
	compiler *jsonschema.Compiler
}

type officialOperation struct {
	OperationID string
	Parameters  []map[string]any
	Responses   map[string]struct{ Schema map[string]any }
}

// readOfficial reads the OpenAPI files, oldest first.
func readOfficial(t *testing.T) (files []officialFile) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(officialFolder, "*.json"))
	if err != nil || len(names) != 3 {
		t.Fatalf("OpenAPI files: got %q (%v), want 3", names, err)
	}
	for _, name := range names {
		var document struct {
			Paths       map[string]map[string]officialOperation
			Definitions map[string]map[string]any
		}
		decodeFile(t, name, &document)
		text, err := json.Marshal(map[string]any{"definitions": asJSONSchema(document.Definitions)})
		if err != nil {
			t.Fatal(err)
		}
		f := officialFile{strings.TrimSuffix(filepath.Base(name), ".json"), document.Paths, jsonschema.NewCompiler()}
		f.compiler.Draft = jsonschema.Draft7
		if err := f.compiler.AddResource("openapi:///", bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
	}
	return files
}

func decodeFile(t *testing.T, name string, into any) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%s: %v", name, err)
	}
}

// operation returns an operation with its path and method.
func (f officialFile) operation(t *testing.T, id string) (path, method string, o officialOperation) {
	t.Helper()
	for path, methods := range f.paths {
		for method, o := range methods {
			if o.OperationID == id {
				return path, strings.ToUpper(method), o
			}
		}
	}
	t.Fatalf("%s has no operation %s", f.version, id)
	return "", "", o
}

// A breach is a rule of a definition that a value breaks. List positions in its place are 0.
type breach struct{ definition, place, rule string }

// breaches validates JSON text against a definition.
func (f officialFile) breaches(t *testing.T, definition string, text []byte) (found []breach) {
	t.Helper()
	rules, err := f.compiler.Compile("openapi:///#/definitions/" + definition)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Fatalf("%v in %q", err, text)
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](rules.Validate(value))
	if !ok {
		return nil
	}
	for _, failed := range invalid.BasicOutput().Errors {
		rule := failed.KeywordLocation[strings.LastIndex(failed.KeywordLocation, "/")+1:]
		if failed.Error == "" || slices.Contains([]string{"", "$ref", "allOf", "anyOf", "then"}, rule) || allDigits.MatchString(rule) {
			continue // what is below it has an entry of its own
		}
		if rule == "required" || rule == "additionalProperties" {
			rule = failed.Error
		}
		b := breach{definition, listPosition.ReplaceAllString(failed.InstanceLocation, "/0"), rule}
		if !slices.Contains(found, b) {
			found = append(found, b)
		}
	}
	return found
}

var (
	listPosition = regexp.MustCompile(`/\d+\b`)
	allDigits    = regexp.MustCompile(`^\d+$`)
)

// asJSONSchema makes JSON Schemas of swagger definitions, which differ in two points: x-nullable, and a
// discriminator, which chooses one of the definitions that are allOf this one. Swagger cannot say that a user's
// content is a text or a list of parts; that a list is one of parts is added.
func asJSONSchema(definitions map[string]map[string]any) map[string]any {
	const own = ".own" // what a definition with a discriminator says itself
	all := map[string]any{}
	content := definitions["ChatRequestUserMessage"]["properties"].(map[string]any)["content"].(map[string]any)
	content["items"] = map[string]any{"$ref": "#/definitions/ChatMessageContentItem"}
	for name, definition := range definitions {
		all[name] = nullable(definition)
	}
	for name, definition := range definitions {
		property, ok := definition["discriminator"].(string)
		if !ok {
			continue
		}
		choices := []any{map[string]any{"$ref": "#/definitions/" + name + own}}
		var values []any
		for heir, other := range definitions {
			parents, _ := other["allOf"].([]any)
			if len(parents) == 0 || parents[0].(map[string]any)["$ref"] != "#/definitions/"+name {
				continue
			}
			parents[0] = map[string]any{"$ref": "#/definitions/" + name + own}
			value := map[string]any{"const": other["x-ms-discriminator-value"]}
			values = append(values, other["x-ms-discriminator-value"])
			choices = append(choices, map[string]any{
				"if":   map[string]any{"properties": map[string]any{property: value}, "required": []string{property}},
				"then": map[string]any{"$ref": "#/definitions/" + heir},
			})
		}
		if p := definition["properties"].(map[string]any)[property].(map[string]any); p["$ref"] == nil {
			p["enum"] = values // the property that lists its values itself has one more, developer
		}
		all[name+own], all[name] = definition, map[string]any{"allOf": choices}
	}
	return all
}

// nullable replaces x-nullable, at any depth, in place.
func nullable(definition any) any {
	switch node := definition.(type) {
	case []any:
		for i := range node {
			node[i] = nullable(node[i])
		}
	case map[string]any:
		for name := range node {
			node[name] = nullable(node[name])
		}
		if node["x-nullable"] == true {
			delete(node, "x-nullable")
			return map[string]any{"anyOf": []any{map[string]any{"type": "null"}, node}}
		}
	}
	return definition
}
