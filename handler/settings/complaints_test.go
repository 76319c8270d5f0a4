package settings_test

import (
	"errors"
	"os"
	"strings"
	"testing"

	"inferenceconnector/handler/settings"
)

// hush stands where a secret could. No complaint may repeat it.
const hush = "hush-this-is-a-secret"

// complaints loads what must not be taken and returns what is said about it.
func complaints(t testing.TB, file string, environment ...string) []string {
	t.Helper()
	s, err := load(t, file, environment...)
	problems, ok := errors.AsType[settings.Problems](err)
	if !ok || s != nil {
		t.Fatalf("got %v and %v, want only Problems", s, err)
	}
	if strings.Contains(err.Error(), hush) {
		t.Errorf("a secret is in %q", err)
	}
	equal(t, "text", err.Error(), strings.Join(problems, "\n"))
	return problems
}

// TestMistakesInAConnection has one mistake in each connection that is otherwise sound.
func TestMistakesInAConnection(t *testing.T) {
	for name, test := range map[string]struct{ connection, want string }{
		"no object":             {`[]`, `connections.a must be an object`},
		"unknown key":           {`{"enpoint":"x","endpoint":"https://h/models"}`, `connections.a.enpoint is not a known name here; known here: apiVersion, authentication, callers, deployments, displayName, egress, endpoint, family, rateLimit`},
		"nothing":               {`{}`, `connections.a.endpoint is missing; a connection needs one, or deployments that have one`},
		"endpoint type":         {`{"endpoint":["` + hush + `"]}`, `connections.a.endpoint must be a text`},
		"endpoint empty":        {`{"endpoint":""}`, `connections.a.endpoint must have at least 1 character`},
		"endpoint no URL":       {`{"endpoint":"` + hush + `"}`, `connections.a.endpoint must be a whole URL, such as https://team.services.ai.azure.com/models`},
		"endpoint broken":       {`{"endpoint":"https://h:` + hush + `/"}`, `connections.a.endpoint must be a whole URL, such as https://team.services.ai.azure.com/models`},
		"endpoint scheme":       {`{"endpoint":"ftp://h/models"}`, `connections.a.endpoint must begin with https://`},
		"endpoint plain":        {`{"endpoint":"http://h/models"}`, `connections.a.endpoint must begin with https://; egress.allowPlainHttp permits http`},
		"endpoint address":      {`{"endpoint":"https://10.0.0.1/models"}`, `connections.a.endpoint must be a host name; egress.allowCidrs permits an address such as 10.0.0.1`},
		"endpoint user":         {`{"endpoint":"https://u:` + hush + `@h/models"}`, `connections.a.endpoint must not hold a user name or password; a key goes into authentication`},
		"endpoint query":        {`{"endpoint":"https://h/models?key=` + hush + `"}`, `connections.a.endpoint must not have a query; an api-version goes into apiVersion`},
		"endpoint fragment":     {`{"endpoint":"https://h/models#` + hush + `"}`, `connections.a.endpoint must not have a fragment (#...)`},
		"endpoint project":      {`{"endpoint":"https://team.services.ai.azure.com/api/projects/p"}`, `connections.a.endpoint is a project's address; its models are at https://NAME.services.ai.azure.com/models`},
		"version unused":        {`{"endpoint":"https://h/v1","apiVersion":"2024-10-21"}`, `connections.a.apiVersion is not used by the family openai-compatible; remove it`},
		"fixed":                 {`{"endpoint":"https://h/openai/deployments/gpt","deployments":{"GPT":{},"small":{"model":"gpt"},"other":{}}}`, `connections.a.deployments.other would be answered by gpt, to which the path of the connection's endpoint is fixed; give it an endpoint of its own, or end that address before /openai/deployments`},
		"family":                {`{"endpoint":"https://h/models","family":"gpt"}`, `connections.a.family must be one of ai-services, azure-openai, github-models, managed-online, openai-compatible, serverless`},
		"version":               {`{"endpoint":"https://h/models","apiVersion":"latest"}`, `connections.a.apiVersion must be a date such as 2024-05-01-preview`},
		"family without":        {`{"family":"serverless","deployments":{"d":{"endpoint":"https://h/v1"}}}`, `connections.a.endpoint is missing, but needed for family; add it, or remove family`},
		"authentication":        {`{"endpoint":"https://h/models","authentication":"` + hush + `"}`, `connections.a.authentication must be an object, such as {"type":"Key","value":"@appsetting('NAME')"}`},
		"authentication type":   {`{"endpoint":"https://h/models","authentication":{"type":"Basic"}}`, `connections.a.authentication.type must be one of Key, ManagedServiceIdentity, ActiveDirectoryOAuth, Default, None`},
		"authentication name":   {`{"endpoint":"https://h/models","authentication":{"type":"Key","value":"k","key":"` + hush + `"}}`, `connections.a.authentication.key is not a known name here; known here: type, value`},
		"authentication value":  {`{"endpoint":"https://h/models","authentication":{"type":"Key"}}`, `connections.a.authentication.value is missing; give the endpoint's key, best as @appsetting('NAME')`},
		"authentication empty":  {`{"endpoint":"https://h/models","authentication":{"type":"Key","value":""}}`, `connections.a.authentication.value is empty; give the endpoint's key, best as @appsetting('NAME')`},
		"authentication blanks": {`{"endpoint":"https://h/models","authentication":{"type":"Key","value":"` + hush + `\n"}}`, `connections.a.authentication.value has blanks or characters that no key has; copy it again, without line ends`},
		"limit name":            {`{"endpoint":"https://h/models","rateLimit":{"call":1}}`, `connections.a.rateLimit.call is not a known name here; did you mean calls?`},
		"limit zero":            {`{"endpoint":"https://h/models","rateLimit":{"calls":0}}`, `connections.a.rateLimit.calls must be between 1 and 1000000`},
		"limit type":            {`{"endpoint":"https://h/models","rateLimit":{"renewalPeriod":"60"}}`, `connections.a.rateLimit.renewalPeriod must be a whole number`},
		"egress name":           {`{"endpoint":"https://h/models","egress":{"allowHttp":true}}`, `connections.a.egress.allowHttp is not a known name here; did you mean allowPlainHttp?`},
		"egress type":           {`{"endpoint":"https://h/models","egress":{"allowPlainHttp":"yes"}}`, `connections.a.egress.allowPlainHttp must be true or false`},
		"egress range":          {`{"endpoint":"https://h/models","egress":{"allowCidrs":["10.0.0.0/8","10.0.0.1"]}}`, `connections.a.egress.allowCidrs[1] must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{"connections":{"a":`+test.connection+`}}`)
			equalList(t, "complaints", got, []string{test.want})
		})
	}
}

