package settings_test

import (
	"strings"
	"testing"
)

func TestTriggers(t *testing.T) {
	s := mustLoad(t, `{"triggers":{
		"requests":{"connection":"team","actions":["GetChatCompletions","ListModels"],"queue":"in-queue","resultQueue":"results",
			"deliverTo":{"url":"https://10.1.2.3/run?sig=`+hush+`"}},
		"Nightly.Rule":{"connection":"own","actions":["GetEmbeddings"]}},`+models+`}`)
	requests, rule := s.Triggers["requests"], s.Triggers["Nightly.Rule"]
	equal(t, "connection", requests.Connection, "team")
	equalList(t, "actions", requests.Actions, []string{"GetChatCompletions", "ListModels"})
	equal(t, "receiver", requests.Receiver != nil, true)
	equal(t, "host", s.Receivers[0].Host(), "10.1.2.3")
	equal(t, "connection of the other", rule.Connection, "own")
	equalList(t, "its actions", rule.Actions, []string{"GetEmbeddings"})
	equal(t, "its receiver", rule.Receiver == nil, true)
	equal(t, "first source", s.Sources[0].Name, "requests")
	equal(t, "its queue", s.Sources[0].Queue, "in-queue")
	equal(t, "its result queue", s.Sources[0].ResultQueue, "results")
	equal(t, "second source", s.Sources[1].Name, "Nightly.Rule")
	equal(t, "sources", len(s.Sources), len(s.Triggers))
}

func TestMistakesInATrigger(t *testing.T) {
	const lists = `"connection":"team","actions":["ListModels"]`
	const queue = ` must be the name of a storage queue: 3 to 63 lower-case letters, digits and single hyphens`
	for name, test := range map[string]struct{ trigger, want string }{
		"no object":            {`[]`, ` must be an object, such as {"connection":"default","actions":["GetChatCompletions"]}`},
		"nothing":              {`{}`, ".connection is missing; name the connection that these events use\nx.actions is missing; list the actions that these events may run, such as [\"GetChatCompletions\"]"},
		"unknown key":          {`{` + lists + `,"queues":"` + hush + `"}`, `.queues is not a known name here; did you mean queue?`},
		"actions a text":       {`{"connection":"team","actions":"ListModels"}`, `.actions must be a list, such as ["GetChatCompletions"]`},
		"no action":            {`{"connection":"team","actions":[]}`, `.actions must name at least one action, such as ["GetChatCompletions"]`},
		"unknown action":       {`{"connection":"team","actions":["ListModels","` + hush + `"]}`, `.actions[1] must be one of GetChatCompletions, GetChatCompletionsFromJson, GetChatReply, GetCompletions, GetEmbeddings, GetImageEmbeddings, GetModelInfo, ListModels`},
		"action twice":         {`{"connection":"team","actions":["ListModels","ListModels"]}`, `.actions[1] is listed before; remove it`},
		"connection":           {`{"connection":"` + hush + `","actions":["ListModels"]}`, `.connection must be one of team, own`},
		"connection empty":     {`{"connection":"","actions":["ListModels"]}`, `.connection must be one of team, own`},
		"brought":              {`{"connection":"any","actions":["ListModels"]}`, `.connection is a connection whose callers bring endpoint and key, and events bring none; name one of connections`},
		"queue in capitals":    {`{` + lists + `,"queue":"Requests"}`, `.queue` + queue},
		"queue too short":      {`{` + lists + `,"queue":"in"}`, `.queue` + queue},
		"queue too long":       {`{` + lists + `,"queue":"` + strings.Repeat("q", 64) + `"}`, `.queue` + queue},
		"queue with --":        {`{` + lists + `,"queue":"in--queue"}`, `.queue` + queue},
		"result queue alone":   {`{` + lists + `,"resultQueue":"results"}`, `.resultQueue is of no use without queue; add that, or remove it`},
		"result queue, typo":   {`{` + lists + `,"queu":"in-queue","resultQueue":"results"}`, `.queu is not a known name here; did you mean queue?`},
		"one queue for both":   {`{` + lists + `,"queue":"in-queue","resultQueue":"in-queue"}`, `.resultQueue is the queue that is read: every result would be a new message; give results a queue of their own`},
		"deliverTo plain":      {`{` + lists + `,"deliverTo":{"url":"http://h/?sig=` + hush + `"}}`, `.deliverTo.url must begin with https://; connections.team.egress.allowPlainHttp permits http`},
		"deliverTo no URL":     {`{` + lists + `,"deliverTo":{"url":"` + hush + `"}}`, `.deliverTo.url must be a whole URL, such as https://flows.example.com/morning?sig=...`},
		"deliverTo of several": {`{` + lists + `,"deliverTo":{"url":["` + hush + `"]}}`, `.deliverTo.url must be a text`},
		"a deliverTo address":  {`{` + lists + `,"deliverTo":{"url":"https://192.168.0.1/"}}`, `.deliverTo.url must be a host name; connections.team.egress.allowCidrs permits an address such as 192.168.0.1`},
	} {
		t.Run(name, func(t *testing.T) {
			got := complaints(t, `{`+models+`,"triggers":{"x":`+test.trigger+`}}`)
			equalList(t, "complaints", got, lines("triggers.x"+strings.ReplaceAll(test.want, "\nx.", "\ntriggers.x.")))
		})
	}
}

