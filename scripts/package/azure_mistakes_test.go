package main

import (
	"slices"
	"strings"
	"testing"
)

// Each mistake is one line with its place and a remedy.
func TestMistakesOfEventsOnAzure(t *testing.T) {
	actions := loadActions(t)
	long := strings.Repeat("q", 64)
	for name, c := range map[string]struct {
		file string
		want []string // what the lines begin with
	}{
		"nothing wrong":                  {eventful, nil},
		"one zone written in three ways": {`{"schedules":{"a":{"cron":"0 0 7 * * *"},"b":{"cron":"0 0 8 * * *","timeZone":"UTC"},"c":{"cron":"0 0 8 * * *","timeZone":"Etc/UTC"}}}`, nil},
		"two zones": {`{"schedules":{"b":{"cron":"0 0 7 * * *","timeZone":"Europe/Lisbon"},"a":{"cron":"0 0 8 * * *"}}}`,
			[]string{"schedules have 2 time zones, and a function app has one: Europe/Lisbon (b), UTC (a); write all in one"}},
		"zone that is none": {`{"schedules":{"a":{"cron":"0 0 7 * * *","timeZone":"Lisbon"}}}`,
			[]string{"schedules.a.timeZone must be the name of a time zone"}},
		"zone in an app setting": {`{"schedules":{"a":{"cron":"0 0 7 * * *","timeZone":"@appsetting('ZONE')"}}}`,
			[]string{"schedules.a.timeZone must be the name of a time zone, such as Europe/Lisbon; packaging knows no app settings"}},
		"cron in an app setting": {`{"schedules":{"a":{"cron":"@appsetting('CRON')"}}}`,
			[]string{"schedules.a.cron must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5; packaging knows no app settings"}},
		"no cron": {`{"schedules":{"a":{}}}`, []string{"schedules.a.cron must be six fields"}},
		"all together": {`{"schedules":{"b":{"cron":"0 0 25 * * *"},"a":{"cron":"x","timeZone":"y"}},"triggers":{"T":{"queue":"-"}}}`,
			[]string{"schedules.a.timeZone ", "schedules.a.cron ", "schedules.b.cron ", "triggers.T.queue must be 3 to 63"}},
		"names of others": {`{"schedules":{"rest":{"cron":"0 0 7 * * *"},"getchatcompletions":{"cron":"0 0 7 * * *"},"ask":{"cron":"0 0 7 * * *"}},
			"triggers":{"ASK":{"queue":"requests"},"Host":{"queue":"requests"},"GetEmbeddings":{"queue":"requests"},"getinfo":{}}}`,
			[]string{"schedules.getchatcompletions has the name of an action; choose another", "schedules.rest has the name of the function for all other forms",
				"triggers.ASK has the name of schedules.ask", "triggers.GetEmbeddings has the name of an action", "triggers.Host has the name of a word of Functions"}},
		"trigger that is no function's name": {`{"triggers":{"1st.orders":{"queue":"requests"},"2nd.orders":{}}}`,
			[]string{"triggers.1st.orders has a queue, so it must be a function's name"}},
		"names of queues": {`{"triggers":{"A":{"queue":"Requests"},"B":{"queue":"a--b"},"C":{"queue":"ab"},"D":{"queue":"` + long + `"},"E":{"queue":"in-@appsetting('A')@appsetting('B')-1"},
			"F":{"queue":"in","resultQueue":"out%"},"G":{"queue":"%Q%"}}}`,
			[]string{"triggers.A.queue must be 3 to 63", "triggers.B.queue must be 3 to 63", "triggers.C.queue must be 3 to 63", "triggers.D.queue must be 3 to 63",
				"triggers.F.queue must be 3 to 63", "triggers.F.resultQueue must be 3 to 63", "triggers.G.queue must be 3 to 63"}},
		"results without calls": {`{"triggers":{"A":{"resultQueue":"results"}}}`, []string{"triggers.A.resultQueue needs queue"}},
		"results as calls":      {`{"triggers":{"A":{"queue":"both","resultQueue":"both"}}}`, []string{"triggers.A.resultQueue is the queue that is read"}},
	} {
		t.Run(name, func(t *testing.T) {
			read, err := readConnections(write(t, "c.json", c.file))
			if err != nil {
				t.Fatal(err)
			}
			_, err = eventFunctions(read, actions)
			var got []string
			if err != nil {
				got = strings.Split(err.Error(), "\n")
			}
			if !slices.EqualFunc(got, c.want, strings.HasPrefix) {
				t.Errorf("got lines\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(c.want, "\n"))
			}
		})
	}
}
