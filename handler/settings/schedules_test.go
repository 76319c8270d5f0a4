package settings_test

import (
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/settings"
)

// models are two connections and a brought one, beside which events are configured.
const models = `"connections":{
	"team":{"endpoint":"https://team.services.ai.azure.com/models","egress":{"allowCidrs":["10.0.0.0/8"]},
		"deployments":{"large":{},"mini":{"lacks":["seed"]}}},
	"own":{"endpoint":"http://h/v1","egress":{"allowPlainHttp":true}}},
	"byo":{"any":{"allowHosts":["*.openai.azure.com"]}}`

// sentence is an input that is in order.
const sentence = `"input":{"model":"large","messages":[{"role":"user","content":"hi"}]}`

func TestSchedules(t *testing.T) {
	s := mustLoad(t, `{`+models+`,"schedules":{
		"morning":{"cron":"0 30 7 * * 1-5","timeZone":"Europe/Lisbon","action":"GetChatCompletions","connection":"team",`+sentence+`,
			"deliverTo":{"url":"@appsetting('FLOW')"}},
		"a_list":{"cron":"*/5 * * * *","action":"ListModels","connection":"own"}}}`, "FLOW=https://flows.example.org/run?sig="+hush)
	if len(s.Schedules) != 2 {
		t.Fatalf("got %d schedules", len(s.Schedules))
	}
	morning, list := s.Schedules[0], s.Schedules[1]
	equal(t, "first", morning.Name, "morning")
	equal(t, "action", morning.Action, "GetChatCompletions")
	equal(t, "connection", morning.Connection, "team")
	equal(t, "input", string(morning.Input), `{"model":"large","messages":[{"role":"user","content":"hi"}]}`)
	equal(t, "time zone", morning.Zone().String(), "Europe/Lisbon")
	friday := time.Date(2026, time.July, 3, 12, 0, 0, 0, time.UTC)
	equal(t, "next", morning.Next(friday).UTC().Format(time.RFC3339), "2026-07-06T06:30:00Z")
	equal(t, "second", list.Name, "a_list")
	equal(t, "its input", string(list.Input), `{}`)
	equal(t, "its time zone", list.Zone().String(), "UTC")
	equal(t, "its receiver", list.Receiver == nil, true)
	equal(t, "receivers", len(s.Receivers), 1)
	equal(t, "host", s.Receivers[0].Host(), "flows.example.org")
	equal(t, "is that of the first", morning.Receiver != nil, true)
}

// Models read the names of a schema in the order in which they come, and numbers to the last digit.
func TestTheInputOfAScheduleIsSentAsItStands(t *testing.T) {
	const input = `{"model":"large","seed":12345678901234567,"messages":[{"role":"user","content":"a < b & \"é\""}],"response_format":` +
		`{"type":"json_schema","json_schema":{"name":"n","schema":{"type":"object","properties":{"thinking":{"type":"string"},"answer":{"enum":[1,null,true,2.50,[],{}]}}}}}}`
	s := mustLoad(t, `{`+models+`,"schedules":{"x":{"cron":"0 0 7 * * *","action":"GetChatCompletions","connection":"team","input":`+
		strings.Replace(strings.Replace(input, "a <", "@appsetting('A') <", 1), ",", " ,\n ", 1)+`}}}`, "A=a")
	equal(t, "input", string(s.Schedules[0].Input), input)
}

func TestTheOnlyConnectionNeedsNoNaming(t *testing.T) {
	s := mustLoad(t, `{"byo":{"any":{"allowHosts":["*.openai.azure.com"]}},"connections":{"one":{"endpoint":"https://h/models"}},
		"schedules":{"list":{"cron":"0 0 7 * * *","action":"ListModels"}}}`)
	equal(t, "connection", s.Schedules[0].Connection, "one")
}

