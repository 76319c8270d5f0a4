package schedule

import (
	"testing"
	"time"
)

// Whatever is read as a schedule has a next time and a last one, on their sides of now, and both are planned.
func FuzzParse(f *testing.F) {
	for _, expression := range []string{"0 0 7 * * 1-5", "*/10 * * * * *", "0 30 1 29 2 *", "5 4 * * SUN", "0 0 24 * * *", "@daily", "0 0 7 ? * L"} {
		for _, zone := range []string{"", "Europe/Lisbon", "America/New_York", "Pacific/Apia"} {
			f.Add(expression, zone, int64(1774746000), int64(0))
		}
	}
	f.Fuzz(func(t *testing.T, expression, zone string, seconds, nanos int64) {
		times, err := Parse(expression, zone)
		if err != nil {
			return
		}
		const years = 400 * 365 * 24 * 60 * 60
		now := time.Unix(seconds%years, nanos%1e9)
		next, last := times.Next(now), times.Planned(now)
		if !next.After(now) || last.After(now.Add(early)) || last.After(next) || !times.fires(last) || !times.fires(next) {
			t.Errorf("%s in %s at %s: got %s, then %s", expression, zone, now, last, next)
		}
		if again, err := Parse(times.NCRONTAB(), zone); err != nil || !again.Next(now).Equal(next) {
			t.Errorf("%s became %s: %v", expression, times.NCRONTAB(), err)
		}
		_, _ = times.EventBridge()
	})
}