func TestNamesOfTriggers(t *testing.T) {
	const form, function = ` must be the name of a function, queue or rule: letters, digits, dots, underscores and hyphens, at most 128`,
		` must be the name of a function, as it has a queue: letters, digits, underscores and hyphens, beginning with a letter`
	const taken, reserved = ` is the name of an action, whose function is called so; rename it`, ` is a name that function apps need for something else; rename it`
	for name, want := range map[string]struct{ bare, queued string }{
		"a b": {form, form}, "-a": {form, form}, strings.Repeat("a", 129): {form, form},
		"orders.fifo": {"", function}, "7up": {"", function}, "_a": {form, form},
		"listModels": {"", taken}, "Rest": {"", reserved}, "Api": {"", reserved}, "HOST": {"", reserved},
		"Requests": {}, strings.Repeat("a", 128): {},
	} {
		for more, want := range map[string]string{"": want.bare, `,"queue":"in-queue"`: want.queued} {
			file := `{` + models + `,"triggers":{"` + name + `":{"connection":"own","actions":["ListModels"]` + more + `}}}`
			if want == "" {
				equal(t, name+more, mustLoad(t, file).Triggers[name].Connection, "own")
			} else {
				equalList(t, name+more, complaints(t, file), []string{"triggers." + name + want})
			}
		}
	}
}

// Functions of one app have names that differ in more than letter case, and queues of their own.
func TestTriggersBesideOneAnother(t *testing.T) {
	const own = `"connection":"own","actions":["ListModels"]`
	equalList(t, "complaints", complaints(t, `{`+models+`,"triggers":{
		"requests":{`+own+`,"queue":"in-queue"},"Requests":{`+own+`,"queue":"other"},"REQUESTS":{`+own+`},"more":{`+own+`,"queue":"in-queue"}}}`), []string{
		"triggers.Requests is the same name as requests, as letter case is ignored; rename one",
		"triggers.more.queue is the queue of triggers.requests, and each would get some of its messages; give each a queue of its own"})
}

// Events need a connection that has an endpoint.
func TestTriggersOfBroughtConnectionsOnly(t *testing.T) {
	const brought = `{"byo":{"any":{"allowHosts":["*.openai.azure.com"]}},`
	equalList(t, "trigger", complaints(t, brought+`"triggers":{"x":{"connection":"other","actions":["ListModels"]}}}`),
		[]string{"triggers.x.connection needs an entry in connections, as events bring no endpoint"})
	equalList(t, "schedule", complaints(t, brought+`"schedules":{"x":{"cron":"0 0 7 * * *","action":"ListModels"}}}`),
		[]string{"schedules.x.connection needs an entry in connections, as schedules bring no endpoint"})
	equalList(t, "nothing at all", complaints(t, `{"schedules":{"x":{"cron":"0 0 7 * * *","action":"ListModels"}}}`),
		[]string{"connections is missing; give one connection at least, or byo"})
}
