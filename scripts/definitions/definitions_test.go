package definitions

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dlclark/regexp2"
	"github.com/go-openapi/loads"
	"github.com/go-openapi/strfmt"
	"github.com/go-openapi/validate"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"inferenceconnector/schema"
)

// renderings are all the ways in which the connector is described, by name.
func renderings(t *testing.T) map[string]schema.Definition {
	t.Helper()
	address, err := url.Parse("https://app.example.net/api/connections/team")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]schema.Definition{"power-platform, no address": {Target: schema.PowerPlatform}}
	for _, target := range schema.Targets {
		all[string(target)] = schema.Definition{Target: target, URL: address}
		all[string(target)+", platform"] = schema.Definition{Target: target, URL: address, Platform: true}
		all[string(target)+", brought"] = schema.Definition{Target: target, URL: address, Brought: true}
	}
	return all
}

func load(t *testing.T) []*schema.Action {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

func TestRenderings(t *testing.T) {
	actions := load(t)
	swagger, properties := official(t, "apiDefinition.swagger.schema.json"), official(t, "paconn-apiProperties.schema.json")
	for name, d := range renderings(t) {
		t.Run(name, func(t *testing.T) {
			text := d.Swagger(actions)
			if err := swagger.check(text); err != nil {
				t.Errorf("the official schema: %#v", err)
			}
			if err := asSwagger(text); err != nil {
				t.Errorf("go-openapi: %v", err)
			}
			if err := properties.check(d.Properties()); err != nil {
				t.Errorf("the official schema of properties: %#v", err)
			}
		})
	}
}

// TestMistakesAreSeen: what says nothing about bad documents says nothing.
func TestMistakesAreSeen(t *testing.T) {
	d := schema.Definition{Target: schema.PowerPlatform}
	text, properties := string(d.Swagger(load(t))), string(d.Properties())
	some := string(d.Swagger(slices.DeleteFunc(load(t), func(a *schema.Action) bool { return a.Method != http.MethodGet }))) // go-openapi takes its time
	swagger, propertiesSchema := official(t, "apiDefinition.swagger.schema.json"), official(t, "paconn-apiProperties.schema.json")
	for name, c := range map[string]struct {
		text, old, new string
		check          func([]byte) error
	}{
		"an unknown extension":     {text, `"x-ms-no-generic-test"`, `"x-ms-client-name"`, swagger.check},
		"an unknown format":        {text, `"format": "int64"`, `"format": "unixtime"`, swagger.check},
		"an answer without words":  {text, `"description": "The reply."`, `"x-a": 1`, swagger.check},
		"a boolean as a condition": {properties, `"required": "true"`, `"required": true`, propertiesSchema.check},
		"an unknown policy":        {properties, `"dynamichosturl"`, `"dynamichost"`, propertiesSchema.check},
		"an operation twice":       {some, `"operationId": "GetModelInfo"`, `"operationId": "ListModels"`, asSwagger},
		"a dangling reference":     {some, `#/definitions/Error`, `#/definitions/Errors`, asSwagger},
		"a default that is none":   {some, `"default": "2024-05-01-preview"`, `"default": "soon"`, asSwagger},
		"a parameter from nowhere": {some, `"in": "query"`, `"in": "path"`, asSwagger},
	} {
		t.Run(name, func(t *testing.T) {
			bad := strings.Replace(c.text, c.old, c.new, 1)
			if bad == c.text {
				t.Fatalf("there is no %s to spoil", c.old)
			}
			if c.check([]byte(bad)) == nil {
				t.Errorf("%s in place of %s goes unseen", c.new, c.old)
			}
		})
	}
}

// asSwagger validates a document by the rules of Swagger 2.0, those that its schema cannot say among them.
func asSwagger(text []byte) error {
	document, err := loads.Analyzed(json.RawMessage(text), "")
	if err != nil {
		return err
	}
	return validate.Spec(document, strfmt.Default)
}

// An officialSchema is one of the schemas of testdata, compiled.
type officialSchema struct{ *jsonschema.Schema }

func (s officialSchema) check(text []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return s.Validate(value)
}

func official(t *testing.T, name string) officialSchema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	delete(value.(map[string]any), "id") // an address that is not to be fetched
	compiler := jsonschema.NewCompiler()
	compiler.UseRegexpEngine(lookingAhead)
	if err := compiler.AddResource(name, value); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return officialSchema{compiled}
}

// pattern is a regular expression as JavaScript has it.
type pattern struct{ *regexp2.Regexp }

func lookingAhead(text string) (jsonschema.Regexp, error) {
	compiled, err := regexp2.Compile(text, regexp2.ECMAScript)
	return pattern{compiled}, err
}

// MatchString implements jsonschema.Regexp.
func (p pattern) MatchString(text string) bool {
	matches, err := p.Regexp.MatchString(text)
	return err == nil && matches
}
