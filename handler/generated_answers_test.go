package main_test

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// A refusal is the body of an error.
type refusal struct {
	Error  connector.Detail
	Detail []struct { // of a 422 only
		Type, Msg string
		Loc       []string
	}
}

// jsonCompletion fits what GetChatReply may ask for, too.
var jsonCompletion = strings.Replace(usualCompletion, `"Lima."`, `"{}"`, 1)

// accepted sends a request that is good, whatever it looks like, and returns the body that reached the endpoint.
func (g generatedSurface) accepted(t *testing.T, name string, m *message) (sent []byte) {
	t.Helper()
	*g.cases++
	g.endpoint.play(newMessage("200", http.Header{"Content-Type": {"application/json"}}, []byte(jsonCompletion)))
	answer := g.send(t, m)
	arrived := g.endpoint.arrived(t)
	if answer.line != "200" || len(arrived) != 1 {
		t.Errorf("%s: got status %s after %d calls, want 200 after 1: %.500s", name, answer.line, len(arrived), answer.body())
		return nil
	}
	return arrived[0].body()
}

// The longest that an error may be, however long what it is about.
const (
	longestMessage = 1 << 10
	longestError   = 12 << 10 // with as many details as there may be
)

// refused sends a request that is wrong, and returns the error that says so.
func (g generatedSurface) refused(t *testing.T, name string, m *message, want int) (told refusal) {
	t.Helper()
	*g.cases++
	g.endpoint.play(nil)
	answer := g.send(t, m)
	checkError(t, name, answer, nil)
	body := answer.body()
	if calls := len(g.endpoint.arrived(t)); calls != 0 {
		t.Errorf("%s: the endpoint was called %d times", name, calls)
	}
	if err := json.Unmarshal(body, &told); err != nil {
		t.Errorf("%s: %v in %.500q", name, err, body)
	}
	e := told.Error
	if answer.line != strconv.Itoa(want) || !inTable(e.Code, want) || e.Message == "" {
		t.Errorf("%s: got status %s and code %q, want %d and one of its codes: %.500s", name, answer.line, e.Code, want, body)
	}
	for _, b := range g.official.breaches(t, errorResponse, body) {
		t.Errorf("%s: %+v in %.500s", name, b, body)
	}
	if got := answer.header.Get("x-ms-error-code"); got != string(e.Code) {
		t.Errorf("%s: got x-ms-error-code %q, want %q", name, got, e.Code)
	}
	if len(e.Message) > longestMessage || len(body) > longestError {
		t.Errorf("%s: got a message of %d bytes in a body of %d", name, len(e.Message), len(body))
	}
	return told
}

// inTable reports whether the one table of failures has the code with a status.
func inTable(code connector.Code, status int) bool {
	for _, f := range connector.Failures {
		if f.Code == code {
			return f.Status == status
		}
	}
	return false
}
