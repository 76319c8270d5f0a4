package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"inferenceconnector/schema"
)

// bindings returns the bindings of an action's function, or with nil those of Rest.
func bindings(t *testing.T, auth string, action *schema.Action) []map[string]any {
	t.Helper()
	text, err := function(options{auth: auth}, action)
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Bindings []map[string]any }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	return file.Bindings
}

var levels = map[string]string{"keys": "anonymous", "platform": "function"}

func TestFunctions(t *testing.T) {
	actions := loadActions(t)
	t.Chdir("../..")
	for auth, level := range levels {
		all := []any{"get", "post", "put", "patch", "delete", "head", "options"}
		compareFunction(t, bindings(t, auth, nil), level, "{*path}", all)
		for _, action := range actions {
			compareFunction(t, bindings(t, auth, action), level, strings.TrimPrefix(action.Path, "/"), []any{strings.ToLower(action.Method)})
		}
	}
}

func compareFunction(t *testing.T, got []map[string]any, level, route string, methods []any) {
	t.Helper()
	want := []map[string]any{
		{"type": "httpTrigger", "direction": "in", "name": "req", "authLevel": level, "methods": methods, "route": route},
		{"type": "http", "direction": "out", "name": "res"}, // one in, one out: the host proxies or forwards such functions only
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got bindings %v, want %v", got, want)
	}
}

// The host tries functions in the order of their names, so Rest would hide one that comes after it.
func TestActionsComeBeforeRest(t *testing.T) {
	for _, action := range loadActions(t) {
		if action.ID >= "Rest" {
			t.Errorf("requests for %s would be counted as Rest's", action.ID)
		}
	}
}

// official compiles a published schema, or with a fragment a part of it.
func official(t *testing.T, name, fragment string) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "schemas", name))
	if err != nil {
		t.Fatal(err)
	}
	compiler := jsonschema.NewCompiler()
	published := "https://json.schemastore.org/" + name
	if err := compiler.AddResource(published, bytes.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	compiled, err := compiler.Compile(published + fragment)
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

func decodeFile(t *testing.T, path string) (value any) {
	t.Helper()
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, &value)
	}
	if err != nil {
		t.Fatal(err)
	}
	return value
}

func TestFilesFitTheOfficialSchemas(t *testing.T) {
	for schemaFile, path := range map[string]string{
		"host.json":           "../../host.json",
		"local.settings.json": "../azure/local.settings.json",
	} {
		if err := official(t, schemaFile, "").Validate(decodeFile(t, path)); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestBindingsFitTheOfficialDefinitions(t *testing.T) {
	base, http := official(t, "function.json", "#/definitions/bindingBase"), official(t, "function.json", "#/definitions/httpBinding")
	check := func(binding any) error {
		if err := base.Validate(binding); err != nil {
			return err
		}
		return http.Validate(binding)
	}
	actions := append(loadActions(t), nil)
	t.Chdir("../..")
	for auth := range levels {
		for _, action := range actions {
			for _, binding := range bindings(t, auth, action) {
				if err := check(map[string]any(binding)); err != nil {
					t.Errorf("%s, %s: %v", auth, binding["route"], err)
				}
			}
		}
	}
	wrong := bindings(t, "keys", nil)[0]
	wrong["authLevel"] = "everyone"
	if check(map[string]any(wrong)) == nil {
		t.Error("the definition takes any authLevel: it checks nothing")
	}
}
