package main

import (
	"cmp"
	"strings"

	"inferenceconnector/handler/settings"
	"inferenceconnector/handler/trigger"
)

func (a *app) triggerTable() table {
	t := table{{"TRIGGER", "CONNECTION", "ACTIONS", "OUTPUTS GO TO"}}
	for _, source := range a.settings.Sources {
		t = append(t, []string{source.Name, source.Connection, strings.Join(source.Actions, ", "), destination(a.queuesOf(source), source.Receiver)})
	}
	return t
}

func (a *app) scheduleTable() table {
	t := table{{"SCHEDULE", "CRON", "TIME ZONE", "ACTION", "CONNECTION", "NEXT", "OUTPUTS GO TO"}}
	for _, s := range a.settings.Schedules {
		t = append(t, []string{s.Name, s.NCRONTAB(), s.Zone().String(), s.Action, s.Connection, nextTimes(s, 1)[0], destination("", s.Receiver)})
	}
	return t
}

// queuesOf says from which queue to which one the results of a trigger come, "" for none. Lambda has no such queues.
func (a *app) queuesOf(source settings.Source) string {
	if source.ResultQueue == "" || a.settings.Host == settings.Lambda {
		return ""
	}
	return "queue " + source.Queue + " -> " + source.ResultQueue
}

// destination says where outputs go: to queues, to a receiver, to both.
func destination(queues string, to trigger.Receiver) string {
	places := make([]string, 0, 2)
	if queues != "" {
		places = append(places, queues)
	}
	// A receiver goes by its host: the rest of its address is a secret.
	if named, ok := to.(interface{ Host() string }); ok {
		places = append(places, named.Host())
	}
	return cmp.Or(strings.Join(places, ", "), "nowhere (only logged)")
}
