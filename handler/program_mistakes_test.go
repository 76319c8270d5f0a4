package main_test

import (
	"strings"
	"testing"
)

// mistakes is a connections file with a mistake of every kind, one a line. Everything secret in it begins
// with hush.
const mistakes = `{
	"conection": {},
	"auth": {"trustPlatfrom": true},
	"connections": {
		"zeta": {"displayName": 7, "endpoint": "https://h/models"},
		"Bad_Name": {"endpoint": "https://h/models"},
		"misspelt": {"enpoint": "https://hush-address/models", "deployments": {"m": {}}},
		"unknown": {"endpoint": "https://h/models", "colour": "hush-colour"},
		"no-url": {"endpoint": "hush-endpoint"},
		"plain": {"endpoint": "http://h/models"},
		"user": {"endpoint": "https://hush-user:hush-password@h/models"},
		"query": {"endpoint": "https://h/models?code=hush-query"},
		"fragment": {"endpoint": "https://h/models#hush-fragment"},
		"address": {"endpoint": "https://10.1.2.3/models"},
		"family": {"endpoint": "https://h/models", "family": "hush-family"},
		"version": {"endpoint": "https://h/models", "apiVersion": "hush-version"},
		"nothing": {},
		"bare": {"deployments": {"m": {}, "n": {"endpoint": "https://h/models"}}},
		"homeless": {"family": "serverless", "deployments": {"m": {"endpoint": "https://h/models"}}},
		"basic": {"endpoint": "https://h/models", "authentication": {"type": "Basic", "value": "hush-basic"}},
		"untyped": {"endpoint": "https://h/models", "authentication": {"value": "hush-untyped"}},
		"text": {"endpoint": "https://h/models", "authentication": "hush-text"},
		"keyless": {"endpoint": "https://h/models", "authentication": {"type": "Key"}},
		"elsewhere": {"endpoint": "https://h/models", "authentication": {"type": "Key", "key": "hush-elsewhere"}},
		"blank": {"endpoint": "https://h/models", "authentication": {"type": "Key", "value": "hush-blank\n"},
			"deployments": {"m": {"apiVersion": "2024-05-01-preview"}}},
		"useless": {"endpoint": "https://h/models", "authentication": {"type": "None", "value": "hush-useless"}},
		"gone": {"endpoint": "https://h/models", "authentication": {"type": "Key", "value": "@appsetting('GONE_KEY')"}},
		"form": {"endpoint": "https://h/models", "authentication": {"type": "Key", "value": "@appsetting(hush-form)"}},
		"quoted": {"endpoint": "https://h/models", "authentication": {"type": "Key", "value": "@appsetting('hush-quoted')"}},
		"callers": {"endpoint": "https://h/models", "callers": [
			{"name": "short", "key": "@appsetting('SHORT_KEY')"},
			{"name": "blank", "key": "hush-blank 0123456789abcdef0123456789"},
			{"name": "one", "key": "hush-one0123456789abcdef0123456789abcdef"},
			{"name": "two", "key": ["hush-two0123456789abcdef0123456789abcdef", "hush-one0123456789abcdef0123456789abcdef"]},
			{"name": "three", "keyes": "hush-three0123456789abcdef0123456789abcdef"},
			{"name": "the fourth", "key": "hush-four0123456789abcdef0123456789abcdef"},
			{"name": "five"}]},
		"nobody": {"endpoint": "https://h/models", "callers": []},
		"deployments": {"endpoint": "https://h/models", "deployments": {
			"GPT-4.1": {},
			"gpt-4.1": {},
			"gpt-4": "hush-model",
			"misspelt": {"modle": "hush-model"},
			"presets": {"defaults": {"max_tokens": 5, "temperature": 3, "top_p": "hush-top", "presence_penalty": null}},
			"thinks": {"reasoning": true, "defaults": {"temperature": 3}},
			"sighted": {"lacks": ["tools", "hush-vision"]},
			"own": {"authentication": {"type": "Key", "value": "hush-own"}}}},
		"list": {"deployments": ["m"]},
		"limit": {"endpoint": "https://h/models", "rateLimit": {"calls": 0, "renewalPeriod": -60}},
		"fraction": {"endpoint": "https://h/models", "rateLimit": {"calls": 1.5, "period": 60}},
		"ranges": {"endpoint": "http://10.1.2.3/models", "egress": {"allowCidrs": ["10.1.2.3"], "allowHTTP": true}}
	},
	"byo": {
		"wide": {"allowHosts": ["*.com"]},
		"plain": {"allowHosts": ["*.openai.azure.com"]},
		"unlisted": {"allowHost": ["*.openai.azure.com"]},
		"hostless": {"callers": [{"name": "x", "key": "hush-x"}]},
		"range": {"allowHosts": ["h.example.org"], "egress": {"allowCidrs": ["10.0.0.0/40"]}}
	},
	"triggers": {
		"requests": {"connection": "wide", "actions": ["GetChat"], "resultQueue": "results"},
		"orders.fifo": {"connection": "useles", "actions": ["ListModels", "ListModels"], "queue": "orders"},
		"nothing": {}
	},
	"schedules": {
		"Morning": {"cron": "0 0 7 * * *", "action": "ListModels"},
		"rest": {"cron": "0 0 25 * * *", "timeZone": "Lisbon", "action": "ListModels", "connection": "callers"},
		"noon": {"crom": "0 0 12 * * *", "action": "GetChatCompletions", "connection": "callers",
			"input": {"model": "hush-model", "messages": [{"role": "user", "content": "hush-prompt"}], "temperature": 7, "stream": true}},
		"dusk": {"cron": "0 0 19 * * *", "action": "GetChatCompletions", "connection": "callers",
			"input": {"model": "hush-model", "messages": [{"role": "user", "content": "hush-prompt"}], "stream": true},
			"deliverTo": {"url": "http://flows.example.org/hush-path?sig=hush-signature"}},
		"night": {"cron": "0 0 1 * * *", "action": "ListModels", "connection": "callers",
			"deliverTo": {"url": "@appsetting('GONE_FLOW')", "key": "hush-key"}}
	}
}`

