package trigger_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// A source runs what its trigger says, on the trigger's connection, whatever the envelope leaves out.
func TestRunFor(t *testing.T) {
	for name, test := range map[string]struct{ source, members, id string }{
		"connection left out":  {"requests", ``, "event-1"},
		"connection named":     {"requests", `"connection":"default",`, "event-1"},
		"its sender's own id":  {"requests", `"id":"order 7",`, "order 7"},
		"delivered":            {"delivered", ``, "event-1"},
		"delivered, by own id": {"delivered", `"id":"order 7",`, "order 7"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, answers(200, answer), 202)
			call, output, err := w.RunFor(t.Context(), test.source, "event-1", envelope(test.members))
			if err != nil || string(output) != answer || call.ID != test.id || call.Connection != "default" || call.Action != "GetChatCompletions" {
				t.Errorf("got %+v, %s, %v", call, output, err)
			}
			if want := []string{"/default/models/chat/completions"}; !slices.Equal(w.asked, want) {
				t.Errorf("got %v, want %v", w.asked, want)
			}
			var want []string
			if test.source == "delivered" {
				want = []string{`"delivered/` + test.id + `" ` + answer}
			}
			if !slices.Equal(w.received, want) {
				t.Errorf("got %v, want %v", w.received, want)
			}
			lines := w.lines(t)
			if lines[0]["msg"] != "call" || lines[0]["request_id"] != test.id || lines[0]["status"] != 200.0 || lines[0]["bytes_out"] != float64(len(answer)) {
				t.Errorf("got %v", lines[0])
			}
		})
	}
}

// What a source may not run reaches no endpoint, and is told in one line of the log.
func TestRunForRefuses(t *testing.T) {
	for name, test := range map[string]struct {
		source, envelope string
		code             connector.Code
		message          string
	}{
		"unknown source":     {"unknown", string(envelope(``)), connector.InvalidRequest, "'unknown' may run nothing. Say what it may in triggers"},
		"no source":          {"", string(envelope(``)), connector.InvalidRequest, "'' may run nothing"},
		"another spelling":   {"Requests", string(envelope(``)), connector.InvalidRequest, "'Requests' may run nothing"},
		"its letter case":    {"requests", string(envelope(`"connection":"Default",`)), connector.NotFound, "requests may use one connection"},
		"other connection":   {"requests", string(envelope(`"connection":"other",`)), connector.NotFound, "requests may use one connection"},
		"no such connection": {"requests", string(envelope(`"connection":"none",`)), connector.NotFound, "requests may use one connection"},
		"other action":       {"requests", `{"action":"GetEmbeddings","input":{"model":"m","input":["pr0mpt"]}}`, connector.InvalidRequest, "requests may not run 'GetEmbeddings', but: GetChatCompletions, ListModels. Change the action, or triggers.requests.actions."},
		"no such action":     {"requests", `{"action":"getchatcompletions"}`, connector.InvalidRequest, "requests may not run 'getchatcompletions'"},
		"no envelope":        {"requests", `pr0mpt`, connector.InvalidRequest, "This is no envelope."},
		"no JSON":            {"requests", `{"action":"pr0mpt`, connector.InvalidJSON, "The envelope must be strict JSON"},
		"bad input":          {"requests", `{"action":"GetChatCompletions","input":{"model":"m","messages":"pr0mpt"}}`, connector.ValidationFailed, "messages"},
		"input of no object": {"requests", `{"action":"GetChatCompletions","input":["pr0mpt"]}`, connector.InvalidJSON, "The input must be strict JSON"},
		"stream":             {"requests", strings.Replace(string(envelope(``)), `"model"`, `"stream":true,"model"`, 1), connector.InvalidRequest, "stream"},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, answers(200, answer), 202)
			call, output, err := w.RunFor(t.Context(), test.source, "event-1", []byte(test.envelope))
			e := wantCode(t, err, test.code)
			if !strings.Contains(e.Message, test.message) || output != nil || call.ID != "event-1" {
				t.Errorf("got %q with %s for %s, want %q", e.Message, output, call.ID, test.message)
			}
			if len(w.asked)+len(w.received) != 0 {
				t.Errorf("got %v and %v", w.asked, w.received)
			}
			lines := w.lines(t)
			if len(lines) != 1 || lines[0]["request_id"] != "event-1" || lines[0]["code"] != string(test.code) || lines[0]["status"] != float64(e.Status()) {
				t.Errorf("got %v", lines)
			}
		})
	}
}

