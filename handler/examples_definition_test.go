package main_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// An imported is a connector as a flow knows it: its definition, and one connection.
type imported struct {
	definition struct {
		BasePath string
		Paths    map[string]map[string]operation
	}
	host string
}

type operation struct {
	OperationID string
	Parameters  []definedInput
	Responses   map[string]struct{ Schema definedInput }
}

type definedInput struct {
	Name, In, Type string
	Required       any // of a parameter whether it is, of an object which are
	Default        any
	Visibility     string `json:"x-ms-visibility"`
	Schema         *definedInput
	Properties     map[string]*definedInput
}

// An input is a field of an action's form. Its name is "body/..." in a body.
type flowInput struct {
	in, kind, visibility string
	required             bool
	standard             any
}

// importDefinition imports from the address that the README gives.
func importDefinition(t *testing.T, r *running) *imported {
	t.Helper()
	response, err := http.Get(r.url + "/connector/logic-apps/apiDefinition.swagger.json")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	i := &imported{host: r.url}
	if err := json.NewDecoder(response.Body).Decode(&i.definition); err != nil {
		t.Fatal(err)
	}
	return i
}

func (i *imported) find(t *testing.T, id string) (method, path string, o operation) {
	t.Helper()
	for path, methods := range i.definition.Paths {
		for method, o := range methods {
			if o.OperationID == id {
				return strings.ToUpper(method), path, o
			}
		}
	}
	t.Fatalf("the definition has no operation %s", id)
	return "", "", o
}

// inputs are the fields of an operation's form.
func (i *imported) inputs(t *testing.T, id string) map[string]flowInput {
	t.Helper()
	_, _, o := i.find(t, id)
	all := map[string]flowInput{}
	for _, p := range o.Parameters {
		if p.In != "body" {
			all[p.Name] = flowInput{p.In, p.Type, p.Visibility, p.Required == true, p.Default}
			continue
		}
		needed, _ := p.Schema.Required.([]any)
		for name, property := range p.Schema.Properties {
			input := flowInput{"body", property.Type, property.Visibility, false, property.Default}
			for _, n := range needed {
				input.required = input.required || n == name
			}
			all["body/"+name] = input
		}
	}
	return all
}

// call makes an operation's request of what a flow has for its fields, and returns its outputs as a flow names
// them: those of the definition, and the members of untyped objects.
func (i *imported) call(t *testing.T, id string, given map[string]any) map[string]any {
	t.Helper()
	method, path, o := i.find(t, id)
	query, headers, body := url.Values{}, http.Header{"Content-Type": {"application/json"}, "Api-Key": {programKey}}, map[string]any{}
	inputs := i.inputs(t, id)
	for name := range given {
		if _, known := inputs[name]; !known {
			t.Errorf("%s has no field %s", id, name)
		}
	}
	for name, input := range inputs {
		value, is := given[name]
		if value == nil && !is {
			value = input.standard // designers send it
		}
		switch {
		case value == nil && input.required:
			t.Errorf("%s is missing", name)
		case value == nil:
		case input.in == "query":
			query.Set(name, value.(string))
		case input.in == "header":
			headers.Set(name, value.(string))
		default:
			checkKind(t, name, input.kind, value)
			body[strings.TrimPrefix(name, "body/")] = value
		}
	}
	text, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, i.host+strings.TrimSuffix(i.definition.BasePath, "/")+path+"?"+query.Encode(), bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	request.Header = headers
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		t.Fatalf("got %d: %s", response.StatusCode, answer)
	}
	var values map[string]any
	decodeStrictly(t, answer, &values)
	outputs := map[string]any{}
	for name, property := range o.Responses["200"].Schema.Properties {
		outputs["body/"+name] = values[name]
		if members, isObject := values[name].(map[string]any); isObject && property.Properties == nil {
			for member, value := range members {
				outputs["body/"+name+"/"+member] = value
			}
		}
	}
	return outputs
}

// checkKind compares a value with the type of its field: a form takes no other.
func checkKind(t *testing.T, name, kind string, value any) {
	t.Helper()
	got := map[string]bool{}
	switch value := value.(type) {
	case string:
		got["string"] = true
	case float64:
		got["number"], got["integer"] = true, value == float64(int64(value))
	case bool:
		got["boolean"] = true
	case []any:
		got["array"] = true
	case map[string]any:
		got["object"] = true
	}
	if !got[kind] {
		t.Errorf("%s is a field for %s, got %v", name, kind, value)
	}
}