const (
	noRange    = ` must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address`
	tooShort   = ` must have at least 32 characters; make one with: openssl rand -hex 32`
	asSettings = `, best as @appsetting('NAME')`
)

// told is what is said about mistakes, in their order.
const told = `conection is not a known name here; known here: auth, byo, connections, schedules, triggers
auth.trustPlatfrom is not a known name here; did you mean trustPlatform?
connections.zeta.displayName must be a text
connections.Bad_Name must be a name of lower-case letters, digits and hyphens, at most 63
connections.misspelt.enpoint is not a known name here; did you mean endpoint?
connections.unknown.colour is not a known name here; known here: apiVersion, authentication, callers, deployments, displayName, egress, endpoint, family, rateLimit
connections.no-url.endpoint must be a whole URL, such as https://team.services.ai.azure.com/models
connections.plain.endpoint must begin with https://; egress.allowPlainHttp permits http
connections.user.endpoint must not hold a user name or password; a key goes into authentication
connections.query.endpoint must not have a query; an api-version goes into apiVersion
connections.fragment.endpoint must not have a fragment (#...)
connections.address.endpoint must be a host name; egress.allowCidrs permits an address such as 10.1.2.3
connections.family.family must be one of ai-services, azure-openai, github-models, managed-online, openai-compatible, serverless
connections.version.apiVersion must be a date such as 2024-05-01-preview
connections.nothing.endpoint is missing; a connection needs one, or deployments that have one
connections.bare.endpoint is missing, and these deployments have none of their own: m
connections.homeless.endpoint is missing, but needed for family; add it, or remove family
connections.basic.authentication.type must be one of Key, ManagedServiceIdentity, ActiveDirectoryOAuth, Default, None
connections.untyped.authentication.type is missing; it is Key, ManagedServiceIdentity, ActiveDirectoryOAuth, Default or None
connections.text.authentication must be an object, such as {"type":"Key","value":"@appsetting('NAME')"}
connections.keyless.authentication.value is missing; give the endpoint's key` + asSettings + `
connections.elsewhere.authentication.key is not a known name here; did you mean value?
connections.blank.authentication.value has blanks or characters that no key has; copy it again, without line ends
connections.useless.authentication.value is given, though the type None sends no key; remove it, or make the type Key
connections.gone.authentication.value names the setting GONE_KEY, which is not in the environment; set it, or correct the name
connections.form.authentication.value must be written as @appsetting('NAME')
connections.quoted.authentication.value names a setting that is not in the environment; between the quotes goes a name, not a value
connections.callers.callers[0].key` + tooShort + `
connections.callers.callers[1].key must consist of letters, digits and signs, without blanks and commas
connections.callers.callers[3].key[1] is the same as callers[2].key; give each caller keys of its own
connections.callers.callers[4].keyes is not a known name here; did you mean key?
connections.callers.callers[5].name must be 1 to 64 letters, digits, dots, underscores or hyphens
connections.callers.callers[6].key is missing; give the key that this caller presents` + asSettings + `
connections.nobody.callers must have at least one caller; remove it where nobody needs a key
connections.deployments.deployments.gpt-4.1 is the same name as GPT-4.1, as letter case is ignored; rename one
connections.deployments.deployments.gpt-4 must be an object: {} for a model that needs nothing said, or one such as {"model":"llama3.2"}
connections.deployments.deployments.misspelt.modle is not a known name here; did you mean model?
connections.deployments.deployments.presets.defaults.max_tokens is not a parameter with a default; those are temperature, top_p, frequency_penalty, presence_penalty
connections.deployments.deployments.presets.defaults.temperature must be between 0 and 1, or null to send none
connections.deployments.deployments.presets.defaults.top_p must be a number, or null to send none
connections.deployments.deployments.thinks.defaults are never sent to a reasoning model; remove them, or reasoning
connections.deployments.deployments.sighted.lacks[1] must be one of tools, tool_choice, response_format.json_object, response_format.json_schema, image_url, audio_url, input_audio, modalities, seed, stop, stream, temperature, top_p, frequency_penalty, presence_penalty, max_tokens, dimensions, encoding_format, input_type
connections.deployments.deployments.own.endpoint is missing, but needed for authentication; add it, or remove authentication
connections.list.deployments must be an object with the deployments by name, such as {"gpt-4o":{}}
connections.limit.rateLimit.calls must be between 1 and 1000000
connections.limit.rateLimit.renewalPeriod must be between 1 and 86400
connections.fraction.rateLimit.calls must be a whole number
connections.fraction.rateLimit.period is not a known name here; did you mean renewalPeriod?
connections.ranges.egress.allowCidrs[0]` + noRange + `
connections.ranges.egress.allowHTTP is not a known name here; did you mean allowPlainHttp?
byo.wide.allowHosts[0] must be a host name, or *. and a domain of two names or more such as *.services.ai.azure.com, with a port if that is not 443 and nothing else
byo.plain is also the name of a connection; rename one
byo.unlisted.allowHost is not a known name here; did you mean allowHosts?
byo.hostless.allowHosts is missing; list the hosts that callers may bring, such as *.services.ai.azure.com
byo.hostless.callers[0].key` + tooShort + `
byo.range.egress.allowCidrs[0]` + noRange + `
triggers.requests.connection is a connection whose callers bring endpoint and key, and events bring none; name one of connections
triggers.requests.actions[0] must be one of GetChatCompletions, GetChatCompletionsFromJson, GetChatReply, GetCompletions, GetEmbeddings, GetImageEmbeddings, GetModelInfo, ListModels
triggers.requests.resultQueue is of no use without queue; add that, or remove it
triggers.orders.fifo must be the name of a function, as it has a queue: letters, digits, underscores and hyphens, beginning with a letter
triggers.orders.fifo.connection must be one of zeta, Bad_Name, misspelt, unknown, no-url, plain, user, query, fragment, address, family, version, nothing, bare, homeless, basic, untyped, text, keyless, elsewhere, blank, useless, gone, form, quoted, callers, nobody, deployments, list, limit, fraction, ranges
triggers.orders.fifo.actions[1] is listed before; remove it
triggers.nothing.connection is missing; name the connection that these events use
triggers.nothing.actions is missing; list the actions that these events may run, such as ["GetChatCompletions"]
schedules.Morning must be a name of lower-case letters, digits, underscores and hyphens that begins with a letter, at most 63
schedules.Morning.connection is missing; name one of zeta, Bad_Name, misspelt, unknown, no-url, plain, user, query, fragment, address, family, version, nothing, bare, homeless, basic, untyped, text, keyless, elsewhere, blank, useless, gone, form, quoted, callers, nobody, deployments, list, limit, fraction, ranges
schedules.rest is a name that function apps need for something else; rename it
schedules.rest.cron has a mistake in its hour: it goes from 0 to 23
schedules.rest.timeZone must be an IANA time zone such as Europe/Lisbon, and no Windows name
schedules.noon.crom is not a known name here; did you mean cron?
schedules.noon.input.temperature must be between 0 and 1
schedules.dusk.input.stream cannot be true here, where one value is returned; leave it out
schedules.dusk.deliverTo.url must begin with https://; connections.callers.egress.allowPlainHttp permits http
schedules.night.deliverTo.url names the setting GONE_FLOW, which is not in the environment; set it, or correct the name
schedules.night.deliverTo.key is not a known name here; known here: url
`