// Whom the platform lets run everything may, until an entry of that name narrows it.
func TestRunDirect(t *testing.T) {
	w := newWorld(t, answers(200, answer), 202)
	call, output, err := w.RunDirect(t.Context(), "function", "event-1", envelope(`"connection":"other",`))
	if err != nil || string(output) != answer || call.ID != "event-1" || call.Connection != "other" {
		t.Errorf("got %+v, %s, %v", call, output, err)
	}
	if want := []string{"/other/models/chat/completions"}; !slices.Equal(w.asked, want) {
		t.Errorf("got %v, want %v", w.asked, want)
	}
	_, _, err = w.RunDirect(t.Context(), "function", "event-2", envelope(``))
	wantCode(t, err, connector.InvalidRequest) // there are two connections
	_, _, err = w.RunDirect(t.Context(), "function", "event-3", []byte(`hello`))
	wantCode(t, err, connector.InvalidRequest)
	_, _, err = w.RunDirect(t.Context(), "requests", "event-4", envelope(`"connection":"other",`))
	wantCode(t, err, connector.NotFound)
	if _, _, err = w.RunDirect(t.Context(), "delivered", "event-5", envelope(``)); err != nil || len(w.received) != 1 {
		t.Errorf("got %v and %v", err, w.received)
	}
	if lines := w.lines(t); lines[2]["request_id"] != "event-3" || lines[2]["code"] != "InvalidRequest" {
		t.Errorf("got %v", lines)
	}
}

// An error of the endpoint's own is a failure with its code, and nothing is delivered.
func TestRunForAnEndpointThatFails(t *testing.T) {
	for name, test := range map[string]struct {
		model   http.HandlerFunc
		code    connector.Code
		status  float64 // logged
		message string
	}{
		"throttled":         {answers(429, `{"error":{"code":"429","message":"Slow down."}}`), connector.UpstreamThrottled, 429, "Slow down."},
		"its own code":      {answers(400, `{"error":{"code":"BadThing","message":"That is bad."}}`), "BadThing", 400, "That is bad."},
		"no JSON":           {answers(500, `<html>`), connector.UpstreamError, 500, "status 500"},
		"content filter":    {answers(400, `{"error":{"code":"content_filter","message":"Filtered: s3cret"}}`), connector.ContentFilter, 400, "Filtered: s3cret"},
		"refused key":       {answers(401, `{}`), connector.UpstreamAuthFailed, 424, "credential"},
		"redirect":          {answers(302, ``), connector.UpstreamRedirect, 424, "redirect"},
		"no usable reply":   {answers(200, `{"a":`), connector.UpstreamInvalid, 502, ""},
		"no reply":          {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, connector.UpstreamReset, 502, ""},
		"not a JSON object": {answers(503, `[]`), connector.UpstreamUnavailable, 503, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t, test.model, 202)
			_, output, err := w.RunFor(t.Context(), "delivered", "event-1", envelope(``))
			if e := wantCode(t, err, test.code); !strings.Contains(e.Message, test.message) || output != nil {
				t.Errorf("got %q with %s, want %q", e.Message, output, test.message)
			}
			if len(w.received) != 0 {
				t.Errorf("got %v", w.received)
			}
			if lines := w.lines(t); len(lines) != 1 || lines[0]["code"] != string(test.code) || lines[0]["status"] != test.status {
				t.Errorf("got %v", lines)
			}
		})
	}
}

// An output that is not taken is a failure of the event, so that the platform brings it again.
func TestRunForAReceiverThatRefuses(t *testing.T) {
	w := newWorld(t, answers(200, answer), 403)
	_, _, err := w.RunFor(t.Context(), "delivered", "event-1", envelope(``))
	e := wantCode(t, err, connector.DeliveryFailed)
	if !strings.Contains(e.Message, "403") || len(w.received) != 1 {
		t.Errorf("got %q after %d deliveries", e.Message, len(w.received))
	}
	lines := w.lines(t)
	if len(lines) != 2 || lines[0]["status"] != 200.0 || lines[1]["msg"] != "not delivered" || lines[1]["code"] != "DeliveryFailed" ||
		lines[1]["id"] != "delivered/event-1" || lines[1]["source"] != "delivered" || lines[1]["bytes"] != float64(len(answer)) {
		t.Errorf("got %v", lines)
	}
}