func TestMistakesInADeployment(t *testing.T) {
	for name, test := range map[string]struct{ deployments, want string }{
		"lacks twice":        {`{"d":{"lacks":["seed","stop","seed"]}}`, `connections.a.deployments.d.lacks[2] is listed before; remove it`},
		"lacks its default":  {`{"d":{"lacks":["top_p"],"defaults":{"top_p":0.5}}}`, `connections.a.deployments.d.defaults.top_p is never sent, as the deployment lacks it; remove it here or there`},
		"no object":          {`{"d":1}`, `connections.a.deployments.d must be an object: {} for a model that needs nothing said, or one such as {"model":"llama3.2"}`},
		"unknown key":        {`{"d":{"modle":"x"}}`, `connections.a.deployments.d.modle is not a known name here; did you mean model?`},
		"model":              {`{"d":{"model":""}}`, `connections.a.deployments.d.model must have at least 1 character`},
		"endpoint":           {`{"d":{"endpoint":"http://h/v1"}}`, `connections.a.deployments.d.endpoint must begin with https://; egress.allowPlainHttp permits http`},
		"credential without": {`{"d":{"authentication":{"type":"None"},"apiVersion":"2024-10-21"}}`, `connections.a.deployments.d.endpoint is missing, but needed for authentication; add it, or remove authentication`},
		"same name":          {`{"GPT-4o":{},"gpt-4O":{}}`, `connections.a.deployments.gpt-4O is the same name as GPT-4o, as letter case is ignored; rename one`},
		"defaults type":      {`{"d":{"defaults":[]}}`, `connections.a.deployments.d.defaults must be an object`},
		"default unknown":    {`{"d":{"defaults":{"max_tokens":5}}}`, `connections.a.deployments.d.defaults.max_tokens is not a parameter with a default; those are temperature, top_p, frequency_penalty, presence_penalty`},
		"default range":      {`{"d":{"defaults":{"temperature":1.5}}}`, `connections.a.deployments.d.defaults.temperature must be between 0 and 1, or null to send none`},
		"default type":       {`{"d":{"defaults":{"top_p":"1"}}}`, `connections.a.deployments.d.defaults.top_p must be a number, or null to send none`},
		"reasoning type":     {`{"d":{"reasoning":"yes"}}`, `connections.a.deployments.d.reasoning must be true or false`},
		"reasoning default":  {`{"d":{"reasoning":true,"defaults":{"temperature":0}}}`, `connections.a.deployments.d.defaults are never sent to a reasoning model; remove them, or reasoning`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{"connections":{"a":{"endpoint":"https://h/models","deployments":`+test.deployments+`}}}`)
			equalList(t, "complaints", got, []string{test.want})
		})
	}
	t.Run("no endpoint anywhere", func(t *testing.T) {
		got := complaints(t, `{"connections":{"a":{"deployments":{"d":{"endpoint":"https://h/v1"},"e":{}}}}}`)
		equalList(t, "complaints", got, []string{`connections.a.endpoint is missing, and these deployments have none of their own: e`})
	})
}

func TestMistakesAboutCallers(t *testing.T) {
	const short, remedy = hush, "must have at least 32 characters; make one with: openssl rand -hex 32"
	for name, test := range map[string]struct{ callers, want string }{
		"no list":      {`{"x":"` + hush + `"}`, `connections.a.callers must be a list, such as [{"name":"orders","key":"@appsetting('ORDERS_KEY')"}]`},
		"nobody":       {`[]`, `connections.a.callers must have at least one caller; remove it where nobody needs a key`},
		"unknown key":  {`[{"name":"x","key":"` + keyA + `","keys":["` + hush + `"]}]`, `connections.a.callers[0].keys is not a known name here; known here: appId, key, name, role`},
		"no name":      {`[{"key":"` + keyA + `"}]`, `connections.a.callers[0].name is missing; it tells callers apart in the log`},
		"bad name":     {`[{"name":"x y","key":"` + keyA + `"}]`, `connections.a.callers[0].name must be 1 to 64 letters, digits, dots, underscores or hyphens`},
		"no key":       {`[{"name":"x"}]`, `connections.a.callers[0].key is missing; give the key that this caller presents, best as @appsetting('NAME')`},
		"key type":     {`[{"name":"x","key":7}]`, `connections.a.callers[0].key must be a text or a list`},
		"no keys":      {`[{"name":"x","key":[]}]`, `connections.a.callers[0].key must have at least 1 item`},
		"short key":    {`[{"name":"x","key":"` + short + `"}]`, `connections.a.callers[0].key ` + remedy},
		"one is short": {`[{"name":"x","key":["` + keyA + `","` + short + `"]}]`, `connections.a.callers[0].key[1] ` + remedy},
		"odd key":      {`[{"name":"x","key":"` + hush + `,` + keyA + `"}]`, `connections.a.callers[0].key must consist of letters, digits and signs, without blanks and commas`},
		"same key":     {`[{"name":"x","key":"` + keyA + `"},{"name":"y","key":["` + keyB + `","` + keyA + `"]}]`, `connections.a.callers[1].key[1] is the same as callers[0].key; give each caller keys of its own`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{"connections":{"a":{"endpoint":"https://h/models","callers":`+test.callers+`}}}`)
			equalList(t, "complaints", got, []string{test.want})
		})
	}
}

