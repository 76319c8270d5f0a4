package main_test

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

// events is a connections file with schedules and triggers. The address of the receiver is a secret.
const events = `{
	"connections": {
		"team": {"endpoint": "https://team.services.ai.azure.com/models", "deployments": {"large": {}}},
		"own": {"endpoint": "http://localhost:11434/v1"}
	},
	"triggers": {
		"requests": {"connection": "team", "actions": ["GetChatCompletions", "ListModels"], "queue": "requests", "resultQueue": "results",
			"deliverTo": {"url": "https://flows.example.org:8443/hush?sig=hush"}},
		"nightly": {"connection": "own", "actions": ["ListModels"]},
		"orders": {"connection": "own", "actions": ["ListModels"], "queue": "orders", "resultQueue": "answers"}
	},
	"schedules": {
		"workdays": {"cron": "0 30 7 * * 1-5", "timeZone": "America/New_York", "action": "GetChatCompletions", "connection": "team",
			"input": {"messages": [{"role": "user", "content": "hush"}]}, "deliverTo": {"url": "@appsetting('FLOW')"}},
		"always": {"cron": "*/5 * * * *", "action": "ListModels", "connection": "own"}
	}
}`

var (
	nextInNewYork = regexp.MustCompile(`(Mon|Tue|Wed|Thu|Fri) 20\d\d-\d\d-\d\d 07:30:00 -0[45]:00`)
	nextInUTC     = regexp.MustCompile(`\w{3} 20\d\d-\d\d-\d\d \d\d:\d[05]:00 \+00:00`)
)

// withoutTimes puts names in the place of planned times.
func withoutTimes(text string) string {
	return nextInUTC.ReplaceAllString(nextInNewYork.ReplaceAllString(text, "A WORKDAY"), "SOON")
}

func eventsEnvironment(t *testing.T) []string {
	t.Helper()
	return []string{"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", events), "FLOW=https://flows.example.org/hush?sig=hush"}
}

func (p program) testSchedules(t *testing.T) {
	environment := eventsEnvironment(t)
	got := p.run(t, environment, "", "schedules", "--count", "2")
	same(t, "exit code", got.code, 0)
	same(t, "standard error", got.stderr, "")
	same(t, "standard output", withoutTimes(columns(got.stdout)), `
NAME CRON TIME ZONE ACTION CONNECTION NEXT
workdays 0 30 7 * * 1-5 America/New_York GetChatCompletions team A WORKDAY
A WORKDAY
always 0 */5 * * * * UTC ListModels own SOON
SOON`)
	keepsQuiet(t, "schedules", got.stdout)
	var last time.Time
	for _, text := range nextInUTC.FindAllString(p.run(t, environment, "", "schedules").stdout, -1) {
		next, err := time.Parse("Mon 2006-01-02 15:04:05 -07:00", text)
		if err != nil || !next.After(last) || next.Before(time.Now()) {
			t.Errorf("got %q after %v (%v)", text, last, err)
		}
		last = next
	}
	if ahead := time.Until(last); ahead > 15*time.Minute {
		t.Errorf("the third of every five minutes is in %v", ahead)
	}
	none := p.run(t, nil, "", "schedules")
	same(t, "exit code without", none.code, 0)
	same(t, "without", none.stdout, "There are no schedules (connections: nothing configured: the embedded emulator). They go into schedules of the connections file.\n")
}

func (p program) testSchedulesMistakes(t *testing.T) {
	environment := eventsEnvironment(t)
	const both = "give ACTION or --schedule, not both; see handler invoke --help"
	const unknown = ". Known: workdays, always."
	for line, want := range map[string]string{
		"schedules workdays":                                  "usage: handler schedules [flags]",
		"schedules --count 0":                                 "--count must be between 1 and 1000",
		"schedules --count -1":                                "--count must be between 1 and 1000",
		"schedules --count 1001":                              "--count must be between 1 and 1000",
		"schedules --count many":                              `invalid argument "many" for "--count" flag; see handler schedules --help`,
		"invoke --schedule":                                   "flag needs an argument: --schedule; see handler invoke --help",
		"invoke --schedule workday":                           `there is no schedule "workday"` + unknown,
		"invoke --schedule Workdays":                          `there is no schedule "Workdays"` + unknown,
		"invoke --schedule=":                                  `there is no schedule ""` + unknown,
		"invoke --schedule requests":                          `there is no schedule "requests"` + unknown,
		"invoke ListModels --schedule workdays":               both,
		"invoke --schedule workdays always":                   both,
		"invoke --schedule workdays --connection own":         "--schedule goes without --connection and --input: the schedule says them",
		"invoke --schedule workdays --input gone.json":        "--schedule goes without --connection and --input: the schedule says them",
		"invoke --schedule workdays --input - --connection x": "--schedule goes without --connection and --input: the schedule says them",
	} {
		got := p.run(t, environment, "", strings.Fields(line)...)
		same(t, line+": exit code", got.code, 1)
		same(t, line+": standard output", got.stdout, "")
		same(t, line+": standard error", got.stderr, want+"\n")
	}
	same(t, "none to invoke", p.run(t, nil, "", "invoke", "--schedule", "x").stderr, "there is no schedule \"x\". There are none.\n")
}

