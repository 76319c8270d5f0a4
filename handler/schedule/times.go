package schedule

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"
	_ "time/tzdata" // serverless images need not have the zones

	"github.com/netresearch/go-cron"
)

// Times are the planned times of a schedule: a cron expression of six fields in a time zone, as Azure
// Functions reads it (contract/azure-functions-custom-handler.md section 4). Of day and weekday one is *, as
// platforms disagree about the rest.
type Times struct {
	zone *time.Location
	spec *cron.SpecSchedule
	text string // six fields
}

// plain is what every platform takes: no L, W, #, ? and no words such as @daily.
var plain = regexp.MustCompile(`^[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+){4,5}$`)

var parser = cron.NewParser(cron.SecondOptional | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// Parse reads a cron expression of five or six fields and the name of a time zone, "" for UTC.
func Parse(expression, zone string) (Times, error) {
	fields := strings.Fields(expression)
	text := strings.Join(fields, " ")
	if !plain.MatchString(text) {
		return Times{}, errors.New("must be six fields: second, minute, hour, day, month, weekday, such as 0 0 7 * * 1-5")
	}
	location, err := LoadZone(zone)
	if err != nil {
		return Times{}, err
	}
	if len(fields) == 5 {
		text = "0 " + text
	}
	parsed, err := parser.Parse(text)
	if err != nil {
		return Times{}, fmt.Errorf("is no cron expression: %w", err)
	}
	spec, ok := parsed.(*cron.SpecSchedule)
	if !ok {
		return Times{}, errors.New("is no cron expression of six fields")
	}
	spec.Location = location
	t := Times{zone: location, spec: spec, text: text}
	return t, t.check()
}

// LoadZone returns the time zone of an IANA name, UTC for "".
func LoadZone(name string) (*time.Location, error) {
	location, err := time.LoadLocation(name)
	if err != nil || name == "Local" {
		return nil, errors.New("must be the name of a time zone, such as Europe/Lisbon")
	}
	return location, nil
}

// Next returns the first planned time after t.
func (t Times) Next(after time.Time) time.Time { return t.spec.Next(after) }

// early is how much too soon a platform's clock may fire.
const early = time.Second

// Planned returns the planned time that a firing at t is for: the last one, or one that is just about to come.
func (t Times) Planned(at time.Time) time.Time { return t.spec.Prev(at.Add(early + time.Nanosecond)) }

// Zone is the time zone.
func (t Times) Zone() *time.Location { return t.zone }

// NCRONTAB returns the expression as a timerTrigger takes it.
func (t Times) NCRONTAB() string { return t.text }

func (t Times) check() error {
	return nil
}
