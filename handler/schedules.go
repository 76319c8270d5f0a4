package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"inferenceconnector/handler/schedule"
	"inferenceconnector/handler/settings"
)

// maxCount is how many next times of a schedule are shown at most.
const maxCount = 1000

func schedulesFlags(flags *pflag.FlagSet) func(context.Context, []string) error {
	count := flags.Int("count", 3, "how many next times of each to show")
	return func(context.Context, []string) error {
		if *count < 1 || *count > maxCount {
			return fmt.Errorf("--count must be between 1 and %d", maxCount)
		}
		return withApp(settings.Standalone, os.Stderr, func(a *app) error { return a.listSchedules(os.Stdout, *count) })
	}
}

func (a *app) listSchedules(w io.Writer, count int) error {
	if len(a.settings.Schedules) == 0 {
		_, err := fmt.Fprintf(w, "There are no schedules (connections: %s). They go into schedules of the connections file.\n", a.settings.Source)
		return err
	}
	t := table{{"NAME", "CRON", "TIME ZONE", "ACTION", "CONNECTION", "NEXT"}}
	for _, s := range a.settings.Schedules {
		next := nextTimes(s, count)
		t = append(t, []string{s.Name, s.NCRONTAB(), s.Zone().String(), s.Action, s.Connection, next[0]})
		for _, more := range next[1:] {
			t = append(t, []string{"", "", "", "", "", more})
		}
	}
	return t.write(w)
}

// nextTimes are the next planned times, as clocks of the schedule's zone show them.
func nextTimes(s *schedule.Schedule, count int) (next []string) {
	for at := time.Now(); len(next) < count; {
		if at = s.Next(at); at.IsZero() {
			break
		}
		next = append(next, at.In(s.Zone()).Format("Mon 2006-01-02 15:04:05 -07:00"))
	}
	if next == nil {
		return []string{"never"}
	}
	return next
}

// invokeSchedule runs a schedule as it would run at its time, and prints the output.
func (a *app) invokeSchedule(ctx context.Context, name string) error {
	s := a.book.Find(name)
	if s == nil {
		known := "There are none."
		if names := a.scheduleNames(); len(names) > 0 {
			known = "Known: " + strings.Join(names, ", ") + "."
		}
		return fmt.Errorf("there is no schedule %q. %s", name, known)
	}
	output, ran, err := a.book.Fire(ctx, s, false)
	if output != nil {
		fmt.Printf("%s\n", output)
	}
	switch {
	case err != nil:
		return failed(err)
	case !ran:
		return errors.New("the schedule is running already")
	}
	return nil
}

func (a *app) scheduleNames() (names []string) {
	for _, s := range a.settings.Schedules {
		names = append(names, s.Name)
	}
	return names
}
