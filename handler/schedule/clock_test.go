package schedule

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// planned lists the planned times after one and not after another, looked for forwards, and checks that it is the
// same backwards.
func planned(t testing.TB, times Times, after, until time.Time) (all []time.Time) {
	t.Helper()
	for next := times.Next(after); !next.After(until); next = times.Next(next) {
		if len(all) > 0 && !next.After(all[len(all)-1]) {
			t.Fatalf("after %s comes %s", all[len(all)-1], next)
		}
		all = append(all, next)
	}
	back := until
	for _, want := range slices.Backward(all) {
		got := times.last(back)
		if !got.Equal(want) {
			t.Fatalf("before %s: got %s, want %s", back, got, want)
		}
		back = got.Add(-1)
	}
	if got := times.last(back); got.After(after) {
		t.Fatalf("backwards there is also %s", got)
	}
	return all
}

// Both changes of clocks, in two zones: Lisbon's at 01:00 UTC, New York's at 2 o'clock.
func TestChangesOfClocks(t *testing.T) {
	const lisbon, newYork = "Europe/Lisbon", "America/New_York"
	for name, test := range map[string]struct{ cron, zone, day, want string }{
		"left out":                        {"0 30 1 * * *", lisbon, "2026-03-29", "02:00+01:00"},
		"left out, several":               {"0 */20 1 * * *", lisbon, "2026-03-29", "02:00+01:00"},
		"left out, and one that is not":   {"0 0 1,2 * * *", lisbon, "2026-03-29", "02:00+01:00"},
		"just before":                     {"0 59 0 * * *", lisbon, "2026-03-29", "00:59Z"},
		"just after":                      {"0 0 2 * * *", lisbon, "2026-03-29", "02:00+01:00"},
		"left out, every hour":            {"0 30 0-23 * * *", lisbon, "2026-03-29", "00:30Z 02:30+01:00 03:30+01:00"},
		"left out in New York":            {"0 30 2 * * *", newYork, "2026-03-08", "03:00-04:00"},
		"every hour in New York":          {"0 30 * * * *", newYork, "2026-03-08", "00:30-05:00 01:30-05:00 03:30-04:00"},
		"twice":                           {"0 30 1 * * *", lisbon, "2026-10-25", "01:30+01:00"},
		"twice, every hour":               {"0 30 * * * *", lisbon, "2026-10-25", "00:30+01:00 01:30+01:00 01:30Z 02:30Z 03:30Z"},
		"twice, most hours":               {"0 30 0-22 * * *", lisbon, "2026-10-25", "00:30+01:00 01:30+01:00 02:30Z 03:30Z"},
		"the moment of the change":        {"0 0 2 * * *", lisbon, "2026-10-25", "02:00Z"},
		"the hour that comes twice":       {"0 0 1 * * *", lisbon, "2026-10-25", "01:00+01:00"},
		"twice in New York":               {"0 0 1 * * *", newYork, "2026-11-01", "01:00-04:00"},
		"twice in New York, every hour":   {"0 0 * * * *", newYork, "2026-11-01", "00:00-04:00 01:00-04:00 01:00-05:00 02:00-05:00 03:00-05:00"},
		"midnight left out in São Paulo":  {"0 0 0 * * *", "America/Sao_Paulo", "2018-11-04", "01:00-02:00"},
		"half an hour twice on Lord Howe": {"0 45 1 * * *", "Australia/Lord_Howe", "2026-04-05", "01:45+11:00"},
	} {
		t.Run(name, func(t *testing.T) {
			times := parse(t, test.cron, test.zone)
			begin, err := time.ParseInLocation(time.DateOnly, test.day, times.Zone())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, one := range planned(t, times, begin.Add(-time.Second), begin.Add(5*time.Hour)) {
				if one.Hour() < 4 {
					got = append(got, one.Format("15:04Z07:00"))
				}
			}
			if text := strings.Join(got, " "); text != test.want {
				t.Errorf("got %s, want %s", text, test.want)
			}
		})
	}
}

// A platform that takes the second of two like hours is not late, nor is one that fires after the clock has jumped.
// Beyond the table of its zones, the library's bounds of a year are not its own: no day is lost or comes twice there.
func TestFarYears(t *testing.T) {
	for _, zone := range []string{"UTC", "Europe/Lisbon", "America/New_York", "Australia/Sydney", "Asia/Tokyo"} {
		for _, year := range []int{2036, 2040, 2044, 2096, 2100} {
			times := parse(t, "0 0 7 * * *", zone)
			from := time.Date(year, 12, 1, 0, 0, 0, 0, times.Zone())
			days := planned(t, times, from, from.AddDate(0, 2, 0))
			if len(days) != 62 {
				t.Errorf("%s, %d: got %d firings in two months of 31 days", zone, year, len(days))
			}
			for _, day := range days {
				if day.Hour() != 7 {
					t.Errorf("%s: got %s", zone, day)
				}
			}
		}
		leap := parse(t, "0 0 7 29 2 *", zone)
		if got := len(planned(t, leap, at(t, "2026-01-01T00:00:00Z"), at(t, "2070-01-01T00:00:00Z"))); got != 11 {
			t.Errorf("%s: got %d leap days, want 11", zone, got)
		}
	}
}

