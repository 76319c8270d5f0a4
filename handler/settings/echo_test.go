package settings_test

import (
	"strings"
	"testing"
)

func lines(text string) []string { return strings.Split(text, "\n") }

// One mistake is one complaint, though more than one rule is broken by it.
func TestNoEchoes(t *testing.T) {
	const known = " is not a known name here; did you mean "
	for name, test := range map[string]struct{ connection, want string }{
		"endpoint misspelt":       {`{"enpoint":"https://h/models"}`, `connections.a.enpoint` + known + `endpoint?`},
		"deployments misspelt":    {`{"deployment":{"d":{"endpoint":"https://h/models"}}}`, `connections.a.deployment` + known + `deployments?`},
		"deployments a list":      {`{"deployments":["d"]}`, `connections.a.deployments must be an object with the deployments by name, such as {"gpt-4o":{}}`},
		"callers misspelt":        {`{"endpoint":"https://h/models","caller":[]}`, `connections.a.caller` + known + `callers?`},
		"egress misspelt":         {`{"endpoint":"http://10.0.0.1/models","egres":{"allowPlainHttp":true}}`, `connections.a.egres` + known + `egress?`},
		"opt-in misspelt":         {`{"endpoint":"http://h/models","egress":{"plainHttp":true}}`, `connections.a.egress.plainHttp` + known + `allowPlainHttp?`},
		"an address for a range":  {`{"endpoint":"https://10.0.0.1/models","egress":{"allowCidrs":["10.0.0.1"]}}`, `connections.a.egress.allowCidrs[0] must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address`},
		"ranges no list":          {`{"endpoint":"https://10.0.0.1/models","egress":{"allowCidrs":"10.0.0.0/8"}}`, `connections.a.egress.allowCidrs must be a list`},
		"authentication empty":    {`{"endpoint":"https://h/models","authentication":{}}`, `connections.a.authentication.type is missing; it is Key, ManagedServiceIdentity, ActiveDirectoryOAuth, Default or None`},
		"value by another name":   {`{"endpoint":"https://h/models","authentication":{"type":"Key","secret":"` + hush + `"}}`, `connections.a.authentication.secret` + known + `value?`},
		"key by another name":     {`{"endpoint":"https://h/models","callers":[{"name":"x","secret":"` + keyA + `"}]}`, `connections.a.callers[0].secret is not a known name here; known here: appId, key, name, role`},
		"wrong, and shared":       {`{"endpoint":"https://h/models","authentication":{"type":"Key","value":" "},"deployments":{"d":{"apiVersion":"2024-10-21"}}}`, `connections.a.authentication.value has blanks or characters that no key has; copy it again, without line ends`},
		"no endpoint for several": {`{"deployments":{"d":{},"e":{},"f":{"endpoint":"https://h/v1"}}}`, `connections.a.endpoint is missing, and these deployments have none of their own: d, e`},
		"no endpoint for one":     {`{"deployments":{"d":{"family":"serverless"}}}`, `connections.a.deployments.d.endpoint is missing, but needed for family; add it, or remove family`},
		"no endpoint, misspelt":   {`{"deployments":{"d":{"endpiont":"https://h/v1"}}}`, `connections.a.deployments.d.endpiont` + known + `endpoint?`},
		"no endpoint, but more":   {`{"authentication":{"type":"None"},"apiVersion":"2024-10-21","deployments":{"d":{}}}`, `connections.a.endpoint is missing, but needed for authentication, apiVersion; add it, or remove authentication, apiVersion`},
		"setting gone twice":      {`{"endpoint":"https://@appsetting('GONE')/@appsetting('GONE')"}`, `connections.a.endpoint names the setting GONE, which is not in the environment; set it, or correct the name`},
		"defaults that reason":    {`{"endpoint":"https://h/models","deployments":{"d":{"reasoning":true,"defaults":{"temperature":7,"n":1}}}}`, `connections.a.deployments.d.defaults are never sent to a reasoning model; remove them, or reasoning`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{"connections":{"a":`+test.connection+`}}`, "CONNECTOR_LISTEN=127.0.0.1:0")
			equalList(t, "complaints", got, []string{test.want})
		})
	}
	t.Run("nobody to ask for callers", func(t *testing.T) {
		got := complaints(t, `{"connections":{"a":{"endpoint":"https://h/models","caller":[]}}}`, "CONNECTOR_LISTEN=0.0.0.0:0")
		equalList(t, "complaints", got, []string{`connections.a.caller` + known + `callers?`})
	})
}

// What is a mistake of its own is told beside another, though the places are near.
func TestNoComplaintIsTakenForAnEcho(t *testing.T) {
	for name, test := range map[string]struct{ connection, want string }{
		"names that begin alike": {`{"endpoint":"https://h/models","deployments":{"gpt-4":7,"gpt-4.1":{"endpoint":"` + hush + `"}}}`,
			"connections.a.deployments.gpt-4 must be an object: {} for a model that needs nothing said, or one such as {\"model\":\"llama3.2\"}\n" +
				"connections.a.deployments.gpt-4.1.endpoint must be a whole URL, such as https://team.services.ai.azure.com/models"},
		"another mistake of egress": {`{"endpoint":"http://10.0.0.1/models","egress":{"allowCidrs":["10.0.0.1"]}}`,
			"connections.a.endpoint must begin with https://; egress.allowPlainHttp permits http\n" +
				"connections.a.egress.allowCidrs[0] must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address"},
		"below a name": {`{"endpoint":"https://h/models","deployments":{"":{"lacks":["` + hush + `","seed"],"defaults":{"n":1}}}}`,
			"connections.a.deployments needs a name of 1 to 256 characters\n" +
				"connections.a.deployments.\"\".lacks[0] must be one of tools, tool_choice, response_format.json_object, response_format.json_schema, image_url, " +
				"audio_url, input_audio, modalities, seed, stop, stream, temperature, top_p, frequency_penalty, presence_penalty, max_tokens, dimensions, encoding_format, input_type\n" +
				"connections.a.deployments.\"\".defaults.n is not a parameter with a default; those are temperature, top_p, frequency_penalty, presence_penalty"},
		"a name with a line end": {`{"endpoint":"https://h/models","deployments":{"a\nb":7,"c":7}}`,
			"connections.a.deployments.\"a\\nb\" must be an object: {} for a model that needs nothing said, or one such as {\"model\":\"llama3.2\"}\n" +
				"connections.a.deployments.c must be an object: {} for a model that needs nothing said, or one such as {\"model\":\"llama3.2\"}"},
	} {
		t.Run(name, func(t *testing.T) {
			equalList(t, "complaints", complaints(t, `{"connections":{"a":`+test.connection+`}}`), lines(test.want))
		})
	}
}

// A value in the place of a setting's name is a secret that went astray.
func TestNamesOfSettingsThatMayBeKeysAreNotTold(t *testing.T) {
	const told, hidden = " names the setting NAME, which is not in the environment; set it, or correct the name",
		" names a setting that is not in the environment; between the quotes goes a name, not a value"
	for name, want := range map[string]string{
		"GONE": told, "AZUREAI_ENDPOINT_KEY_OF_THE_BLUE_TEAM": told, "ApiKeyOfTeam": told,
		hush: hidden, keyA: hidden, "sk-abc": hidden, "": hidden, "DEADBEEFDEADBEEFDEADBEEFDEADBEEF": hidden,
	} {
		got := complaints(t, `{"connections":{"a":{"endpoint":"https://h/models","displayName":"@appsetting('`+name+`')"}}}`)
		equalList(t, name, got, []string{"connections.a.displayName" + strings.Replace(want, "NAME", name, 1)})
	}
}

func TestAMarkInFrontOfTheFileIsNotRead(t *testing.T) {
	equal(t, "name", only(t, mustLoad(t, "\ufeff"+`{"connections":{"a":{"endpoint":"https://h/models"}}}`)).Name, "a")
}
