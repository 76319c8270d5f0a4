package settings_test

import (
	"testing"

	"inferenceconnector/handler/settings"
)

// Real misspellings get a suggestion; a name that is merely the last one free is no suggestion.
func TestUnknownNamesOfEvents(t *testing.T) {
	const listed, meant = " is not a known name here; known here: ", " is not a known name here; did you mean "
	const ofSchedule, ofTrigger = "action, connection, cron, deliverTo, input, timeZone", "actions, connection, deliverTo, queue, resultQueue"
	schedule := func(body string) string { return `"schedules":{"x":{` + body + `}}` }
	trigger := func(body string) string { return `"triggers":{"x":{` + body + `}}` }
	for name, test := range map[string]struct{ events, want string }{
		"enabled":    {schedule(`"cron":"0 0 7 * * *","action":"ListModels","connection":"team","input":{},"deliverTo":{"url":"https://h/"},"enabled":true`), "schedules.x.enabled" + listed + ofSchedule},
		"input":      {trigger(`"connection":"team","actions":["ListModels"],"queue":"in-queue","resultQueue":"out","input":{}`), "triggers.x.input" + listed + ofTrigger},
		"crn":        {schedule(`"crn":"0 0 7 * * *","action":"ListModels","connection":"team"`), "schedules.x.crn" + meant + "cron?"},
		"when":       {schedule(`"when":"0 0 7 * * *","action":"ListModels","connection":"team"`), "schedules.x.when" + meant + "cron?"},
		"acton":      {schedule(`"cron":"0 0 7 * * *","acton":"ListModels","connection":"team"`), "schedules.x.acton" + meant + "action?"},
		"inputs":     {schedule(`"cron":"0 0 7 * * *","action":"ListModels","connection":"team","inputs":{}`), "schedules.x.inputs" + meant + "input?"},
		"timezone":   {schedule(`"cron":"0 0 7 * * *","action":"ListModels","connection":"team","timezone":"UTC"`), "schedules.x.timezone" + meant + "timeZone?"},
		"deliverto":  {trigger(`"connection":"team","actions":["ListModels"],"deliverto":{}`), "triggers.x.deliverto" + meant + "deliverTo?"},
		"shedules":   {`"shedules":{}`, "shedules" + meant + "schedules?"},
		"all others": {`"auth":{},"triggers":{},"other":{}`, "other" + listed + "auth, byo, connections, schedules, triggers"},
	} {
		t.Run(name, func(t *testing.T) {
			equalList(t, "complaints", complaints(t, `{`+models+`,`+test.events+`}`), []string{test.want})
		})
	}
}

// Where a setting is there but empty, that is what is wrong, and not what the emptiness breaks.
func TestEmptySettings(t *testing.T) {
	const empty, hidden = " names the setting EMPTY, which is empty; give it a value", " names a setting that is empty; give it a value"
	const daily = `"cron":"0 0 7 * * *","action":"ListModels","connection":"team"`
	for name, test := range map[string]struct{ events, want string }{
		"receiver":   {`"schedules":{"x":{` + daily + `,"deliverTo":{"url":"@appsetting('EMPTY')"}}}`, "schedules.x.deliverTo.url" + empty},
		"cron":       {`"schedules":{"x":{"cron":"@appsetting('EMPTY')","action":"ListModels","connection":"team"}}`, "schedules.x.cron" + empty},
		"queue":      {`"triggers":{"x":{"connection":"team","actions":["ListModels"],"queue":"@appsetting('EMPTY')"}}`, "triggers.x.queue" + empty},
		"action":     {`"triggers":{"x":{"connection":"team","actions":["ListModels","@appsetting('EMPTY')"]}}`, "triggers.x.actions[1]" + empty},
		"odd name":   {`"triggers":{"x":{"connection":"@appsetting('` + keyA + `')","actions":["ListModels"]}}`, "triggers.x.connection" + hidden},
		"only a bit": {`"triggers":{"x":{"connection":"team@appsetting('EMPTY')s","actions":["ListModels"]}}`, "triggers.x.connection must be one of team, own"},
	} {
		t.Run(name, func(t *testing.T) {
			equalList(t, "complaints", complaints(t, `{`+models+`,`+test.events+`}`, "EMPTY=", keyA+"="), []string{test.want})
		})
	}
	s := mustLoad(t, `{`+models+`,"schedules":{"x":{`+daily+`,"timeZone":"@appsetting('EMPTY')"}}}`, "EMPTY=")
	equal(t, "time zone where none is fine", s.Schedules[0].Zone().String(), "UTC")
}

