package schema_test

import (
	"encoding/json"
	"slices"
	"sync"
	"testing"

	"inferenceconnector/schema"
)

func TestValues(t *testing.T) {
	const words = "must be a date such as 2024-05-01-preview or 2025-04-01"
	for name, test := range map[string]struct {
		action string
		place  schema.Place
		values map[string]string
		want   string // of the one violation
		code   string
	}{
		"version":                 {chatID, schema.Query, map[string]string{"api-version": "2025-04-01"}, "", ""},
		"preview":                 {chatID, schema.Query, map[string]string{"api-version": "2024-05-01-preview"}, "", ""},
		"version not ours":        {chatID, schema.Query, map[string]string{"api-version": "1999-99-99"}, "", ""},
		"version and more":        {chatID, schema.Query, map[string]string{"api-version": "2025-04-01", "code": "x"}, "", ""},
		"no version":              {chatID, schema.Query, nil, "api-version is missing", ""},
		"version in capitals":     {chatID, schema.Query, map[string]string{"API-Version": "2025-04-01"}, "api-version is missing", ""},
		"version empty":           {chatID, schema.Query, map[string]string{"api-version": ""}, "api-version " + words, "UnsupportedApiVersion"},
		"version a word":          {chatID, schema.Query, map[string]string{"api-version": "latest"}, "api-version " + words, "UnsupportedApiVersion"},
		"version short":           {chatID, schema.Query, map[string]string{"api-version": "2024-5-1"}, "api-version " + words, "UnsupportedApiVersion"},
		"version of another kind": {chatID, schema.Query, map[string]string{"api-version": "2024-05-01-beta"}, "api-version " + words, "UnsupportedApiVersion"},
		"version and a line feed": {chatID, schema.Query, map[string]string{"api-version": "2024-05-01\n"}, "api-version " + words, "UnsupportedApiVersion"},
		"version behind a space":  {chatID, schema.Query, map[string]string{"api-version": " 2024-05-01"}, "api-version " + words, "UnsupportedApiVersion"},
		"other digits":            {chatID, schema.Query, map[string]string{"api-version": "２０２４-05-01"}, "api-version " + words, "UnsupportedApiVersion"},
		"no headers":              {chatID, schema.Header, nil, "", ""},
		"error":                   {chatID, schema.Header, map[string]string{"extra-parameters": "error"}, "", ""},
		"drop":                    {chatID, schema.Header, map[string]string{"extra-parameters": "drop"}, "", ""},
		"pass-through":            {chatID, schema.Header, map[string]string{"extra-parameters": "pass-through"}, "", ""},
		"another mode":            {chatID, schema.Header, map[string]string{"extra-parameters": "keep"}, "extra-parameters must be one of error, drop, pass-through", ""},
		"mode empty":              {chatID, schema.Header, map[string]string{"extra-parameters": ""}, "extra-parameters must be one of error, drop, pass-through", ""},
		"mode in capitals":        {chatID, schema.Header, map[string]string{"extra-parameters": "Drop"}, "extra-parameters must be one of error, drop, pass-through", ""},
		"deployment":              {chatID, schema.Header, map[string]string{"azureml-model-deployment": "blue"}, "", ""},
		"deployment empty":        {chatID, schema.Header, map[string]string{"azureml-model-deployment": ""}, "azureml-model-deployment must have at least 1 character", ""},
		"deployment long":         {chatID, schema.Header, map[string]string{"azureml-model-deployment": text(257)}, "azureml-model-deployment must have at most 256 characters", ""},
		"mesh name long":          {chatID, schema.Header, map[string]string{"x-ms-model-mesh-model-name": text(257)}, "x-ms-model-mesh-model-name must have at most 256 characters", ""},
		"info of a model":         {"GetModelInfo", schema.Query, map[string]string{"api-version": "2025-04-01", "model": "m"}, "", ""},
		"info without version":    {"GetModelInfo", schema.Query, map[string]string{"model": "m"}, "api-version is missing", ""},
		"info of no model":        {"GetModelInfo", schema.Query, map[string]string{"api-version": "2025-04-01", "model": ""}, "model must have at least 1 character", ""},
		"list without version":    {"ListModels", schema.Query, nil, "", ""},
		"list with bad version":   {"ListModels", schema.Query, map[string]string{"api-version": "x"}, "api-version " + words, "UnsupportedApiVersion"},
		"list takes no header":    {"ListModels", schema.Header, map[string]string{"extra-parameters": "x"}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			violations := action(t, test.action).CheckValues(test.place, test.values)
			var got, code string
			if len(violations) == 1 {
				got, code = sentence(violations[0]), violations[0].Code
			}
			if len(violations) > 1 || got != test.want || code != test.code && got != "api-version is missing" {
				t.Errorf("got %+v, want %q with code %q", violations, test.want, test.code)
			}
		})
	}
}

