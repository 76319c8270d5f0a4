package functions_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
)

// quoted encodes a text as the host does once more.
func quoted(text string) string {
	encoded, _ := json.Marshal(text) // a string always encodes
	return string(encoded)
}

// queued is the invocation for a message, whose value in Data is given as JSON.
func queued(value string) string {
	return `{"Data":{"message":` + value + `},
 "Metadata":{"DequeueCount":"1","ExpirationTime":"2026-11-28T07:45:00+00:00","Id":"\"800ae4b3-0000-4000-8000-000000000001\"","InsertionTime":"2026-11-21T07:45:00+00:00",
   "NextVisibleTime":"2026-11-21T07:55:00+00:00","PopReceipt":"\"AgAAAA==\"","sys":{"MethodName":"worker","UtcNow":"2026-11-21T07:45:00.0103Z","RandGuid":"24ad4c06-24ad-4e5b-8294-3da9714877e9"}}}`
}

const (
	envelope = `{"action":"GetChatCompletions","input":{"model":"m","seed":12345678901234567,"messages":[{"role":"user","content":"Capital of \"Peru\"? <é>"}]}}`
	platform = "800ae4b3-0000-4000-8000-000000000001"
)

// wantResult checks the message that a good run puts into the result queue.
func wantResult(t *testing.T, got outcome, id, output string) {
	t.Helper()
	var text string
	want := fmt.Sprintf(`{"id":%q,"action":"GetChatCompletions","output":%s}`, id, output)
	if err := json.Unmarshal(got.outputs["result"], &text); got.status != http.StatusOK || err != nil || text != want {
		t.Errorf("got %d %s, want the result %s", got.status, got.text, want)
	}
}

// wantFailed checks that an invocation fails, so that the platform repeats what it repeats.
func wantFailed(t *testing.T, got outcome, status int, code, log string) {
	t.Helper()
	if got.status != status || got.code != code || len(got.outputs) > 0 || !strings.Contains(got.logs[0], log) {
		t.Errorf("got %d %s, want %d %s with %q in the log", got.status, got.text, status, code, log)
	}
}

// A message comes as JSON in a string in a string, and in other ways from other hosts and triggers.
func TestMessagesInEveryEncoding(t *testing.T) {
	var asked atomic.Value
	c, _ := newConfig(t, to(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		asked.Store(string(text))
		saying(http.StatusOK, reply)(w, r)
	}))
	address := serve(t, c)
	for name, value := range map[string]string{
		"twice, as documented hosts do": quoted(quoted(envelope)),
		"once":                          quoted(envelope),
		"an object":                     envelope,
		"with blanks around":            quoted(quoted(" \n" + envelope + "\n")),
	} {
		t.Run(name, func(t *testing.T) {
			wantResult(t, invoke(t, address, "worker", queued(value)), platform, reply)
			text, _ := asked.Load().(string)
			if !strings.Contains(text, `12345678901234567`) || !strings.Contains(text, `Capital of \"Peru\"? <é>`) {
				t.Errorf("the model was asked %s", text)
			}
		})
	}
}

func TestMessagesThatAreNoEnvelope(t *testing.T) {
	c, _ := newConfig(t, to(t, func(http.ResponseWriter, *http.Request) { t.Error("the model was called") }))
	address := serve(t, c)
	for name, test := range map[string]struct{ value, code string }{
		"the contract's message": {`"\"{\\\"id\\\":5}\""`, "InvalidRequest"},
		"a text":                 {`"\"hello\""`, "InvalidRequest"},
		"a text, encoded once":   {`"hello"`, "InvalidRequest"},
		"an empty text":          {`"\"\""`, "InvalidRequest"},
		"a number":               {`"1"`, "InvalidRequest"},
		"a number as it is":      {`1`, "InvalidRequest"},
		"a truth":                {`"true"`, "InvalidRequest"},
		"a batch":                {quoted("[" + quoted(envelope) + "]"), "InvalidRequest"},
		"a list":                 {"[" + envelope + "]", "InvalidRequest"},
		"nothing":                {`null`, "InvalidRequest"},
		"nothing, encoded":       {`"null"`, "InvalidRequest"},
		"encoded four times":     {quoted(quoted(quoted(quoted(envelope)))), "InvalidRequest"},
		"broken":                 {quoted(quoted(envelope[1:])), "InvalidRequest"},
		"cut":                    {quoted(quoted(envelope[:40])), "InvalidJson"},
		"a surrogate alone":      {quoted(quoted(`{"action":"GetChatCompletions","input":{"model":"\ud800"}}`)), "InvalidJson"},
		"a name twice":           {quoted(quoted(`{"action":"ListModels","action":"GetChatCompletions"}`)), "InvalidJson"},
		"another action":         {quoted(quoted(`{"action":"ListModels"}`)), "InvalidRequest"},
		"another connection":     {quoted(quoted(`{"action":"GetChatCompletions","connection":"other"}`)), "NotFound"},
		"no input":               {quoted(quoted(`{"action":"GetChatCompletions","input":{"model":"m"}}`)), "ValidationFailed"},
	} {
		t.Run(name, func(t *testing.T) {
			wantFailed(t, invoke(t, address, "worker", queued(test.value)), http.StatusInternalServerError, test.code, "failed with "+test.code+" after")
		})
	}
	wantFailed(t, invoke(t, address, "nobody", queued(quoted(quoted(envelope)))), http.StatusInternalServerError, "InvalidRequest", `"nobody" failed`)
}