func TestMistakesInASchedule(t *testing.T) {
	const actions = ` must be one of GetChatCompletions, GetChatCompletionsFromJson, GetChatReply, GetCompletions, GetEmbeddings, GetImageEmbeddings, GetModelInfo, ListModels`
	const chat = `"cron":"0 0 7 * * *","action":"GetChatCompletions",`
	for name, test := range map[string]struct{ schedule, want string }{
		"no object":        {`7`, ` must be an object, such as {"cron":"0 0 7 * * 1-5","action":"GetChatCompletions","input":{}}`},
		"nothing":          {`{"connection":"team"}`, ".cron is missing; say when: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5\nx.action is missing; name the action to run, such as GetChatCompletions"},
		"unknown key":      {`{` + chat + `"connection":"team","deliver":{},` + sentence + `}`, `.deliver is not a known name here; did you mean deliverTo?`},
		"cron by another":  {`{"crontab":"0 0 7 * * *","action":"ListModels","connection":"team"}`, `.crontab is not a known name here; did you mean cron?`},
		"cron type":        {`{"cron":7,"action":"ListModels","connection":"team"}`, `.cron must be a text`},
		"cron of words":    {`{"cron":"@daily ` + hush + `","action":"ListModels","connection":"team"}`, `.cron must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5`},
		"cron empty":       {`{"cron":"","action":"ListModels","connection":"team"}`, `.cron must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5`},
		"zone":             {`{"cron":"0 0 7 * * *","timeZone":"` + hush + `","action":"ListModels","connection":"team"}`, `.timeZone must be an IANA time zone such as Europe/Lisbon, and no Windows name`},
		"zone of Windows":  {`{"cron":"0 0 7 * * *","timeZone":"GMT Standard Time","action":"ListModels","connection":"team"}`, `.timeZone must be an IANA time zone such as Europe/Lisbon, and no Windows name`},
		"zone and cron":    {`{"cron":"daily","timeZone":"Local","action":"ListModels","connection":"team"}`, ".cron must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5\nx.timeZone must be an IANA time zone such as Europe/Lisbon, and no Windows name"},
		"action":           {`{"cron":"0 0 7 * * *","action":"` + hush + `","connection":"team"}`, `.action` + actions},
		"action's case":    {`{"cron":"0 0 7 * * *","action":"listmodels","connection":"team"}`, `.action` + actions},
		"connection":       {`{` + chat + `"connection":"` + hush + `"}`, `.connection must be one of team, own`},
		"no connection":    {`{` + chat + sentence + `}`, `.connection is missing; name one of team, own`},
		"brought":          {`{` + chat + `"connection":"any"}`, `.connection is a connection whose callers bring endpoint and key, and events bring none; name one of connections`},
		"deliverTo a text": {`{` + chat + `"connection":"team",` + sentence + `,"deliverTo":"https://` + hush + `"}`, `.deliverTo must be an object, such as {"url":"@appsetting('NAME')"}`},
		"deliverTo empty":  {`{` + chat + `"connection":"team",` + sentence + `,"deliverTo":{}}`, `.deliverTo.url is missing; give the address that outputs are posted to, best as @appsetting('NAME')`},
		"deliverTo gone":   {`{` + chat + `"connection":"team",` + sentence + `,"deliverTo":{"url":"@appsetting('GONE')"}}`, `.deliverTo.url names the setting GONE, which is not in the environment; set it, or correct the name`},
		"deliverTo plain":  {`{` + chat + `"connection":"team",` + sentence + `,"deliverTo":{"url":"http://h/?sig=` + hush + `"}}`, `.deliverTo.url must begin with https://; connections.team.egress.allowPlainHttp permits http`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{`+models+`,"schedules":{"x":`+test.schedule+`}}`)
			equalList(t, "complaints", got, lines("schedules.x"+strings.ReplaceAll(test.want, "\nx.", "\nschedules.x.")))
		})
	}
}

// What a schedule will send is checked when it is written, not at seven in the morning.
func TestMistakesInTheInputOfASchedule(t *testing.T) {
	for name, test := range map[string]struct{ action, input, want string }{
		"no object":        {"GetChatCompletions", `"hi"`, ` must be an object of the action's parameters`},
		"range":            {"GetChatCompletions", `{"model":"large","messages":[{"role":"user","content":"hi"}],"temperature":7}`, `.temperature must be between 0 and 1`},
		"missing":          {"GetChatCompletions", `{"model":"large"}`, `.messages is missing`},
		"deep":             {"GetChatCompletions", `{"model":"large","messages":[{"role":"user"}]}`, `.messages[0].content is missing`},
		"stream":           {"GetChatCompletions", `{"model":"large","messages":[{"role":"user","content":"hi"}],"stream":true}`, `.stream cannot be true here, where one value is returned; leave it out`},
		"lacking":          {"GetChatCompletions", `{"model":"mini","messages":[{"role":"user","content":"hi"}],"seed":7}`, `.seed is not supported by this model; leave it out, or choose another model`},
		"unknown model":    {"GetChatCompletions", `{"model":"` + hush + `","messages":[{"role":"user","content":"hi"}]}`, ` must name a model of the connection: large, mini`},
		"another model":    {"GetChatCompletions", `{"azureml-model-deployment":"` + hush + `","messages":[{"role":"user","content":"hi"}]}`, ` must name a model of the connection: large, mini`},
		"no model":         {"GetChatCompletions", `{"messages":[{"role":"user","content":"hi"}]}`, ` must name a model of the connection: large, mini`},
		"extra":            {"GetChatCompletions", `{"model":"large","messages":[{"role":"user","content":"hi"}],"temprature":1}`, `.temprature is not a parameter of GetChatCompletions; remove it, or add "extra-parameters":"pass-through"`},
		"extra of no body": {"ListModels", `{"model":"large"}`, `.model is not a parameter of ListModels; remove it`},
		"header no text":   {"GetChatCompletions", `{"extra-parameters":7}`, `.extra-parameters must be a text`},
		"setting gone":     {"GetChatCompletions", `{"model":"@appsetting('GONE')"}`, `.model names the setting GONE, which is not in the environment; set it, or correct the name`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{`+models+`,"schedules":{"x":{"cron":"0 0 7 * * *","connection":"team","action":"`+test.action+`","input":`+test.input+`}}}`)
			equalList(t, "complaints", got, []string{"schedules.x.input" + test.want})
		})
	}
}

// A schedule is not blamed for what is wrong with its connection.
func TestSchedulesDoNotEchoTheirConnection(t *testing.T) {
	const at = `"schedules":{"x":{"cron":"0 0 7 * * *","action":"GetChatCompletions","connection":"a","input":{"model":"m"},"deliverTo":{"url":"http://10.0.0.1/"}}}`
	for name, test := range map[string]struct{ connections, want string }{
		"misspelt":            {`"conections":{"a":{"endpoint":"https://h/models"}}`, `conections is not a known name here; did you mean connections?`},
		"deployments":         {`"connections":{"a":{"endpoint":"https://h/models","egress":{"allowPlainHttp":true,"allowCidrs":["10.0.0.0/8"]},"deployments":{"m":{"modle":"x"}}}}`, `connections.a.deployments.m.modle is not a known name here; did you mean model?`},
		"no endpoint":         {`"connections":{"a":{"egress":{"allowPlainHttp":true,"allowCidrs":["10.0.0.0/8"]}}}`, `connections.a.endpoint is missing; a connection needs one, or deployments that have one`},
		"egress":              {`"connections":{"a":{"endpoint":"https://h/models","egress":{"allowHttp":true,"allowCidrs":["10.0.0.1"]}}}`, "connections.a.egress.allowHttp is not a known name here; did you mean allowPlainHttp?\nconnections.a.egress.allowCidrs[0] must be a range such as 10.1.0.0/16, or 10.1.0.5/32 for one address\nschedules.x.input.messages is missing"},
		"but has its own too": {`"connections":{"a":{"endpoint":"https://h/models","rateLimit":{"calls":0},"egress":{"allowCidrs":["10.0.0.0/8"]}}}`, "connections.a.rateLimit.calls must be between 1 and 1000000\nschedules.x.input.messages is missing\nschedules.x.deliverTo.url must begin with https://; connections.a.egress.allowPlainHttp permits http"},
	} {
		t.Run(name, func(t *testing.T) {
			equalList(t, "complaints", complaints(t, `{`+test.connections+`,`+at+`}`), lines(test.want))
		})
	}
}

func TestNamesOfSchedules(t *testing.T) {
	const form, taken, reserved = ` must be a name of lower-case letters, digits, underscores and hyphens that begins with a letter, at most 63`,
		` is the name of an action, whose function is called so; rename it`, ` is a name that function apps need for something else; rename it`
	for name, want := range map[string]string{
		"Morning": form, "7am": form, "a b": form, "a.b": form, strings.Repeat("a", 64): form,
		"getchatcompletions": taken, "listmodels": taken, "rest": reserved, "host": reserved, "api": reserved,
		"requests": ` is also the name of a trigger with a queue; rename one`,
	} {
		got := complaints(t, `{`+models+`,"triggers":{"Requests":{"connection":"team","actions":["ListModels"],"queue":"in-queue"},"rule":{"connection":"team","actions":["ListModels"]}},
			"schedules":{"`+name+`":{"cron":"0 0 7 * * *","action":"ListModels","connection":"team"}}}`)
		equalList(t, name, got, []string{"schedules." + name + want})
	}
	for _, name := range []string{"a", "rule", "resting", strings.Repeat("a", 63), "a-b_7"} {
		s := mustLoad(t, `{`+models+`,"triggers":{"rule":{"connection":"team","actions":["ListModels"]}},
			"schedules":{"`+name+`":{"cron":"0 0 7 * * *","action":"ListModels","connection":"team"}}}`)
		equal(t, "name", s.Schedules[0].Name, name)
	}
}

// A function app has one time zone, a machine of one's own and EventBridge have one for each schedule.
func TestTimeZonesOfHosts(t *testing.T) {
	const unset, flex, other = "must be UTC, in which an app fires all its timers unless WEBSITE_TIME_ZONE names another time zone",
		"must be UTC, in which Flex Consumption fires all timers; remove it, and put cron into UTC",
		"must be the time zone in WEBSITE_TIME_ZONE, in which the app fires all its timers"
	for name, test := range map[string]struct{ zone, variables, want string }{
		"UTC":                   {"", "", ""},
		"UTC in words":          {"Etc/UTC", "", ""},
		"unset":                 {"Europe/Lisbon", "", unset},
		"set":                   {"Europe/Lisbon", "WEBSITE_TIME_ZONE=Europe/Lisbon", ""},
		"set to another":        {"Europe/Lisbon", "WEBSITE_TIME_ZONE=Europe/Oslo", other},
		"set, and left out":     {"", "WEBSITE_TIME_ZONE=Europe/Oslo", other},
		"set to UTC":            {"", "WEBSITE_TIME_ZONE=UTC", ""},
		"set in vain":           {"Europe/Lisbon", "WEBSITE_TIME_ZONE=Europe/Lisbon WEBSITE_SKU=FlexConsumption", flex},
		"set in vain, left out": {"UTC", "WEBSITE_TIME_ZONE=Europe/Lisbon WEBSITE_SKU=FlexConsumption", ""},
		"another plan":          {"Europe/Lisbon", "WEBSITE_TIME_ZONE=Europe/Lisbon WEBSITE_SKU=ElasticPremium", ""},
		"no time zone anywhere": {hush, "WEBSITE_TIME_ZONE=Europe/Lisbon", "must be an IANA time zone such as Europe/Lisbon, and no Windows name"},
	} {
		t.Run(name, func(t *testing.T) {
			file := `{"auth":{"trustPlatform":true},"connections":{"a":{"endpoint":"https://h/models"}},
				"schedules":{"x":{"cron":"0 0 7 * * *","action":"ListModels","timeZone":"` + test.zone + `"}}}`
			environment := append(strings.Fields(test.variables), "CONNECTOR_RATE_LIMIT_SCOPE=process")
			_, _ = load(t, file, environment...) // for the working directory and the environment
			if test.want == "" {
				equal(t, "schedules", len(mustLoadFor(t, settings.Functions).Schedules), 1)
			} else {
				equalList(t, "complaints", problemsFor(t, settings.Functions), []string{"schedules.x.timeZone " + test.want})
			}
			if test.zone != hush {
				equal(t, "schedules on Lambda", len(mustLoadFor(t, settings.Lambda).Schedules), 1)
			}
		})
	}
}