func (p program) testCheckEvents(t *testing.T) {
	got := p.run(t, eventsEnvironment(t), "", "check")
	same(t, "exit code", got.code, 0)
	same(t, "standard error", got.stderr, "")
	_, tables, _ := strings.Cut(withoutTimes(columns(got.stdout)), "\nTRIGGER ")
	same(t, "tables", "TRIGGER "+tables, `TRIGGER CONNECTION ACTIONS OUTPUTS GO TO
requests team GetChatCompletions, ListModels queue requests -> results, flows.example.org:8443
nightly own ListModels nowhere (only logged)
orders own ListModels queue orders -> answers

SCHEDULE CRON TIME ZONE ACTION CONNECTION NEXT OUTPUTS GO TO
workdays 0 30 7 * * 1-5 America/New_York GetChatCompletions team A WORKDAY flows.example.org
always 0 */5 * * * * UTC ListModels own SOON nowhere (only logged)`)
	keepsQuiet(t, "check", got.stdout)
	p.testCheckEventsOnLambda(t)
}

// testCheckEventsOnLambda: one connections file serves both clouds, but Lambda has neither its queues nor seconds.
func (p program) testCheckEventsOnLambda(t *testing.T) {
	trusting := strings.Replace(events, "{", `{"auth": {"trustPlatform": true},`, 1)
	onLambda := func(file string) result {
		return p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", file), "FLOW=https://flows.example.org/hush?sig=hush",
			"CONNECTOR_RATE_LIMIT_SCOPE=process"}, "", "check", "--host", "lambda")
	}
	got := onLambda(strings.ReplaceAll(trusting, "http://localhost:11434/v1", "https://models.example.org/v1"))
	same(t, "standard error on Lambda", got.stderr, "")
	for _, line := range []string{"\nrequests team GetChatCompletions, ListModels flows.example.org:8443\n", "\norders own ListModels nowhere (only logged)\n"} {
		contains(t, "tables on Lambda", columns(got.stdout), line)
	}
	got = onLambda(strings.Replace(trusting, "*/5 * * * *", "30 */5 * * * *", 1))
	same(t, "exit code of seconds", got.code, 1)
	contains(t, "seconds", got.stderr, "schedules.always.cron must have 0 as its second: EventBridge Scheduler fires by the minute\n")
}

// testMissingFunctions starts function apps that were packaged with another connections file.
func (p program) testMissingFunctions(t *testing.T) {
	file := writeInto(t, "connections.json", `{"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x","key":"`+programKey+`"}]}},
		"triggers":{"requests":{"connection":"a","actions":["ListModels"],"queue":"requests"},"rule":{"connection":"a","actions":["ListModels"]}},
		"schedules":{"tick":{"cron":"* * * * * *","action":"ListModels"}}}`)
	const queue = `{"type":"queueTrigger","direction":"in","name":"message","queueName":"requests"}`
	const noTimer, noQueue = "schedules.tick has no function that fires it; make the package again with this connections file",
		"triggers.requests has a queue, but no function reads it; make the package again with this connections file"
	for name, test := range map[string]struct {
		bindings map[string]string
		want     string
	}{
		"both":          {nil, noTimer + "\n" + noQueue},
		"queue":         {map[string]string{"tick": secondly}, noQueue},
		"another queue": {map[string]string{"tick": secondly, "requests": secondly}, noQueue},
		"timer":         {map[string]string{"requests": queue}, noTimer},
	} {
		got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_RATE_LIMIT_SCOPE=process",
			"FUNCTIONS_CUSTOMHANDLER_PORT=0", "FUNCTIONS_APP_ROOT_PATH=" + functionApp(t, test.bindings)}, "")
		same(t, name+": exit code", got.code, 1)
		contains(t, name, got.stderr, test.want+"\n")
	}
}
