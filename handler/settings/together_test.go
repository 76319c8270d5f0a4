package settings_test

import (
	"fmt"
	"strings"
	"testing"

	"inferenceconnector/handler/settings"
)

// TestAllComplaintsComeTogether has mistakes of every kind in the environment and in one file: what the file
// looks like, what it refers to, and what it means.
func TestAllComplaintsComeTogether(t *testing.T) {
	got := complaints(t, `{
	"connections":{
		"Upper":{"endpoint":"https://h/models"},
		"a":{
			"displayname":"`+hush+`",
			"endpoint":"http://10.0.0.1/models?`+hush+`",
			"authentication":{"type":"Key","value":"@appsetting('GONE')"},
			"callers":[{"name":"x","key":"`+hush+`"},{"name":"y z","key":"`+keyA+`"},{"name":"w","key":"`+keyA+`"}],
			"rateLimit":{"calls":0,"renewalPeriod":"`+hush+`"},
			"egress":{"allowCidrs":["10.0.0.0/33"]},
			"deployments":{
				"d":{"defaults":{"temperature":2,"n":1}},
				"D":{"reasoning":"`+hush+`","endpoint":"ftp://h"},
				"e":{"family":"gpt","endpoint":"https://h/v1","apiVersion":"1"}}},
		"b":{"family":"serverless"},
		"c":{"endpoint":7,"deployments":{"d":{}}},
		"d":{"endpoint":"https://h/models","callers":[{"name":"z","key":"`+keyB+`"}]}},
	"triggers":{
		"rest":{"connection":"d","actions":["ListModels","GetChat","ListModels"],"queue":"In","resultQueue":"in-queue"},
		"rule one":{"actions":[]}},
	"schedules":{
		"noon":{"cron":"0 0 12 * *","timeZone":"`+hush+`","action":"GetChatCompletions","connection":"`+hush+`","deliverTo":{"url":"`+hush+`"}},
		"Dusk":{"cron":"daily","action":"GetChatCompletions","connection":"d","input":{"model":"m","messages":[{"role":"user","content":7}],"stream":"`+hush+`"},
			"deliverTo":{"url":"https://10.0.0.1/#`+hush+`"}}},
	"connection":{}}`,
		"CONNECTOR_LISTEN=0.0.0.0:1", "CONNECTOR_CALL_TIMEOUT="+hush, "CONNECTOR_FIRST_BYTE_TIMEOUT=1", "CONNECTOR_SECRET="+hush)
	equalList(t, "complaints", got, []string{
		"CONNECTOR_CALL_TIMEOUT must be a duration such as 30s",
		"CONNECTOR_FIRST_BYTE_TIMEOUT must be a duration such as 30s",
		"CONNECTOR_SECRET is not a known setting; see the table of settings in the README",
		"connections.Upper must be a name of lower-case letters, digits and hyphens, at most 63",
		"connections.Upper.callers is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1",
		"connections.a.displayname is not a known name here; did you mean displayName?",
		"connections.a.endpoint must not have a query; an api-version goes into apiVersion",
		"connections.a.endpoint must begin with https://; egress.allowPlainHttp permits http",
		"connections.a.authentication.value names the setting GONE, which is not in the environment; set it, or correct the name",
		"connections.a.callers[0].key must have at least 32 characters; make one with: openssl rand -hex 32",
		"connections.a.callers[1].name must be 1 to 64 letters, digits, dots, underscores or hyphens",
		"connections.a.callers[2].key is the same as callers[1].key; give each caller keys of its own",
		"connections.a.rateLimit.calls must be between 1 and 1000000",
		"connections.a.rateLimit.renewalPeriod must be a whole number",
		"connections.a.egress.allowCidrs[0] must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address",
		"connections.a.deployments.d.defaults.temperature must be between 0 and 1, or null to send none",
		"connections.a.deployments.d.defaults.n is not a parameter with a default; those are temperature, top_p, frequency_penalty, presence_penalty",
		"connections.a.deployments.D is the same name as d, as letter case is ignored; rename one",
		"connections.a.deployments.D.reasoning must be true or false",
		"connections.a.deployments.D.endpoint must begin with https://",
		"connections.a.deployments.e.family must be one of ai-services, azure-openai, github-models, managed-online, openai-compatible, serverless",
		"connections.a.deployments.e.apiVersion must be a date such as 2024-05-01-preview",
		"connections.b.endpoint is missing, but needed for family; add it, or remove family",
		"connections.b.callers is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1",
		"connections.c.callers is missing, but CONNECTOR_LISTEN is open to others; set it, or listen on 127.0.0.1",
		"connections.c.endpoint must be a text",
		"triggers.rest is a name that function apps need for something else; rename it",
		"triggers.rest.actions[1] must be one of GetChatCompletions, GetChatCompletionsFromJson, GetChatReply, GetCompletions, GetEmbeddings, GetImageEmbeddings, GetModelInfo, ListModels",
		"triggers.rest.actions[2] is listed before; remove it",
		"triggers.rest.queue must be the name of a storage queue: 3 to 63 lower-case letters, digits and single hyphens",
		"triggers.rule one.connection is missing; name the connection that these events use",
		"triggers.rule one must be the name of a function, queue or rule: letters, digits, dots, underscores and hyphens, at most 128",
		"triggers.rule one.actions must name at least one action, such as [\"GetChatCompletions\"]",
		"schedules.noon.timeZone must be an IANA time zone such as Europe/Lisbon, and no Windows name",
		"schedules.noon.connection must be one of Upper, a, b, c, d",
		"schedules.noon.deliverTo.url must be a whole URL, such as https://flows.example.com/morning?sig=...",
		"schedules.Dusk must be a name of lower-case letters, digits, underscores and hyphens that begins with a letter, at most 63",
		"schedules.Dusk.cron must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5",
		"schedules.Dusk.input.messages[0].content must be a text or a list",
		"schedules.Dusk.input.stream must be true or false",
		"schedules.Dusk.deliverTo.url must not have a fragment (#...)",
		"schedules.Dusk.deliverTo.url must be a host name; connections.d.egress.allowCidrs permits an address such as 10.0.0.1",
		"connection is not a known name here; known here: auth, byo, connections, schedules, triggers",
	})
}

// What is wrong with a name is told beside what is wrong below it.
func TestNamesAreComplainedAboutBesideWhatIsBelow(t *testing.T) {
	_, err := load(t, `{"connections":{"A":{"endpoint":"https://h/models","callers":[{"name":"x","key":"@appsetting('NOPE')"},{"name":"y","key":"short"}]}}}`)
	problems, _ := err.(settings.Problems)
	equalList(t, "complaints", problems, []string{
		"connections.A must be a name of lower-case letters, digits and hyphens, at most 63",
		"connections.A.callers[0].key names the setting NOPE, which is not in the environment; set it, or correct the name",
		"connections.A.callers[1].key must have at least 32 characters; make one with: openssl rand -hex 32",
	})
}

// An answer to a caller is cut at twenty violations, a file of ours is not.
func TestThirtyMistakesAreThirtyComplaints(t *testing.T) {
	var connections []string
	for i := range 30 {
		connections = append(connections, fmt.Sprintf(`"c%d":{"endpoint":"https://h/models","family":7}`, i))
	}
	got := complaints(t, `{"connections":{`+strings.Join(connections, ",")+`}}`)
	equal(t, "complaints", len(got), 30)
	equal(t, "the third", got[2], "connections.c2.family must be a text")
}
