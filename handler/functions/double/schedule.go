package double

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// ranges are those of the six fields of an NCRONTAB expression.
var ranges = [6]struct {
	least, most int
	names       []string // of the values from least on
}{
	{0, 59, nil}, {0, 59, nil}, {0, 23, nil}, {1, 31, nil},
	{1, 12, []string{"january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december"}},
	{0, 6, []string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}},
}

var everySpan = regexp.MustCompile(`^(\d+\.)?\d{1,2}:\d{2}:\d{2}$`)

// checkSchedule refuses what is neither five or six fields in their ranges nor a time span.
func checkSchedule(text string) error {
	fields := strings.Fields(text)
	if everySpan.MatchString(text) {
		return nil
	}
	if len(fields) != 5 && len(fields) != 6 {
		return fmt.Errorf("the schedule %q is no NCRONTAB expression", text)
	}
	for i, field := range fields {
		for item := range strings.SplitSeq(field, ",") {
			if !isItem(item, i+6-len(fields)) {
				return fmt.Errorf("the schedule %q is no NCRONTAB expression: %q", text, item)
			}
		}
	}
	return nil
}

// isItem reports whether text is a star, a value or a range of the field, perhaps with a step.
func isItem(text string, field int) bool {
	span, step, stepped := strings.Cut(text, "/")
	if n, err := strconv.Atoi(step); stepped && (err != nil || n < 1) {
		return false
	}
	if span == "*" {
		return true
	}
	from, to, both := strings.Cut(span, "-")
	return isValue(from, field) && (!both || isValue(to, field))
}

func isValue(text string, field int) bool {
	r := ranges[field]
	if n, err := strconv.Atoi(text); err == nil {
		return n >= r.least && n <= r.most
	}
	for _, name := range r.names {
		if len(text) >= 3 && strings.HasPrefix(name, strings.ToLower(text)) {
			return true
		}
	}
	return false
}

// isFrequent reports whether a schedule fires more than once a minute, so that the host does not monitor it.
func isFrequent(schedule string) bool {
	fields := strings.Fields(schedule)
	if len(fields) == 6 {
		_, err := strconv.Atoi(fields[0])
		return err != nil
	}
	return strings.HasPrefix(schedule, "00:00:")
}