// What senders can write into Metadata decides nothing.
func TestForgedMetadata(t *testing.T) {
	c, _ := newConfig(t, to(t, saying(http.StatusOK, reply)))
	address := serve(t, c)
	own := strings.Replace(envelope, `{`, `{"id":"order 7",`, 1)
	for name, test := range map[string]struct{ value, metadata, id string }{
		"the sender's id":            {own, `{"Id":"\"order 7\"","action":"\"ListModels\"","connection":"\"other\"","input":{"model":"x"},"DequeueCount":"9"}`, "order 7"},
		"its id, and another there":  {own, `{"Id":"\"x\""}`, "order 7"},
		"a number in the id's place": {envelope, `{"Id":"5"}`, "5"},
		"in other letter case":       {envelope, `{"id":"\"a\""}`, "a"},
		"a topic's":                  {envelope, `{"MessageId":"\"a\""}`, "a"},
		"as older hosts have it":     {envelope, `{"Id":"a-b"}`, "a-b"},
		"lines and more in it":       {envelope, `{"Id":"\"a\\r\\nX-Key: \\u00e9b\""}`, "aX-Key:b"},
		"a long one":                 {envelope, `{"Id":"` + strings.Repeat("x", 1000) + `"}`, strings.Repeat("x", 128)},
		"no metadata":                {envelope, `null`, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
		"no object":                  {envelope, `"{}"`, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
		"an empty id":                {envelope, `{"Id":"\"\""}`, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6"},
	} {
		t.Run(name, func(t *testing.T) {
			wantResult(t, invoke(t, address, "worker", `{"Data":{"message":`+quoted(quoted(test.value))+`},"Metadata":`+test.metadata+`}`), test.id, reply)
		})
	}
}

func TestRunsSayWhatTheyDid(t *testing.T) {
	c, lines := newConfig(t, to(t, saying(http.StatusOK, reply)))
	address := serve(t, c)
	good := invoke(t, address, "worker", queued(quoted(quoted(envelope))))
	if want := fmt.Sprintf(`"GetChatCompletions" on "default" gave %d bytes in `, len(reply)); len(good.logs) != 1 || !strings.HasPrefix(good.logs[0], want) {
		t.Errorf("got the log %q, want %s", good.logs, want)
	}
	bad := invoke(t, address, "worker", queued(quoted(quoted("{\"action\":\"a\\r\\nforged "+strings.Repeat("x", 500)+"\"}"))))
	if len(bad.logs) != 1 || strings.ContainsAny(bad.logs[0], "\r\n") || len(bad.logs[0]) > 200 || !strings.Contains(bad.logs[0], "failed with InvalidRequest after") {
		t.Errorf("got the log %q, want one short line", bad.logs)
	}
	for _, text := range append(append(good.logs, bad.logs...), lines.String()) {
		if strings.Contains(text, "Peru") || strings.Contains(text, "Lima") {
			t.Errorf("what was said is told: %s", text)
		}
	}
}

// A sender's empty id takes the platform's away: what was sent when tells messages apart then, and is the same when
// one comes again.
func TestMessagesWithoutAnyID(t *testing.T) {
	c, _ := newConfig(t, to(t, saying(http.StatusOK, reply)))
	address := serve(t, c)
	id := func(question, sent string) (id string) {
		text := strings.Replace(strings.Replace(envelope, "Peru", question, 1), `{`, `{"id":null,`, 1)
		got := invoke(t, address, "worker", `{"Data":{"message":`+quoted(quoted(text))+`},"Metadata":{"Id":"\"\"","InsertionTime":"`+sent+`"}}`)
		var result string
		var made struct{ ID string }
		if err := json.Unmarshal(got.outputs["result"], &result); err != nil {
			t.Fatalf("got %s: %v", got.text, err)
		}
		if err := json.Unmarshal([]byte(result), &made); err != nil || len(made.ID) != 64 {
			t.Fatalf("got %s, %v", result, err)
		}
		return made.ID
	}
	first := id("Peru", "2026-11-21T07:45:00+00:00")
	if again := id("Peru", "2026-11-21T07:45:00+00:00"); again != first {
		t.Errorf("got %s and %s for one message", first, again)
	}
	if other, later := id("Chile", "2026-11-21T07:45:00+00:00"), id("Peru", "2026-11-21T07:45:01+00:00"); other == first || later == first || other == later {
		t.Errorf("got %s, %s and %s for three messages", first, other, later)
	}
}