func TestMistakesOfTheWholeFile(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"cut":              {`{"connections":{"a":{"endpoint":"` + hush, `connections.json cannot be read: it ends too early, line 1, column 55`},
		"twice":            {`{"connections":{"a":{},"a":{}}}`, `connections.json cannot be read: the name "a" appears twice in one object, line 1, column 24`},
		"list":             {`[]`, `connections.json cannot be read: it must be one object, in braces, line 1, column 1`},
		"no connections":   {`{}`, `connections is missing; give one connection at least, or byo`},
		"unknown key":      {`{"connections":{"a":{"endpoint":"https://h/models"}},"connection":{}}`, `connection is not a known name here; known here: auth, byo, connections, schedules, triggers`},
		"connections type": {`{"connections":[]}`, `connections must be an object with the connections by name`},
		"none":             {`{"connections":{}}`, `connections must have at least 1 entry`},
		"bad name":         {`{"connections":{"Bad_Name":{"endpoint":"https://h/models"}}}`, `connections.Bad_Name must be a name of lower-case letters, digits and hyphens, at most 63`},
		"appsetting":       {`{"connections":{"a":{"endpoint":"https://h/models","displayName":"@appsetting(TEAM)"}}}`, `connections.a.displayName must be written as @appsetting('NAME')`},
		"appsetting gone":  {`{"connections":{"a":{"endpoint":"@appsetting('GONE')","callers":[{"name":"x","key":["@appsetting('GONE')"]}]}}}`, "connections.a.endpoint names the setting GONE, which is not in the environment; set it, or correct the name\nconnections.a.callers[0].key[0] names the setting GONE, which is not in the environment; set it, or correct the name"},
	} {
		t.Run(name, func(t *testing.T) {
			equalList(t, "complaints", complaints(t, test.file), strings.Split(test.want, "\n"))
		})
	}
}

func TestAFileThatCannotBeRead(t *testing.T) {
	equalList(t, "named", complaints(t, "", "CONNECTOR_CONNECTIONS_FILE=gone.json"),
		[]string{"CONNECTOR_CONNECTIONS_FILE cannot be read: open gone.json: no such file or directory"})
	t.Run("usual", func(t *testing.T) {
		_ = mustLoad(t, "") // for the working directory and the environment
		if err := os.Mkdir("connections.json", 0o700); err != nil {
			t.Fatal(err)
		}
		_, err := settings.Load(settings.Standalone, nil, emulator)
		equal(t, "complaint", err.Error(), "connections.json cannot be read: read connections.json: is a directory")
	})
}
