package main

import (
	"errors"
	"fmt"
	"strings"
)

// place is where template.yaml has its schedules. Without any it stays as it is.
const place = "        # SCHEDULES: scripts/package-lambda --connections FILE puts those of the file here.\n"

// lambdaBeside puts the schedules into the template.
func lambdaBeside(name, text string, c connections) (string, error) {
	if name != "template.yaml" || len(c.Schedules) == 0 {
		return text, nil
	}
	events, err := scheduleEvents(c)
	if err != nil {
		return "", err
	}
	return put(text, place, events)
}

// scheduleEvent is an event of the function. A schedule's name is made by the platform, as ours would meet that
// of another stack. A firing that is over five minutes late counts as missed (handler/schedule).
const scheduleEvent = `        %s:
          Type: ScheduleV2
          Properties:
            OmitName: true
            ScheduleExpression: '%s'
            ScheduleExpressionTimezone: '%s'
            Input: '{"schedule":"%s"}'
            RetryPolicy:
              MaximumEventAgeInSeconds: 300
              MaximumRetryAttempts: 2
`

// scheduleEvents are the schedules as events of the function, for EventBridge Scheduler.
func scheduleEvents(c connections) (events string, mistakes error) {
	timers, mistakes := c.timers()
	var b strings.Builder
	for _, t := range timers {
		expression, err := t.EventBridge()
		if err != nil {
			mistakes = errors.Join(mistakes, fmt.Errorf("schedules.%s.cron %w", t.name, err))
			continue
		}
		fmt.Fprintf(&b, scheduleEvent, logicalID(t.name), expression, t.Zone(), t.name)
	}
	return b.String(), mistakes
}

// logicalID is a name for CloudFormation, which takes letters and digits only. Names of schedules have no
// capital letters, so that no two become the same.
func logicalID(name string) string {
	return "Schedule" + strings.NewReplacer("-", "H", "_", "U").Replace(name)
}
