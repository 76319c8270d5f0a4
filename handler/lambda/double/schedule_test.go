package double_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

var planned = time.Date(2026, 11, 21, 7, 45, 0, 0, time.UTC)

// events returns what a function of the kind "seen" has had, by the error of its last try. Each begins with
// the request id.
func seenBy(t *testing.T, err error) []string {
	t.Helper()
	failed, ok := errors.AsType[*double.FunctionError](err)
	if !ok {
		t.Fatalf("got %v, want the function's error", err)
	}
	return strings.Split(failed.Message, " ")
}

func TestAsyncInvocationsAreTriedAgain(t *testing.T) {
	for want, a := range map[int]double.Async{3: {}, 1: {Tries: 1}, 2: {Tries: 2}} {
		a.Function = start(t, "seen")
		tries, err := a.Invoke(t.Context(), []byte(`{"a":1}`))
		events := seenBy(t, err)
		if tries != want || len(events) != want {
			t.Errorf("got %d tries and %q, want %d", tries, events, want)
		}
		for _, event := range events {
			if event != events[0] || !strings.HasSuffix(event, `{"a":1}`) {
				t.Errorf("got %q, want the same id and event each time", events)
			}
		}
	}
	well := double.Async{Function: start(t, "echo")}
	if tries, err := well.Invoke(t.Context(), []byte("1")); tries != 1 || err != nil {
		t.Errorf("got %d tries, %v", tries, err)
	}
	if tries, err := well.Invoke(t.Context(), []byte(`"`+strings.Repeat("x", 1<<20)+`"`)); tries != 0 || !errors.Is(err, double.ErrTooLarge) {
		t.Errorf("a large event: got %d tries, %v", tries, err)
	}
}

func TestSchedulerSendsItsInput(t *testing.T) {
	s := double.Scheduler{Async: double.Async{Function: start(t, "seen")}, Name: "morning",
		Input: `{"schedule":"morning","at":"<aws.scheduler.scheduled-time>"}`}
	tries, err := s.Fire(t.Context(), planned)
	for _, event := range seenBy(t, err) {
		if tries != 3 || event[36:] != `{"schedule":"morning","at":"2026-11-21T07:45:00Z"}` {
			t.Errorf("try %d: got %s", tries, event)
		}
	}
}

func TestRules(t *testing.T) {
	sent := func(fire func(double.Rule) (int, error), r double.Rule) (event map[string]any) {
		r.Async = double.Async{Function: start(t, "seen"), Tries: 1}
		_, err := fire(r)
		if err := json.Unmarshal([]byte(strings.Join(seenBy(t, err), " ")[36:]), &event); err != nil {
			t.Fatal(err)
		}
		delete(event, "id")
		return event
	}
	scheduled := func(r double.Rule) (int, error) { return r.Fire(t.Context(), planned) }
	put := func(r double.Rule) (int, error) {
		return r.Put(t.Context(), "orders", "Order", json.RawMessage(`{"a":1}`))
	}
	own := sent(put, double.Rule{Name: "r"})
	delete(own, "time")
	for name, test := range map[string]struct {
		got  map[string]any
		want string
	}{
		"schedule": {sent(scheduled, double.Rule{Name: "r"}), `{"account":"123456789012","detail":{},"detail-type":"Scheduled Event",` +
			`"region":"eu-west-1","resources":["arn:aws:events:eu-west-1:123456789012:rule/r"],"source":"aws.events","time":"2026-11-21T07:45:00Z","version":"0"}`},
		"constant": {sent(scheduled, double.Rule{Name: "r", Input: json.RawMessage(`{"b":2}`)}), `{"b":2}`},
		"own":      {own, `{"account":"123456789012","detail":{"a":1},"detail-type":"Order","region":"eu-west-1","resources":[],"source":"orders","version":"0"}`},
	} {
		if got, _ := json.Marshal(test.got); string(got) != test.want {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}