func TestViolation(t *testing.T) {
	violations := action(t, chatID).CheckBody(parse(t, with(`"stop":["a",{"b":0.10}],"tools":[{"type":"function","function":{}}]`)))
	if len(violations) != 2 {
		t.Fatalf("got %v, want 2 violations", violations)
	}
	wrong, missing := violations[0], violations[1]
	if wrong.Keyword != "type" || !slices.Equal(wrong.Path, []string{"stop", "1"}) || !equal(wrong.Input, map[string]any{"b": number("0.10")}) {
		t.Errorf("got %+v, want the value at /stop/1", wrong)
	}
	if missing.Keyword != "required" || missing.Input != nil || missing.Place() != "tools[0].function.name" {
		t.Errorf("got %+v, want no value at tools[0].function.name", missing)
	}
	odd := schema.Violation{Path: []string{"a/b", "~", "0"}}
	if got := odd.Pointer(); got != "/a~1b/~0/0" {
		t.Errorf("got pointer %s", got)
	}
}

func TestActions(t *testing.T) {
	for id, want := range map[string]string{chatID: "POST /chat/completions", "GetModelInfo": "GET /info", "ListModels": "GET /models"} {
		a := action(t, id)
		if got := a.Method + " " + a.Path; got != want {
			t.Errorf("got %s of %s, want %s", got, id, want)
		}
	}
	for _, a := range actions(t) {
		if a.Summary == "" || a.Description == "" || a.Visibility == "" || a.Method == "" || a.Path == "" {
			t.Errorf("%s lacks words or a route: %+v", a.ID, a)
		}
		names := map[string]bool{}
		for _, p := range a.Parameters {
			t.Run(a.ID+"/"+p.Name, func(t *testing.T) { checkParameter(t, a, p) })
			if names[p.Name] {
				t.Errorf("%s has two parameters %s", a.ID, p.Name)
			}
			names[p.Name] = true
		}
	}
}

func checkParameter(t *testing.T, a *schema.Action, p *schema.Parameter) {
	if _, container := p.Definition["properties"]; p.Summary == "" && !container {
		t.Error("has no summary and holds no parameters that have one")
	}
	if p.Description == "" {
		t.Error("has no description")
	}
	if !a.Has(p.In) || a.Parameter(p.In, p.Name) != p || a.Parameter(p.In, p.Name+"x") != nil {
		t.Error("is not found by its name")
	}
	if p.SendDefault && p.Default == "" {
		t.Error("has no default to send")
	}
	definition, err := json.Marshal(p.Definition)
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{}
	if p.Default != "" {
		texts = append(texts, p.Default)
	}
	for from, to := range p.Aliases {
		texts = append(texts, schema.Quote(to))
		if violations := a.CheckValues(p.In, map[string]string{p.Name: from}); violations == nil {
			t.Errorf("alias %s is a value of its own", from)
		}
	}
	for _, text := range texts {
		own := compile(t, `{"properties":{"value":`+string(definition)+`}}`)
		if got := own.Check(root(parse(t, `{"value":`+text+`}`))); got != nil {
			t.Errorf("got %v for %s, want a value of its own definition", got, text)
		}
	}
}

func TestDeclaredValues(t *testing.T) {
	chat := action(t, chatID)
	for name, want := range map[string]string{"temperature": "0.7", "top_p": "1", "frequency_penalty": "0", "presence_penalty": "0"} {
		if p := chat.Parameter(schema.Body, name); p.Default != want || !p.SendDefault {
			t.Errorf("got default %s of %s, want %s, and sent", p.Default, name, want)
		}
	}
	for _, p := range chat.Parameters {
		if want := p.Name == "messages" || p.Name == "api-version"; p.Required != want {
			t.Errorf("got required %v of %s, want %v", p.Required, p.Name, want)
		}
	}
	aliases := chat.Parameter(schema.Header, "extra-parameters").Aliases
	if len(aliases) != 3 || aliases["allow"] != "pass-through" || aliases["pass_through"] != "pass-through" || aliases["ignore"] != "drop" {
		t.Errorf("got aliases %v", aliases)
	}
}

func TestActionsServeManyAtOnce(t *testing.T) {
	chat, good, bad := action(t, chatID), goodBodies["every part"], badParts["the second"]
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got := chat.CheckBody(parse(t, good)); got != nil {
					t.Errorf("got %v, want no violation", got)
				}
				if got := pointers(chat.CheckBody(parse(t, bad.body))); !slices.Equal(got, []string{bad.pointer}) {
					t.Errorf("got %q, want %s", got, bad.pointer)
				}
			}
		})
	}
	group.Wait()
}
