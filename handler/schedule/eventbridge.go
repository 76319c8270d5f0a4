package schedule

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// EventBridge returns the expression as EventBridge Scheduler takes it, cron(0 7 ? * 2-6 *). It has no
// seconds, so that they must be 0.
func (t Times) EventBridge() (string, error) {
	if everySecond.list(t.spec.Second, 0) != "0" {
		return "", errors.New("must have 0 as its second: EventBridge Scheduler fires by the minute")
	}
	day, weekday := everyDay.list(t.spec.Dom, 0), "?"
	if !everyWeekday.whole(t.spec.Dow) {
		day, weekday = "?", everyWeekday.list(t.spec.Dow, 1) // Sunday is 1 there
	}
	text := fmt.Sprintf("cron(%s %s %s %s %s *)", everyMinute.list(t.spec.Minute, 0), everyHour.list(t.spec.Hour, 0),
		day, everyMonth.list(t.spec.Month, 0), weekday)
	if len(text) > maxExpression {
		return "", fmt.Errorf("is %d characters long for EventBridge Scheduler, which takes %d: name fewer values", len(text), maxExpression)
	}
	return text, nil
}

// maxExpression is the longest expression that EventBridge Scheduler takes, in characters.
const maxExpression = 256

// list writes a set as * for all, as one range, or as a list of numbers: nothing that readers could read in two
// ways. Each number is shifted.
func (f field) list(bits uint64, shift int) string {
	all := f.values(bits)
	first, last := all[0]+shift, all[len(all)-1]+shift
	switch {
	case f.whole(bits):
		return "*"
	case len(all) > 2 && last-first == len(all)-1:
		return fmt.Sprintf("%d-%d", first, last)
	}
	list := make([]string, len(all))
	for i, n := range all {
		list[i] = strconv.Itoa(n + shift)
	}
	return strings.Join(list, ",")
}
