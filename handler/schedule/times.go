package schedule

import (
	"errors"
	"strings"
	"time"
	_ "time/tzdata" // serverless images need not have the zones; 0.4 MiB

	"github.com/netresearch/go-cron"
)

// Times are the planned times of a schedule: a cron expression of six fields in a time zone, as Azure
// Functions reads it (contract/azure-functions-custom-handler.md section 4). Of day and weekday one is *, as
// platforms disagree about the rest.
//
// When clocks change, a schedule that names hours fires once for each of its times: one that the clock leaves
// out comes when the clock has jumped (02:30 and 02:45 together at 03:00), and one that the clock shows twice
// comes the first time. A schedule of every hour follows the clock as it runs: it fires in both of two like
// hours, and has nothing to make up for an hour that is not there. Platforms that keep the time themselves have
// rules of their own: EventBridge Scheduler leaves out what the clock leaves out.
type Times struct {
	zone *time.Location
	spec *cron.SpecSchedule
	text string // six fields
}

// searchYears is how far there can be from one 29 February to the next, and some.
const searchYears = 10

// Parse reads a cron expression of five or six fields and the name of a time zone, "" for UTC.
func Parse(expression, zone string) (Times, error) {
	fields := strings.Fields(expression)
	if len(fields) == 5 {
		fields = append([]string{"0"}, fields...)
	}
	if len(fields) != 6 {
		return Times{}, errors.New("must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5")
	}
	// The library reads some expressions in ways of its own; it gets what we read.
	spec := &cron.SpecSchedule{Location: time.UTC, MaxSearchYears: searchYears}
	sets := []*uint64{&spec.Second, &spec.Minute, &spec.Hour, &spec.Dom, &spec.Month, &spec.Dow}
	for i, f := range fieldsOfCron {
		var err error
		if *sets[i], err = f.read(fields[i]); err != nil {
			return Times{}, err
		}
	}
	location, err := LoadZone(zone)
	if err != nil {
		return Times{}, err
	}
	t := Times{zone: location, spec: spec, text: strings.ToUpper(strings.Join(fields, " "))}
	return t, t.check()
}

// check refuses what no platform fires, or not all fire alike.
func (t Times) check() error {
	if !everyDay.whole(t.spec.Dom) && !everyWeekday.whole(t.spec.Dow) {
		return errors.New("must have * as its day or as its weekday: platforms disagree about what both together mean")
	}
	if t.spec.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return errors.New("never fires: none of its months has such a day")
	}
	return nil
}

// LoadZone returns the time zone of an IANA name, UTC for "".
func LoadZone(name string) (*time.Location, error) {
	location, err := time.LoadLocation(ZoneName(name))
	if err != nil || name == "Local" {
		return nil, errors.New("must be an IANA time zone such as Europe/Lisbon, and no Windows name")
	}
	return location, nil
}

// ZoneName is the one name of a time zone: UTC has several.
func ZoneName(name string) string {
	if name == "" || name == "Etc/UTC" {
		return "UTC"
	}
	return name
}

// Zone is the time zone.
func (t Times) Zone() *time.Location { return t.zone }

// NCRONTAB returns the expression as a timerTrigger takes it.
func (t Times) NCRONTAB() string { return t.text }
