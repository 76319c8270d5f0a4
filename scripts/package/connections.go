package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"

	"inferenceconnector/handler/schedule"
)

// connections is what packaging reads of a connections file. The program itself checks the rest at its start,
// when the app settings are there.
type connections struct {
	text      []byte // nil where there is no file
	Auth      struct{ TrustPlatform bool }
	Schedules map[string]struct{ Cron, TimeZone string }
	Triggers  map[string]struct{ Queue, ResultQueue string }
}

func readConnections(path string) (c connections, err error) {
	if path == "" {
		return c, nil
	}
	if c.text, err = os.ReadFile(path); err == nil {
		err = json.Unmarshal(c.text, &c)
	}
	if err != nil {
		return c, fmt.Errorf("--connections: %w", err)
	}
	return c, nil
}

// files is the connections file, if there is one.
func (c connections) files() []file {
	if c.text == nil {
		return nil
	}
	return []file{{"connections.json", 0o644, c.text}}
}

// A timer is a schedule whose times have been read.
type timer struct {
	name string
	schedule.Times
}

// zone is the name of its time zone, and one for UTC, which has two.
func (t timer) zone() string {
	if zone := t.Zone().String(); zone != "Etc/UTC" {
		return zone
	}
	return "UTC"
}

var scheduleName = regexp.MustCompile(`^[a-z][a-z0-9_-]{0,62}$`)

// timers reads the schedules, in the order of their names. Their mistakes come together.
func (c connections) timers() (timers []timer, mistakes error) {
	for _, name := range slices.Sorted(maps.Keys(c.Schedules)) {
		at, s := "schedules."+name, c.Schedules[name]
		if !scheduleName.MatchString(name) {
			mistakes = errors.Join(mistakes, fmt.Errorf("%s must have a name of lower-case letters, digits, _ and -, at most 63", at))
		}
		zone := s.TimeZone
		if _, err := schedule.LoadZone(zone); err != nil {
			mistakes = errors.Join(mistakes, fmt.Errorf("%s.timeZone %w%s", at, err, written(zone)))
			zone = ""
		}
		times, err := schedule.Parse(s.Cron, zone)
		if err != nil {
			mistakes = errors.Join(mistakes, fmt.Errorf("%s.cron %w%s", at, err, written(s.Cron)))
			continue
		}
		timers = append(timers, timer{name, times})
	}
	return timers, mistakes
}

var appSetting = regexp.MustCompile(`@appsetting\('([^']+)'\)`)

// written is advice for a value that packaging cannot know.
func written(value string) string {
	if appSetting.MatchString(value) {
		return "; packaging knows no app settings, so write the value itself"
	}
	return ""
}

// appSettings returns the names that a connections file looks up in the environment.
func (c connections) appSettings() []string {
	var names []string
	for _, reference := range appSetting.FindAllSubmatch(c.text, -1) {
		names = append(names, string(reference[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