// Results that come to a queue which is read would be taken for messages.
func TestResultQueuesThatAreRead(t *testing.T) {
	const own = `"connection":"own","actions":["ListModels"]`
	const first, second = "triggers.first.resultQueue is the queue of triggers.second, which would take every result for a message; give results a queue of their own",
		"triggers.second.resultQueue is the queue of triggers.first, which would take every result for a message; give results a queue of their own"
	equalList(t, "round", complaints(t, `{`+models+`,"triggers":{"first":{`+own+`,"queue":"in-a","resultQueue":"in-b"},"second":{`+own+`,"queue":"in-b","resultQueue":"in-a"}}}`),
		[]string{first, second})
	s := mustLoad(t, `{`+models+`,"triggers":{"first":{`+own+`,"queue":"in-a","resultQueue":"out"},"second":{`+own+`,"queue":"in-b","resultQueue":"out"}}}`)
	equal(t, "triggers that share a queue of results", len(s.Sources), 2)
}

// EventBridge Scheduler has no seconds, and only so much room.
func TestCronsOfLambda(t *testing.T) {
	for name, test := range map[string]struct{ cron, want string }{
		"seconds": {"*/30 * * * * *", "must have 0 as its second: EventBridge Scheduler fires by the minute"},
		"second":  {"5 0 7 * * *", "must have 0 as its second: EventBridge Scheduler fires by the minute"},
		"wrong":   {"0 0 25 * * *", "has a mistake in its hour: it goes from 0 to 23"},
		"minutes": {"0 0 7 * * *", ""},
	} {
		t.Run(name, func(t *testing.T) {
			_, _ = load(t, `{"auth":{"trustPlatform":true},"connections":{"a":{"endpoint":"https://h/models"}},
				"schedules":{"x":{"cron":"`+test.cron+`","action":"ListModels"}}}`, "CONNECTOR_RATE_LIMIT_SCOPE=process")
			if test.want == "" {
				equal(t, "schedules", len(mustLoadFor(t, settings.Lambda).Schedules), 1)
				return
			}
			equalList(t, "on Lambda", problemsFor(t, settings.Lambda), []string{"schedules.x.cron " + test.want})
			if name != "wrong" {
				equal(t, "on Functions", len(mustLoadFor(t, settings.Functions).Schedules), 1)
			}
		})
	}
}

// The connection of a schedule may be wrong in a way that leaves it without an endpoint.
func TestAScheduleOfAConnectionWithoutIdentity(t *testing.T) {
	for name, connection := range map[string]string{
		"its own":         `"endpoint":"https://h.openai.azure.com","authentication":{"type":"ActiveDirectoryOAuth","tenant":"contoso.com","clientId":"7","secret":"` + hush + `"}`,
		"of a deployment": `"endpoint":"https://h.openai.azure.com","authentication":{"type":"ActiveDirectoryOAuth","tenant":"contoso.com","clientId":"7","secret":"` + hush + `"},"deployments":{"m":{}}`,
	} {
		for more, want := range map[string][]string{"": nil, `"temperature":7,`: {"schedules.x.input.temperature must be between 0 and 1"}} {
			got := complaints(t, `{"connections":{"a":{`+connection+`}},"schedules":{"x":{"cron":"0 0 7 * * *","action":"GetChatCompletions",
				"input":{"model":"m",`+more+`"messages":[{"role":"user","content":"hi"}]}}}}`)
			equalList(t, name+" "+more, got, append([]string{"connections.a.authentication.clientId must be the application's id, a GUID"}, want...))
		}
	}
}

func TestEventsWithoutAName(t *testing.T) {
	equalList(t, "schedule", complaints(t, `{`+models+`,"schedules":{"":{"cron":"0 0 7 * * *","action":"ListModels","connection":"team"}}}`),
		[]string{"schedules must be a name of lower-case letters, digits, underscores and hyphens that begins with a letter, at most 63"})
	equalList(t, "trigger", complaints(t, `{`+models+`,"triggers":{"":{"connection":"team","actions":["ListModels"],"queue":"in-queue"}}}`),
		[]string{"triggers must be the name of a function, queue or rule: letters, digits, dots, underscores and hyphens, at most 128"})
}

// Each delivery goes by the rules of the connection, and a port is one that there is.
func TestPortsOfReceivers(t *testing.T) {
	equalList(t, "complaints", complaints(t, `{`+models+`,"triggers":{"x":{"connection":"team","actions":["ListModels"],"deliverTo":{"url":"https://h:70000/"}}}}`),
		[]string{"triggers.x.deliverTo.url must have a port between 1 and 65535, or none"})
}
