package schedule

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// A field is one of a cron expression. Only what all platforms read alike is taken: no 7 for Sunday, no ranges
// over the end such as 22-2, no L, W, # and ?, and no words such as @daily.
type field struct {
	name        string
	least, most int
	names       []string // the first stands for least
}

var (
	everySecond  = field{"second", 0, 59, nil}
	everyMinute  = field{"minute", 0, 59, nil}
	everyHour    = field{"hour", 0, 23, nil}
	everyDay     = field{"day", 1, 31, nil}
	everyMonth   = field{"month", 1, 12, []string{"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}}
	everyWeekday = field{"weekday", 0, 6, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}}
)

// fieldsOfCron are all fields in their order.
var fieldsOfCron = []field{everySecond, everyMinute, everyHour, everyDay, everyMonth, everyWeekday}

// entry is one of a list: everything, a value or a range, and a step through it.
var entry = regexp.MustCompile(`^(?:\*|(\w+)(?:-(\w+))?)(?:/([0-9]{1,2}))?$`)

// read returns the values that a text means, one bit each. Its errors name the field.
func (f field) read(text string) (bits uint64, err error) {
	for one := range strings.SplitSeq(text, ",") {
		parts := entry.FindStringSubmatch(one)
		if parts == nil {
			return 0, fmt.Errorf("has a mistake in its %s: use * or numbers%s with , - and / alone", f.name, f.hint())
		}
		low, high, ok := f.ends(parts[1], parts[2], parts[3] != "")
		if !ok {
			return 0, fmt.Errorf("has a mistake in its %s: it goes from %d to %d%s", f.name, f.least, f.most, f.hint())
		}
		if high < low {
			return 0, fmt.Errorf("has a mistake in its %s: a range must go up; write two, with a comma between", f.name)
		}
		step, err := strconv.Atoi(cmp.Or(parts[3], "1"))
		if err != nil || step < 1 || step > f.most {
			return 0, fmt.Errorf("has a mistake in its %s: a step goes from 1 to %d", f.name, f.most)
		}
		if parts[1] != "" && parts[2] == "" && parts[3] != "" && step == 1 {
			return 0, fmt.Errorf("has a mistake in its %s: platforms disagree about %d/1; write %[2]d-%[3]d", f.name, low, f.most)
		}
		for n := low; n <= high; n += step {
			bits |= 1 << n
		}
	}
	return bits, nil
}

// ends returns the ends of a range: of all for no text, and up to the last for one value with a step.
func (f field) ends(from, to string, stepped bool) (low, high int, ok bool) {
	if from == "" {
		return f.least, f.most, true
	}
	low, ok = f.value(from)
	switch {
	case to != "":
		high, toOK := f.value(to)
		return low, high, ok && toOK
	case stepped:
		return low, f.most, ok
	}
	return low, low, ok
}

// hint tells of the names of a field.
func (f field) hint() string {
	if f.names == nil {
		return ""
	}
	return fmt.Sprintf(" (%s to %s)", f.names[0], f.names[len(f.names)-1])
}

func (f field) value(text string) (n int, ok bool) {
	if i := slices.Index(f.names, strings.ToUpper(text)); i >= 0 {
		return f.least + i, true
	}
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= f.least && n <= f.most && len(text) <= 2
}

// whole reports whether a set of the field's values holds all of them.
func (f field) whole(bits uint64) bool { return len(f.values(bits)) == f.most-f.least+1 }

// values are the numbers in a set, in order.
func (f field) values(bits uint64) (all []int) {
	for n := f.least; n <= f.most; n++ {
		if bits>>n&1 == 1 {
			all = append(all, n)
		}
	}
	return all
}
