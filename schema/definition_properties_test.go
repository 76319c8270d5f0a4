package schema_test

import "slices"

// propertiesRules are the rules for apiProperties.json.
var propertiesRules = map[string]rule{
	"a key that is kept": {
		func(d document) []string {
			key := dig(d.root, "properties", "connectionParameters", "api_key")
			return one(when(wording(key, "type") != "securestring" || dig(key, "uiDefinition", "constraints", "clearText") != false, "got %v", key))
		},
		[]string{`"api_key"`, `"key"`, `"securestring"`, `"string"`, `"clearText": false`, `"clearText": true`},
	},
	"parameters that are explained and needed": {
		func(d document) (complaints []string) {
			parameters := members(dig(d.root, "properties", "connectionParameters"))
			for _, name := range sortedNames(parameters) {
				shown := members(dig(parameters, name, "uiDefinition"))
				if wording(shown, "displayName") == "" || wording(shown, "description") == "" || wording(shown, "tooltip") == "" || dig(shown, "constraints", "required") != "true" {
					complaints = append(complaints, name)
				}
			}
			return complaints
		},
		[]string{`"required": "true"`, `"required": true`, `"tooltip"`, `"hint"`},
	},
	"a policy for the endpoint": {
		func(d document) []string {
			policy := dig(d.root, "properties", "policyTemplateInstances", 0, "parameters")
			values := []any{dig(policy, "x-ms-apimTemplateParameter.urlTemplate"), dig(policy, "x-ms-apimTemplateParameter.value")}
			return one(when(!slices.Contains(values, any("@connectionParameters('endpoint')")), "got %v", policy))
		},
		[]string{`@connectionParameters('endpoint')`, `@connectionParameters('url')`},
	},
	"a colour of one's own": {
		func(d document) []string {
			colour := wording(d.root["properties"], "iconBrandColor")
			return one(when(len(colour) != 7 || colour == "#007ee5" || colour == "#ffffff", "got %s", colour))
		},
		[]string{`#1f6f8b`, `#007ee5`, `#1f6f8b`, `#ffffff`, `#1f6f8b`, `teal`},
	},
	"actions, and someone who answers for them": {
		func(d document) []string {
			properties := d.root["properties"]
			return one(when(!slices.Equal(array(members(properties)["capabilities"]), []any{"actions"}) || wording(properties, "publisher") == "" ||
				members(properties)["stackOwner"] != nil, "got %v", properties))
		},
		[]string{`"actions"`, `"triggers"`, `"publisher": "Inference Connector"`, `"publisher": ""`, `"publisher"`, `"stackOwner": "a", "publisher"`},
	},
	"four spaces, no others": {layout, []string{"\n    \"properties\"", "\n   \"properties\""}},
}