// testEveryMistake gives an address that is taken, as testWrongSettings does.
func (p program) testEveryMistake(t *testing.T) {
	environment := []string{
		"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", mistakes),
		"CONNECTOR_LISTEN=" + listen(t), "SHORT_KEY=hush-short",
	}
	for _, line := range []string{"serve", "check --probe", "check --host lambda", "invoke ListModels"} {
		got := p.run(t, environment, "", strings.Fields(line)...)
		if strings.Contains(line, "lambda") { // where callers are not missed, as the way to do without is misspelt
			_, got.stderr, _ = strings.Cut(got.stderr, "CONNECTOR_RATE_LIMIT_SCOPE is missing; process says in so many words that the limit holds for each instance, not for all; with CONNECTOR_REDIS_URL it holds for all\n")
		}
		same(t, line+": exit code", got.code, 1)
		same(t, line+": standard output", got.stdout, "")
		sameLines(t, line, got.stderr, told)
		for _, secret := range []string{"hush", "123456789"} {
			if strings.Contains(got.stderr, secret) {
				t.Errorf("%s: a secret is in\n%s", line, got.stderr)
			}
		}
	}
	broken := writeInto(t, "connections.json", "{\"connections\": {\n\t\"a\": {\"endpoint\": \"https://hush\"},\n\t\"a\": {}\n}}")
	got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + broken}, "", "check")
	same(t, "a name twice: exit code", got.code, 1)
	same(t, "a name twice: standard error", got.stderr, broken+" cannot be read: the name \"a\" appears twice in one object, line 3, column 2\n")
}
