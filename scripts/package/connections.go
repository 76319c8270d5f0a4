package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"

	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

// connections is what packaging reads of a connections file. Whether the program will take it, settings says.
type connections struct {
	text      []byte // nil where there is no file
	name      string
	root      any // all of it
	Auth      struct{ TrustPlatform bool }
	Schedules map[string]struct{ Cron, TimeZone string }
	Triggers  map[string]struct{ Queue, ResultQueue string }
}

// readConnections reads what can be read: check tells the rest.
func readConnections(path string) (c connections, err error) {
	if path == "" {
		return c, nil
	}
	if c.text, err = os.ReadFile(path); err != nil {
		return c, fmt.Errorf("--connections: %w", err)
	}
	c.name = filepath.Base(path)
	for _, part := range []any{&c, &c.root} {
		_ = json.Unmarshal(bytes.TrimPrefix(c.text, []byte("\ufeff")), part)
	}
	return c, nil
}

// check refuses what the program would refuse when it starts on a host, whatever the app settings are. Only the
// values that packaging itself writes down may not come from them. All mistakes come together.
func (c connections) check(host settings.Host, actions []*schema.Action) (mistakes error) {
	if c.text == nil {
		return nil
	}
	if problems := settings.CheckFile(host, c.name, c.text, actions); len(problems) > 0 {
		mistakes = problems
	}
	for _, name := range slices.Sorted(maps.Keys(c.Schedules)) {
		for _, field := range [][2]string{{"cron", c.Schedules[name].Cron}, {"timeZone", c.Schedules[name].TimeZone}} {
			if appSetting.MatchString(field[1]) {
				mistakes = errors.Join(mistakes, fmt.Errorf("schedules.%s.%s is an app setting, but packaging knows none; write the value itself", name, field[0]))
			}
		}
	}
	return mistakes
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

// timers are the schedules that can be read, in the order of their names: check tells of the others.
func (c connections) timers() (timers []timer) {
	for _, name := range slices.Sorted(maps.Keys(c.Schedules)) {
		if times, err := schedule.Parse(c.Schedules[name].Cron, c.Schedules[name].TimeZone); err == nil {
			timers = append(timers, timer{name, times})
		}
	}
	return timers
}

var appSetting = regexp.MustCompile(`@appsetting\('([^']+)'\)`)

// appSettings returns the names that a connections file looks up in the environment.
func (c connections) appSettings() []string {
	var names []string
	for _, reference := range appSetting.FindAllSubmatch(c.text, -1) {
		names = append(names, string(reference[1]))
	}
	slices.Sort(names)
	return slices.Compact(names)
}
