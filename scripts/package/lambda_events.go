package main

import (
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
	return put(text, place, scheduleEvents(c))
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
func scheduleEvents(c connections) string {
	var b strings.Builder
	for _, t := range c.timers() {
		if expression, err := t.EventBridge(); err == nil { // else the file has been refused
			fmt.Fprintf(&b, scheduleEvent, logicalID(t.name), expression, t.Zone(), t.name)
		}
	}
	return b.String()
}

// logicalID is a name for CloudFormation, which takes letters and digits only. Names of schedules have no
// capital letters, so that no two become the same.
func logicalID(name string) string {
	return "Schedule" + strings.NewReplacer("-", "H", "_", "U").Replace(name)
}
