package schedule

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestEventBridge(t *testing.T) {
	for expression, want := range map[string]string{
		"0 0 7 * * 1-5":           "cron(0 7 ? * 2-6 *)",
		"0 7 * * *":               "cron(0 7 * * ? *)",
		"0 */15 * * * *":          "cron(0,15,30,45 * * * ? *)",
		"0 30 6,18 1 1-3 *":       "cron(30 6,18 1 1-3 ? *)",
		"0 0 0 * JAN,FEB SUN,SAT": "cron(0 0 ? 1,2 1,7 *)",
		"0 0 0 * * SUN":           "cron(0 0 ? * 1 *)",
		"0 0 0 1-31 * 0-6":        "cron(0 0 * * ? *)",
	} {
		if got, err := parse(t, expression, "").EventBridge(); got != want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", expression, got, err, want)
		}
	}
}

func TestEventBridgeMistakes(t *testing.T) {
	for expression, want := range map[string]string{
		"30 0 7 * * *":                     "must have 0 as its second",
		"* 0 7 * * *":                      "must have 0 as its second",
		"*/30 * * * * *":                   "must have 0 as its second",
		"0,30 * * * * *":                   "must have 0 as its second",
		"0 1,3-59 0-4,6-23 1-14,16-31 * *": "is 318 characters long",
	} {
		if got, err := parse(t, expression, "").EventBridge(); got != "" || err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %s, %v, want %s", expression, got, err, want)
		}
	}
}

// Both expressions, expanded each by the rules of its own platform, name the same minutes.
func TestEventBridgeNamesTheSameTimes(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		day, weekday := randomField(random, everyDay), "*"
		if random.IntN(2) == 0 {
			day, weekday = "*", randomField(random, everyWeekday)
		}
		expression := fmt.Sprintf("0 %s %s %s %s %s", randomField(random, everyMinute), randomField(random, everyHour), day, randomField(random, everyMonth), weekday)
		times, err := Parse(expression, "")
		if err != nil {
			continue // a day that no month has
		}
		text, err := times.EventBridge()
		if err != nil {
			t.Fatalf("%s: %v", expression, err)
		}
		got := expand(t, text)
		for i, set := range []uint64{times.spec.Minute, times.spec.Hour, times.spec.Dom, times.spec.Month, times.spec.Dow} {
			want := fieldsOfCron[i+1].values(set)
			if i == 4 {
				for j := range want {
					want[j]++
				}
			}
			if !slices.Equal(got[i], want) {
				t.Fatalf("%s became %s: field %d got %v, want %v", expression, text, i, got[i], want)
			}
		}
	}
}

var eventBridge = regexp.MustCompile(`^cron\((\S+) (\S+) (\S+) (\S+) (\S+) \*\)$`)

// expand reads an expression as EventBridge Scheduler's documentation says. One day is ?, and stands for all.
func expand(t testing.TB, text string) (fields [5][]int) {
	t.Helper()
	parts := eventBridge.FindStringSubmatch(text)
	if parts == nil || (parts[3] == "?") == (parts[5] == "?") {
		t.Fatalf("got %s", text)
	}
	limits := [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {1, 7}}
	for i, part := range parts[1:] {
		if part == "*" || part == "?" && (i == 2 || i == 4) {
			part = fmt.Sprintf("%d-%d", limits[i][0], limits[i][1])
		}
		for one := range strings.SplitSeq(part, ",") {
			from, to, isRange := strings.Cut(one, "-")
			low, err := strconv.Atoi(from)
			high := low
			if isRange && err == nil {
				high, err = strconv.Atoi(to)
			}
			if err != nil || low < limits[i][0] || high > limits[i][1] {
				t.Fatalf("got %s", text)
			}
			for n := low; n <= high; n++ {
				fields[i] = append(fields[i], n)
			}
		}
	}
	return fields
}
