package schema_test

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/schema"
)

const appURL = "https://app.example.net/api/connections/team"

// renderings are all the ways in which the connector is described, by name.
func renderings(t testing.TB) map[string]schema.Definition {
	t.Helper()
	address, err := url.Parse(appURL)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]schema.Definition{
		"power-platform, no address": {Target: schema.PowerPlatform},
		"power-platform, published": {Target: schema.PowerPlatform, Publisher: schema.Publisher{
			Name: `Contoso "AI"`, Website: "https://contoso.example", PrivacyPolicy: "https://contoso.example/privacy", Email: "ai@contoso.example",
		}},
	}
	for _, target := range schema.Targets {
		all[string(target)] = schema.Definition{Target: target, URL: address}
		all[string(target)+", platform"] = schema.Definition{Target: target, URL: address, Platform: true}
		all[string(target)+", brought"] = schema.Definition{Target: target, URL: address, Brought: true}
	}
	return all
}

// A document is a file of a definition, as its readers see it.
type document struct {
	text   string
	root   map[string]any
	silent bool // the designer calls nothing by itself
}

func readDocument(t testing.TB, text string) document {
	t.Helper()
	d := document{text: text}
	if err := json.Unmarshal([]byte(text), &d.root); err != nil {
		t.Fatal(err)
	}
	return d
}

func swagger(t testing.TB, d schema.Definition) document {
	t.Helper()
	file := readDocument(t, string(d.Swagger(actions(t))))
	file.silent = d.Brought && d.Target == schema.LogicApps
	return file
}

func TestDefinitionsKeepTheRules(t *testing.T) {
	for name, d := range renderings(t) {
		t.Run(name, func(t *testing.T) {
			keepsRules(t, swagger(t, d), definitionRules, designerRules)
			keepsRules(t, readDocument(t, string(d.Properties())), propertiesRules)
		})
	}
}

// TestDefinitionsDiffer has what is each rendering's own.
func TestDefinitionsDiffer(t *testing.T) {
	own := map[string][]any{
		"power-platform, no address": {"inference.example.com", "/api", "api-key", "dynamichosturl", "For example https://inference.example.com/api", nil},
		"power-platform, published":  {"inference.example.com", "/api", "api-key", "dynamichosturl", "For example https://inference.example.com/api", nil},
		"power-platform":             {"app.example.net", "/api/connections/team", "api-key", "dynamichosturl", "For example " + appURL, nil},
		"power-platform, platform":   {"app.example.net", "/api/connections/team", "x-functions-key", "dynamichosturl", "For example " + appURL, nil},
		"power-platform, brought": {"app.example.net", "/api/connections/team", "api-key", "setheader",
			"For example https://contoso.services.ai.azure.com/models", nil},
		"logic-apps":           {"app.example.net", "/api/connections/team", "api-key", nil, nil, nil},
		"logic-apps, platform": {"app.example.net", "/api/connections/team", "x-functions-key", nil, nil, nil},
		"logic-apps, brought":  {"app.example.net", "/api/connections/team", "api-key", nil, nil, "x-model-endpoint"},
	}
	for name, d := range renderings(t) {
		t.Run(name, func(t *testing.T) {
			file := swagger(t, d)
			var policy, tooltip any
			if d.Target == schema.PowerPlatform {
				properties := readDocument(t, string(d.Properties())).root
				policy = dig(properties, "properties", "policyTemplateInstances", 0, "templateId")
				tooltip = dig(properties, "properties", "connectionParameters", "endpoint", "uiDefinition", "tooltip")
			}
			var first any
			if p := dig(file.root, "paths", "/info", "get", "parameters", 0, "name"); p != "api-version" {
				first = p
			}
			got := []any{file.root["host"], file.root["basePath"], dig(file.root, "securityDefinitions", "api_key", "name"), policy, tooltip, first}
			if !slices.Equal(got, own[name]) {
				t.Errorf("got %v, want %v", got, own[name])
			}
		})
	}
}

// TestEveryActionIsDefined: an action file is all it takes.
func TestEveryActionIsDefined(t *testing.T) {
	for name, d := range renderings(t) {
		file := swagger(t, d)
		readme := string(d.Readme(actions(t)))
		for _, a := range actions(t) {
			shown := a.Visibility != "internal"
			if got := dig(file.root, "paths", a.Path, strings.ToLower(a.Method), "operationId"); got != a.ID && !(file.silent && !shown) {
				t.Errorf("%s: %s %s is %v, want %s", name, a.Method, a.Path, got, a.ID)
			}
			if strings.Contains(readme, "### "+a.Summary+"\n\n"+a.Description+"\n") != shown {
				t.Errorf("%s: %s in the readme", name, a.ID)
			}
		}
	}
}

// TestDefinitionsDemandWhatActionsDemand: a form lets nothing go out that is refused for being incomplete.
func TestDefinitionsDemandWhatActionsDemand(t *testing.T) {
	for name, d := range renderings(t) {
		file := swagger(t, d)
		for _, a := range actions(t) {
			demanded := map[string]bool{}
			for _, p := range array(dig(file.root, "paths", a.Path, strings.ToLower(a.Method), "parameters")) {
				demanded[wording(p, "name")] = members(p)["required"] == true
				for _, member := range array(dig(p, "schema", "required")) {
					demanded[member.(string)] = true
				}
				for _, member := range sortedNames(dig(p, "schema", "properties")) {
					_, given := demanded[member]
					demanded[member] = given
				}
			}
			for _, p := range a.Parameters {
				if got, shown := demanded[p.Name]; shown && got != p.Required {
					t.Errorf("%s: %s demands %s: %v, want %v", name, a.ID, p.Name, got, p.Required)
				}
			}
		}
	}
}

func TestPublisherIsNamed(t *testing.T) {
	d := renderings(t)["power-platform, published"]
	for file, text := range map[string]string{
		"swagger": string(d.Swagger(actions(t))), "properties": string(d.Properties()), "readme": string(d.Readme(actions(t))),
	} {
		if strings.Contains(text, "{") && file == "readme" || strings.Contains(text, "Inference Connector") || !strings.Contains(text, "Contoso") {
			t.Errorf("the %s does not name the publisher alone", file)
		}
	}
	readme := string(d.Readme(actions(t)))
	for _, section := range []string{"# Model Inference\n", "## Publisher: Contoso \"AI\"\n", "## Prerequisites\n", "## Supported Operations\n",
		"## Obtaining Credentials\n", "## Known Issues and Limitations\n", "## Deployment Instructions\n"} {
		if !strings.Contains(readme, section) {
			t.Errorf("the readme lacks %q", section)
		}
	}
}
