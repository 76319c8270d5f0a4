package trigger_test

import (
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/handler/trigger"
)

// A panic is one call's, or one delivery's.
func TestPanic(t *testing.T) {
	w := newWorld(t, answers(200, answer), 202)
	whole := w.Connector
	w.Connector = nil
	_, _, err := w.RunFor(t.Context(), "requests", "event-1", envelope(``))
	wantCode(t, err, connector.InternalError)
	w.Connector = whole
	w.Triggers["broken"] = trigger.Trigger{Connection: "default", Actions: []string{"GetChatCompletions"}, Receiver: (*endpoint.Receiver)(nil)}
	_, _, err = w.RunFor(t.Context(), "broken", "event-2", envelope(``))
	wantCode(t, err, connector.InternalError)
	if _, _, err = w.RunFor(t.Context(), "requests", "event-3", envelope(``)); err != nil {
		t.Error(err)
	}
	var told []string
	for _, line := range w.lines(t) {
		id, _ := line["request_id"].(string)
		told = append(told, line["msg"].(string)+" "+id)
	}
	want := []string{"panic event-1", "call event-1", "call event-2", "panic broken/event-2", "not delivered ", "call event-3"}
	if !slices.Equal(told, want) {
		t.Errorf("got %q, want %q", told, want)
	}
}

// Whatever a sender calls its message, the log has one line for the call, with that as its id.
func TestForgedIDs(t *testing.T) {
	for name, id := range map[string]string{
		"line break":   `a\n{\"msg\":\"call\",\"status\":200}`,
		"quote":        `a\",\"status\":200,\"b\":\"`,
		"escape codes": `\u001b[2Ja\u0000\u2028`,
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, answers(500, `{}`), 202)
			call, _, err := w.RunFor(t.Context(), "requests", "event-1", envelope(`"id":"`+id+`",`))
			if err == nil {
				t.Fatal("got no failure")
			}
			lines := w.lines(t)
			if len(lines) != 1 || lines[0]["request_id"] != call.ID || lines[0]["status"] != 500.0 {
				t.Errorf("got %v for %q", lines, call.ID)
			}
			if strings.ContainsAny(strings.TrimSuffix(w.log.String(), "\n"), "\n\r\x00\x1b") {
				t.Errorf("got %q", w.log.String())
			}
		})
	}
}

// A small message can hold many values, each of which takes more memory than its characters do (R25).
func TestMessagesOfManyValues(t *testing.T) {
	w := newWorld(t, answers(200, answer), 202)
	w.Memory = connector.NewMemory(1 << 20)
	_, _, err := w.RunFor(t.Context(), "requests", "event-1", []byte(`{"action":"ListModels","input":{"x":[`+strings.Repeat("0,", 40_000)+`0]}}`))
	wantCode(t, err, connector.Overloaded)
	_, _, err = w.RunFor(t.Context(), "requests", "event-2", []byte(`{"action":"ListModels","input":{"x":0}}`))
	wantCode(t, err, connector.InvalidRequest)
}
