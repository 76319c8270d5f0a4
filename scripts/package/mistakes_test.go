package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// usable is what every connections file needs on a host of others.
const usable = `"connections":{"a":{"endpoint":"@appsetting('URL')","callers":[{"name":"x","key":"@appsetting('KEY')"}]}}`

// Each mistake is one line with its place and a remedy, and with any there is no package. What the program refuses
// when it starts is refused here: the table has one of each kind.
func TestMistakes(t *testing.T) {
	t.Chdir("../..")
	const list, queue = `"action":"ListModels"`, `"connection":"a","actions":["ListModels"],"queue":`
	for name, c := range map[string]struct {
		line, file string
		want       []string // what the lines begin with
	}{
		"two zones": {"azure", `{` + usable + `,"schedules":{"b":{"cron":"0 0 7 * * *","timeZone":"Europe/Lisbon",` + list + `},"a":{"cron":"0 0 8 * * *",` + list + `}}}`,
			[]string{"schedules have 2 time zones, and a function app has one: Europe/Lisbon (b), UTC (a); write all in one"}},
		"zone in an app setting": {"azure", `{` + usable + `,"schedules":{"a":{"cron":"0 0 7 * * *","timeZone":"@appsetting('ZONE')",` + list + `}}}`,
			[]string{"schedules.a.timeZone is an app setting, but packaging knows none; write the value itself"}},
		"cron in an app setting": {"lambda", `{` + usable + `,"schedules":{"a":{"cron":"0 0 @appsetting('HOUR') * * *",` + list + `}}}`,
			[]string{"schedules.a.cron is an app setting, but packaging knows none; write the value itself"}},
		"misspelt":       {"azure", `{` + usable + `,"shedules":{"a":{"cron":"@appsetting('CRON')"}}}`, []string{"shedules is not a known name here; did you mean schedules?"}},
		"unknown action": {"lambda", `{` + usable + `,"triggers":{"T":{"connection":"a","actions":["Chat"]}}}`, []string{"triggers.T.actions[0] must be one of "}},
		"no actions":     {"azure", `{` + usable + `,"triggers":{"T":{"connection":"a"}}}`, []string{"triggers.T.actions is missing; "}},
		"wrong input": {"azure", `{` + usable + `,"schedules":{"a":{"cron":"0 0 7 * * *","action":"GetChatCompletions","input":{"model":"@appsetting('M')","temperature":7,"messages":[{"role":"user","content":"hi"}]}}}}`,
			[]string{"schedules.a.input.temperature must be between 0 and 1"}},
		"receiver": {"azure", `{` + usable + `,"triggers":{"T":{` + queue + `"in-queue","deliverTo":{"url":"http://u:cherry@h/"}}}}`,
			[]string{"triggers.T.deliverTo.url must not hold a user name", "triggers.T.deliverTo.url must begin with https://"}},
		"one queue for two": {"azure", `{` + usable + `,"triggers":{"T":{` + queue + `"in-queue"},"U":{` + queue + `"in-queue"}}}`, []string{"triggers.U.queue is the queue of triggers.T"}},
		"names": {"azure", `{` + usable + `,"schedules":{"api":{"cron":"0 0 7 * * *",` + list + `}},"triggers":{"GetEmbeddings":{` + queue + `"in-queue"}}}`,
			[]string{"schedules.api is a name that function apps need", "triggers.GetEmbeddings is the name of an action"}},
		"nobody may call": {"azure", `{"connections":{"a":{"endpoint":"https://h/models"}}}`, []string{"connections.a.callers is missing"}},
		"no JSON":         {"azure", `{"connections":`, []string{"c.json cannot be read: it ends too early, line 1, column 16"}},
		"all together": {"azure --auth platform", `{` + usable + `,"schedules":{"b":{"cron":"0 0 25 * * *",` + list + `},"a":{"cron":"0 0 7 * * *","timeZone":"Lisbon"},"c":{"cron":"@appsetting('C')",` + list + `}}}`,
			[]string{"schedules.b.cron has a mistake in its hour", "schedules.a.action is missing", "schedules.a.timeZone must be an IANA time zone", "schedules.c.cron is an app setting", "--auth platform needs"}},
	} {
		t.Run(name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			got := refused(t, append(strings.Fields(c.line), "--out", out, "--connections", write(t, "c.json", c.file)))
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("got lines\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("something was written")
			}
		})
	}
}

// refused runs the command, which must fail, and returns the lines of its error.
func refused(t *testing.T, arguments []string) []string {
	t.Helper()
	err := run(arguments)
	if err == nil {
		t.Fatal("it was packaged")
	}
	if strings.Contains(err.Error(), "cherry") {
		t.Errorf("a secret is in %q", err)
	}
	return strings.Split(err.Error(), "\n")
}

// Names of one zone are one zone, and the other cloud has as many as there are schedules.
func TestZonesThatGoTogether(t *testing.T) {
	for name, c := range map[string]struct{ target, file string }{
		"three names": {"azure", `{` + usable + `,"schedules":{"a":{"cron":"0 0 7 * * *","action":"ListModels"},"b":{"cron":"0 0 8 * * *","timeZone":"UTC","action":"ListModels"},"c":{"cron":"0 0 8 * * *","timeZone":"Etc/UTC","action":"ListModels"}}}`},
		"two zones":   {"lambda", `{` + usable + `,"schedules":{"a":{"cron":"0 0 7 * * *","timeZone":"Europe/Lisbon","action":"ListModels"},"b":{"cron":"0 0 8 * * *","action":"ListModels"}}}`},
		"eventful":    {"azure", eventful},
	} {
		read, err := readConnections(write(t, "c.json", c.file))
		if err != nil {
			t.Fatal(err)
		}
		to := targets[c.target]
		if err := read.check(to.host, loadActions(t)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if err := to.check(options{auth: "keys"}, read); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
