package schedule

import (
	"testing"
	"time"
)

func parse(t testing.TB, expression, zone string) Times {
	t.Helper()
	times, err := Parse(expression, zone)
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return times
}

// at reads a time as these tests write it.
func at(t testing.TB, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

func TestNext(t *testing.T) {
	const saturday = "2026-11-21T12:00:00Z"
	for name, test := range map[string]struct{ cron, zone, after, want string }{
		"weekdays":               {"0 0 7 * * 1-5", "", saturday, "2026-11-23T07:00:00Z"},
		"five fields":            {"0 7 * * 1-5", "", saturday, "2026-11-23T07:00:00Z"},
		"blanks":                 {"  0 0\t7 * *  1-5 ", "", saturday, "2026-11-23T07:00:00Z"},
		"names":                  {"0 0 7 * jan mon", "", saturday, "2027-01-04T07:00:00Z"},
		"in a time zone":         {"0 0 7 * * *", "America/New_York", saturday, "2026-11-22T07:00:00-05:00"},
		"in summer":              {"0 0 7 * * *", "Europe/Lisbon", "2026-07-01T12:00:00Z", "2026-07-02T07:00:00+01:00"},
		"the moment itself":      {"0 0 12 * * *", "", saturday, "2026-11-22T12:00:00Z"},
		"a moment before":        {"0 0 12 * * *", "", "2026-11-21T11:59:59.999Z", saturday},
		"each second":            {"* * * * * *", "", "2026-11-21T12:00:00.5Z", "2026-11-21T12:00:01Z"},
		"every ten seconds":      {"*/10 * * * * *", "", saturday, "2026-11-21T12:00:10Z"},
		"from a value by steps":  {"0 7/15 * * * *", "", saturday, "2026-11-21T12:07:00Z"},
		"weekday by steps":       {"0 0 0 * * 2/2", "", saturday, "2026-11-24T00:00:00Z"}, // Sunday is no 8th day
		"lists":                  {"0 0 6,18 * * *", "", saturday, "2026-11-21T18:00:00Z"},
		"29 February":            {"0 0 0 29 2 *", "", "2096-03-01T00:00:00Z", "2104-02-29T00:00:00Z"},
		"31st":                   {"0 0 0 31 * *", "", saturday, "2026-12-31T00:00:00Z"},
		"all days as a range":    {"0 0 0 1-31 * SUN", "", saturday, "2026-11-22T00:00:00Z"},
		"all weekdays as a list": {"0 0 0 22 * 0-3,4-6", "", saturday, "2026-11-22T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			times := parse(t, test.cron, test.zone)
			if got := times.Next(at(t, test.after)).Format(time.RFC3339Nano); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestPlanned(t *testing.T) {
	for name, test := range map[string]struct{ cron, at, want string }{
		"on time":            {"0 0 7 * * *", "2026-11-21T07:00:00Z", "2026-11-21T07:00:00Z"},
		"a little late":      {"0 0 7 * * *", "2026-11-21T07:00:00.3Z", "2026-11-21T07:00:00Z"},
		"late":               {"0 0 7 * * *", "2026-11-21T09:12:13Z", "2026-11-21T07:00:00Z"},
		"a second early":     {"0 0 7 * * *", "2026-11-21T06:59:59Z", "2026-11-21T07:00:00Z"},
		"more than that":     {"0 0 7 * * *", "2026-11-21T06:59:58.999Z", "2026-11-20T07:00:00Z"},
		"on Monday":          {"0 0 7 * * 1-5", "2026-11-23T06:00:00Z", "2026-11-20T07:00:00Z"},
		"once in four years": {"0 0 0 29 2 *", "2104-02-28T00:00:00Z", "2096-02-29T00:00:00Z"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := parse(t, test.cron, "").Planned(at(t, test.at)).Format(time.RFC3339Nano); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// What is wrong is said in words that name the field, and follow on the place of the setting.
func TestParseMistakes(t *testing.T) {
	const fields = "must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5"
	for expression, want := range map[string]string{
		"":                fields,
		"7":               fields,
		"0 7 * *":         fields,
		"0 0 7 * * * *":   fields,
		"@daily":          fields,
		"@every 1h":       fields,
		"0 0 7 * * 7":     "has a mistake in its weekday: it goes from 0 to 6 (SUN to SAT)",
		"0 0 7 * * 1-7":   "has a mistake in its weekday: it goes from 0 to 6 (SUN to SAT)",
		"0 0 7 * * MOON":  "has a mistake in its weekday: it goes from 0 to 6 (SUN to SAT)",
		"0 0 7 * * JAN":   "has a mistake in its weekday: it goes from 0 to 6 (SUN to SAT)",
		"0 0 7 * 13 *":    "has a mistake in its month: it goes from 1 to 12 (JAN to DEC)",
		"0 0 7 0 * *":     "has a mistake in its day: it goes from 1 to 31",
		"0 0 24 * * *":    "has a mistake in its hour: it goes from 0 to 23",
		"0 60 * * * *":    "has a mistake in its minute: it goes from 0 to 59",
		"60 * * * * *":    "has a mistake in its second: it goes from 0 to 59",
		"0 007 * * * *":   "has a mistake in its minute: it goes from 0 to 59",
		"0 0 22-2 * * *":  "has a mistake in its hour: a range must go up; write two, with a comma between",
		"0 0 7 * * 5-SUN": "has a mistake in its weekday: a range must go up; write two, with a comma between",
		"0 */90 * * * *":  "has a mistake in its minute: a step goes from 1 to 59",
		"0 */0 * * * *":   "has a mistake in its minute: a step goes from 1 to 59",
		"0 5/1 * * * *":   "has a mistake in its minute: platforms disagree about 5/1; write 5-59",
		"0 */ * * * *":    "has a mistake in its minute: use * or numbers with , - and / alone",
		"0 1,,2 * * * *":  "has a mistake in its minute: use * or numbers with , - and / alone",
		"0 -1 * * * *":    "has a mistake in its minute: use * or numbers with , - and / alone",
		"0 *-5 * * * *":   "has a mistake in its minute: use * or numbers with , - and / alone",
		"0 0 7 L * *":     "has a mistake in its day: it goes from 1 to 31",
		"0 0 7 15W * *":   "has a mistake in its day: it goes from 1 to 31",
		"0 0 7 ? * *":     "has a mistake in its day: use * or numbers with , - and / alone",
		"0 0 7 * * 5#2":   "has a mistake in its weekday: use * or numbers (SUN to SAT) with , - and / alone",
		"0 0 7 13 * FRI":  "must have * as its day or as its weekday: platforms disagree about what both together mean",
		"0 0 7 30 2 *":    "never fires: none of its months has such a day",
		"0 0 7 31 4,6 *":  "never fires: none of its months has such a day",
	} {
		t.Run(expression, func(t *testing.T) {
			if _, err := Parse(expression, ""); err == nil || err.Error() != want {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

func TestZones(t *testing.T) {
	for name, want := range map[string]string{"": "UTC", "UTC": "UTC", "Europe/Lisbon": "Europe/Lisbon", "Pacific/Chatham": "Pacific/Chatham"} {
		if got := parse(t, "0 0 7 * * *", name).Zone().String(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for _, name := range []string{"Local", "Lisbon", "GMT Standard Time", "+01:00", "../zoneinfo/UTC", "/etc/localtime"} {
		if _, err := Parse("0 0 7 * * *", name); err == nil || err.Error() != "must be an IANA time zone such as Europe/Lisbon, and no Windows name" {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A timer of Functions has six fields, with blanks and letters as its documentation writes them.
func TestNCRONTAB(t *testing.T) {
	for expression, want := range map[string]string{
		"0 7 * * 1-5":         "0 0 7 * * 1-5",
		" 30  */5 * * * * ":   "30 */5 * * * *",
		"0 0 7 * jan mon-fri": "0 0 7 * JAN MON-FRI",
	} {
		if got := parse(t, expression, "").NCRONTAB(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
