package functions_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/handler/functions"
	"inferenceconnector/handler/schedule"
)

// onTime and the others are what timers bring; the dates are as hosts write them.
const (
	onTime = `{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"2026-11-21T07:40:00.0021+00:00","Next":"2026-11-21T07:45:00+00:00",` +
		`"LastUpdated":"2026-11-21T07:40:00.0021+00:00"},"IsPastDue":false}`
	withoutZones   = `{"Schedule":{"AdjustForDST":true},"ScheduleStatus":{"Last":"0001-01-01T00:00:00","Next":"2026-11-21T07:45:00","LastUpdated":""},"IsPastDue":false}`
	withoutMonitor = `{"Schedule":{},"ScheduleStatus":null,"IsPastDue":false}`
	pastDue        = `{"ScheduleStatus":null,"IsPastDue":true}`
)

func ticked(value string) string {
	return `{"Data":{"timer":` + value + `},
 "Metadata":{"sys":{"MethodName":"morning","UtcNow":"2026-11-21T07:45:00.0103Z","RandGuid":"f0c1"},"action":"\"ListModels\""}}`
}

// timed has the schedule morning, whose times are long ago when the test runs, or just now.
func timed(t testing.TB, c functions.Config, cron string) functions.Config {
	t.Helper()
	times, err := schedule.Parse(cron, "")
	if err != nil {
		t.Fatal(err)
	}
	c.Book.Schedules = []*schedule.Schedule{{Name: "morning", Times: times, Action: "GetChatCompletions", Connection: "default",
		Input: []byte(`{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}]}`)}}
	return c
}

const (
	now     = "* * * * * *"
	longAgo = "0 0 7 29 2 *"
)

func TestTimers(t *testing.T) {
	for name, test := range map[string]struct {
		cron, value string
		ran         bool
	}{
		"on time":                   {now, onTime, true},
		"dates without zones":       {now, withoutZones, true},
		"without a monitor":         {now, withoutMonitor, true},
		"encoded once more":         {now, quoted(onTime), true},
		"nothing in it":             {now, `{}`, true},
		"late, by seconds":          {now, pastDue, true},
		"late, by days":             {longAgo, pastDue, false},
		"late, encoded once more":   {longAgo, quoted(pastDue), false},
		"late, as a text":           {longAgo, `{"IsPastDue":"True"}`, false},
		"the platform's own choice": {longAgo, onTime, true},
	} {
		t.Run(name, func(t *testing.T) {
			var calls atomic.Int64
			c, lines := newConfig(t, to(t, func(w http.ResponseWriter, r *http.Request) {
				calls.Add(1)
				saying(http.StatusOK, reply)(w, r)
			}))
			got := invoke(t, serve(t, timed(t, c, test.cron)), "morning", ticked(test.value))
			want := `"morning" did not run`
			if test.ran {
				want = fmt.Sprintf(`"GetChatCompletions" on "default" gave %d bytes in `, len(reply))
			}
			if got.status != http.StatusOK || len(got.outputs) > 0 || len(got.logs) != 1 || !strings.HasPrefix(got.logs[0], want) || calls.Load() == 1 != test.ran {
				t.Errorf("got %d %s and %d calls, want 200 with %s", got.status, got.text, calls.Load(), want)
			}
			if strings.Contains(lines.String()+got.text, "Lima") {
				t.Errorf("what was said is told: %s %s", lines, got.text)
			}
		})
	}
}

func TestTimersThatFail(t *testing.T) {
	c, _ := newConfig(t, to(t, saying(http.StatusBadRequest, `{"error":{"code":"OutOfCheese","message":"No."}}`)))
	failed := invoke(t, serve(t, timed(t, c, now)), "morning", ticked(onTime))
	wantFailed(t, failed, http.StatusInternalServerError, "OutOfCheese", `"GetChatCompletions" on "default" failed with OutOfCheese after`)
	c, _ = newConfig(t, bomb{})
	wantFailed(t, invoke(t, serve(t, timed(t, c, now)), "morning", ticked(onTime)), http.StatusInternalServerError, "InternalError", "failed with InternalError")
	c.Book.Schedules = nil
	wantFailed(t, invoke(t, serve(t, c), "morning", ticked(onTime)), http.StatusInternalServerError, "InvalidRequest", `"morning" failed`)
	c.Book = nil // whose use panics
	wantFailed(t, invoke(t, serve(t, c), "morning", ticked(onTime)), http.StatusInternalServerError, "InternalError", `"morning" failed`)
}

// A timer that fires while its schedule runs is no failure: the platform is not to fire it again.
func TestTimerThatOverlaps(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	c, _ := newConfig(t, to(t, func(w http.ResponseWriter, r *http.Request) {
		began <- struct{}{}
		<-end
		saying(http.StatusOK, reply)(w, r)
	}))
	address := serve(t, timed(t, c, now))
	first := make(chan outcome)
	go func() { first <- invoke(t, address, "morning", ticked(onTime)) }()
	<-began
	second := invoke(t, address, "morning", ticked(onTime))
	if second.status != http.StatusOK || !strings.HasPrefix(second.logs[0], `"morning" did not run`) {
		t.Errorf("got %d %s, want 200 and that it did not run", second.status, second.text)
	}
	close(end)
	if got := <-first; got.status != http.StatusOK || !strings.Contains(got.logs[0], "gave") {
		t.Errorf("got %d %s for the first, want 200", got.status, got.text)
	}
}