func TestBehind(t *testing.T) {
	for name, test := range map[string]struct {
		cron, now string
		want      time.Duration
	}{
		"on a usual day":             {"0 30 1 * * *", "2026-11-21T02:31:00Z", time.Hour + time.Minute},
		"the first of two":           {"0 30 1 * * *", "2026-10-25T00:31:00Z", time.Minute},
		"the second of two":          {"0 30 1 * * *", "2026-10-25T01:31:00Z", time.Minute},
		"an hour after that":         {"0 30 1 * * *", "2026-10-25T02:31:00Z", time.Hour + time.Minute},
		"after the jump":             {"0 30 1 * * *", "2026-03-29T01:01:00Z", time.Minute},
		"over the jump":              {"0 59 0 * * *", "2026-03-29T01:01:00Z", 2 * time.Minute},
		"as if it had not jumped":    {"0 30 1 * * *", "2026-03-29T01:30:00Z", 30 * time.Minute},
		"just before, in the autumn": {"0 59 0 * * *", "2026-10-25T00:01:00Z", 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			times, now := parse(t, test.cron, "Europe/Lisbon"), at(t, test.now)
			if got := times.behind(times.Planned(now), now); got != test.want {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Minute by minute, a clock on the wall says when a schedule fires: an independent count around every change.
func TestPlannedTimesMinuteByMinute(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	changes := map[string][]string{
		"Europe/Lisbon":       {"2026-03-29", "2026-10-25"},
		"America/New_York":    {"2026-03-08", "2026-11-01"},
		"America/Sao_Paulo":   {"2018-11-04", "2019-02-17"},
		"Australia/Lord_Howe": {"2026-04-05", "2026-10-04"},
		"Asia/Kathmandu":      {"2026-01-01"},
		"Pacific/Apia":        {"2011-12-30"}, // a whole day was left out
		"Africa/Casablanca":   {"2026-02-15", "2026-03-22"},
	}
	for zone, days := range changes {
		for _, day := range days {
			for range 12 {
				expression := fmt.Sprintf("0 %s %s * * *", randomField(random, everyMinute), randomField(random, everyHour))
				times := parse(t, expression, zone)
				begin := at(t, day+"T00:00:00Z").Add(-36 * time.Hour)
				end := begin.Add(72 * time.Hour)
				got, want := planned(t, times, begin, end), byTheMinute(times, begin, end)
				if !slices.EqualFunc(got, want, time.Time.Equal) {
					t.Fatalf("%s in %s:\ngot  %v\nwant %v", expression, zone, got, want)
				}
			}
		}
	}
}

// byTheMinute looks at the clock on the wall each minute. What it has not shown when it jumps on is due then, and
// what it has shown once does not count again, unless the schedule is one of every hour.
func byTheMinute(times Times, after, until time.Time) (all []time.Time) {
	every := everyHour.whole(times.spec.Hour)
	matches := func(wall time.Time) bool {
		return times.spec.Minute>>wall.Minute()&1 == 1 && times.spec.Hour>>wall.Hour()&1 == 1
	}
	wallAt := func(at time.Time) time.Time { return at.UTC().Add(offset(at.In(times.zone))) }
	const margin = 3 * time.Hour // what the clock has shown a change ago
	shown := wallAt(after.Add(-margin))
	for at := after.Add(-margin + time.Minute); !at.After(until); at = at.Add(time.Minute) {
		wall := wallAt(at)
		due := matches(wall)
		if !every {
			due = false
			for missing := shown.Add(time.Minute); !missing.After(wall); missing = missing.Add(time.Minute) {
				due = due || matches(missing)
			}
		}
		if wall.After(shown) {
			shown = wall
		}
		if due && at.After(after) {
			all = append(all, at)
		}
	}
	return all
}

func randomField(random *rand.Rand, f field) string {
	value := func() int { return f.least + random.IntN(f.most-f.least+1) }
	switch random.IntN(5) {
	case 0:
		return "*"
	case 1:
		return fmt.Sprintf("*/%d", 1+random.IntN(f.most))
	case 2:
		a, b := value(), value()
		return fmt.Sprintf("%d-%d", min(a, b), max(a, b))
	case 3:
		return fmt.Sprintf("%d,%d,%d", value(), value(), value())
	}
	return fmt.Sprint(value())
}
