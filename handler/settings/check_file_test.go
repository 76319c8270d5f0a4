package settings_test

import (
	"strings"
	"testing"

	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

// checkFile checks a file for a host elsewhere.
func checkFile(t testing.TB, host settings.Host, file string) []string {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return settings.CheckFile(host, "c.json", []byte(file), actions)
}

// called is a connection with a caller, as hosts of others need one.
const called = `"callers":[{"name":"x","key":"@appsetting('CALLER')"}]`

// Whatever may come from settings is left open, and so is what only the environment there knows.
func TestAFileForElsewhereLeavesSettingsOpen(t *testing.T) {
	for name, file := range map[string]string{
		"everything": `{"auth":{"entra":{"tenant":"@appsetting('TENANT')","audience":"@appsetting('AUDIENCE')"}},
			"connections":{"a":{"displayName":"@appsetting('NAME')","endpoint":"@appsetting('URL')","family":"@appsetting('FAMILY')","apiVersion":"@appsetting('VERSION')",
				"authentication":{"type":"ActiveDirectoryOAuth","tenant":"@appsetting('T')","clientId":"@appsetting('C')","certificate":"@appsetting('CERTIFICATE')"},
				"egress":{"allowCidrs":["@appsetting('RANGE')"]},"callers":[{"name":"x","key":["@appsetting('K')"]},{"name":"y","appId":"@appsetting('APP')"}],
				"deployments":{"m":{"model":"@appsetting('MODEL')"},"n":{"endpoint":"https://@appsetting('HOST')/v1"}}}},
			"triggers":{"Ask":{"connection":"@appsetting('CONNECTION')","actions":["@appsetting('ACTION')"],"queue":"in-@appsetting('STAGE')","resultQueue":"@appsetting('OUT')",
				"deliverTo":{"url":"@appsetting('FLOW')"}},"More":{"connection":"a","actions":["ListModels"],"queue":"@appsetting('IN')"}},
			"schedules":{"morning":{"cron":"@appsetting('CRON')","timeZone":"@appsetting('ZONE')","action":"@appsetting('ACTION')","connection":"@appsetting('CONNECTION')",
				"input":{"model":"@appsetting('MODEL')"}}}}`,
		"model":      `{"connections":{"a":{"endpoint":"https://h/models",` + called + `,"deployments":{"m":{},"n":{}}}},"schedules":{"x":{"cron":"0 0 7 * * *","action":"GetChatCompletions","input":{"model":"@appsetting('M')","messages":[{"role":"user","content":"@appsetting('PROMPT')"}]}}}}`,
		"fixed path": `{"connections":{"a":{"endpoint":"https://h/openai/deployments/gpt",` + called + `,"deployments":{"m":{"model":"@appsetting('M')"}}}}}`,
		"no model":   `{"connections":{"a":{"endpoint":"@appsetting('URL')",` + called + `}},"schedules":{"x":{"cron":"0 0 7 * * *","action":"GetChatCompletions","input":{"messages":[{"role":"user","content":"hi"}]}}}}`,
		"zone":       `{"connections":{"a":{"endpoint":"https://h/models",` + called + `}},"schedules":{"x":{"cron":"0 0 7 * * *","timeZone":"Europe/Lisbon","action":"ListModels"}}}`,
		"token file": `{"connections":{"a":{"endpoint":"https://h.openai.azure.com","authentication":{"type":"ActiveDirectoryOAuth","tenant":"contoso.onmicrosoft.com",
			"clientId":"00000000-0000-0000-0000-000000000000","federatedTokenFile":"/var/run/no/such/token"},` + called + `}}}`,
		"trust": "\ufeff" + `{"auth":{"trustPlatform":true},"connections":{"a":{"endpoint":"https://h/models"}}}`,
	} {
		for _, host := range []settings.Host{settings.Functions, settings.Lambda} {
			equalList(t, name+" on "+string(host), checkFile(t, host, file), nil)
		}
	}
}

// Nothing of whoever checks goes into the verdict.
func TestAFileForElsewhereTakesNoSettingFromHere(t *testing.T) {
	t.Setenv("URL", "no address")
	t.Setenv("EMPTY", "")
	t.Setenv("CONNECTOR_NONSENSE", "7")
	equalList(t, "complaints", checkFile(t, settings.Lambda, `{"connections":{"a":{"endpoint":"@appsetting('URL')","displayName":"@appsetting('EMPTY')",`+called+`}}}`), nil)
}

// What does not depend on a setting is told, however near to one it is.
func TestMistakesInAFileForElsewhere(t *testing.T) {
	const open = `"connections":{"a":{"endpoint":"@appsetting('URL')",` + called + `,"deployments":{"m":{},"n":{}}}}`
	const daily = `"cron":"0 0 7 * * *","action":"GetChatCompletions"`
	for name, c := range map[string]struct{ file, want string }{
		"no JSON":            {`{`, "c.json cannot be read: it ends too early, line 1, column 2"},
		"misspelt":           {`{` + open + `,"shedules":{"x":{"cron":"@appsetting('CRON')"}}}`, "shedules is not a known name here; did you mean schedules?"},
		"misspelt beside":    {`{` + open + `,"schedules":{"x":{` + daily + `,"inputs":{"model":"@appsetting('M')"}}}}`, "schedules.x.inputs is not a known name here; did you mean input?"},
		"unknown action":     {`{` + open + `,"triggers":{"T":{"connection":"a","actions":["Chat","@appsetting('A')"]}}}`, "triggers.T.actions[0] must be one of GetChatCompletions, GetChatCompletionsFromJson, GetChatReply, GetCompletions, GetEmbeddings, GetImageEmbeddings, GetModelInfo, ListModels"},
		"no actions":         {`{` + open + `,"triggers":{"T":{"connection":"a"}}}`, `triggers.T.actions is missing; list the actions that these events may run, such as ["GetChatCompletions"]`},
		"input":              {`{` + open + `,"schedules":{"x":{` + daily + `,"input":{"model":"m","messages":[{"role":"user","content":"@appsetting('P')"}],"temperature":7}}}}`, "schedules.x.input.temperature must be between 0 and 1"},
		"model":              {`{` + open + `,"schedules":{"x":{` + daily + `,"input":{"model":"o","messages":[{"role":"user","content":"@appsetting('P')"}]}}}}`, "schedules.x.input must name a model of the connection: m, n"},
		"deliverTo":          {`{` + open + `,"schedules":{"x":{"cron":"0 0 7 * * *","action":"ListModels","deliverTo":{"url":"http://u:` + hush + `@h/"}}}}`, "schedules.x.deliverTo.url must not hold a user name or password\nschedules.x.deliverTo.url must begin with https://; connections.a.egress.allowPlainHttp permits http"},
		"one queue":          {`{` + open + `,"triggers":{"T":{"connection":"a","actions":["ListModels"],"queue":"in-queue"},"U":{"connection":"a","actions":["ListModels"],"queue":"in-queue"}}}`, "triggers.U.queue is the queue of triggers.T, and each would get some of its messages; give each a queue of its own"},
		"name with a queue":  {`{` + open + `,"triggers":{"1st":{"connection":"a","actions":["ListModels"],"queue":"@appsetting('Q')"}}}`, "triggers.1st must be the name of a function, as it has a queue: letters, digits, underscores and hyphens, beginning with a letter"},
		"nobody may call":    {`{"connections":{"a":{"endpoint":"@appsetting('URL')"}}}`, "connections.a.callers is missing, and nobody else checks who calls; set it, or auth.trustPlatform"},
		"reference":          {`{"connections":{"a":{"endpoint":"@appsetting(URL)",` + called + `}}}`, "connections.a.endpoint must be written as @appsetting('NAME')"},
		"deployment, nested": {`{"connections":{"a":{"endpoint":"@appsetting('URL')",` + called + `,"deployments":{"m":{"model":"@appsetting('M')","modle":"x"}}}}}`, "connections.a.deployments.m.modle is not a known name here; known here: apiVersion, authentication, defaults, egress, endpoint, family, lacks, model, reasoning"},
	} {
		t.Run(name, func(t *testing.T) {
			got := checkFile(t, settings.Functions, c.file)
			equalList(t, "complaints", got, lines(c.want))
			if strings.Contains(strings.Join(got, "\n"), hush) {
				t.Error("a secret is told")
			}
		})
	}
}
