package main_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// A sentence is what an author reads of an error.
type sentence struct {
	Code, Message, Target string
	Details               []connector.Detail
}

// checkError checks what holds for every error, and takes the request id out of its body, which no case shows.
// reply is the endpoint's: an error that is its own has its own words.
func checkError(t *testing.T, name string, answer, reply *message) {
	t.Helper()
	id, code := answer.header.Get("X-Ms-Request-Id"), answer.header.Get("X-Ms-Error-Code")
	if code == "" || len(answer.body()) == 0 {
		return // good, or an answer to HEAD, or none of ours
	}
	var body struct{ Error sentence }
	if err := json.Unmarshal(answer.body(), &body); err != nil {
		t.Errorf("%s: %v in %.500q", name, err, answer.body())
	}
	e := body.Error
	if last := len(e.Details) - 1; e.Code == "" || last < 0 || e.Details[last] != (connector.Detail{Code: "RequestId", Message: id}) {
		t.Errorf("%s: got code %q and details %+v, want a code, and the request id %s at the end", name, e.Code, e.Details, id)
	}
	if again := answer.line == "429" || answer.line == "503"; again != seconds.MatchString(answer.header.Get("Retry-After")) {
		t.Errorf("%s: got status %s with Retry-After %q", name, answer.line, answer.header.Get("Retry-After"))
	}
	if reply == nil || reply.line == "200" || strings.HasPrefix(e.Message, "The model") {
		if fault := e.fault(); fault != "" {
			t.Errorf("%s: %s: %s", name, fault, e.Message)
		}
	}
	detail := `{"code":"RequestId","message":"` + id + `"}`
	text := bytes.Replace(answer.body(), []byte(`,"details":[`+detail+`]`), nil, 1)
	text = bytes.Replace(text, []byte(","+detail), nil, 1)
	answer.steps = []step{{data: text}}
}

var seconds = regexp.MustCompile(`^[1-9][0-9]*$`)

// remedy finds what a sentence tells its reader to do, or what a value has to be.
var remedy = regexp.MustCompile(`(?i)\b(must|add it|send|set|leave (it|out|this|connection)|remove|name (a|one|your)|use|try again|put|correct|ask|call|check|choose|write|keep|` +
	`change|known|takes|did you mean|configure|report|has to)\b`)

// fault says what an author misses in a sentence whose beginning a narrow box shows, "" for nothing.
func (e sentence) fault() string {
	shown := connector.Shorten(e.Message, 100)
	switch field := fieldOf(e.Target); {
	case !strings.Contains(strings.ToLower(shown), strings.ToLower(field)):
		return "the beginning does not name " + field
	case !remedy.MatchString(shown):
		return "the beginning does not say what to do"
	case strings.ContainsAny(e.Message, "<>\n"):
		return "it is not plain"
	}
	return ""
}

// fieldOf is the name of a target: the last one of a pointer that is no number.
func fieldOf(target string) string {
	names := strings.Split(target, "/")
	for i := len(names) - 1; i >= 0; i-- {
		if names[i] != "" && strings.Trim(names[i], "0123456789") != "" {
			return names[i]
		}
	}
	return target
}

func TestFaultsOfSentencesAreSeen(t *testing.T) {
	for name, test := range map[string]struct {
		sentence
		fault string
	}{
		"good":              {sentence{Message: "max_tokens must be at least 1.", Target: "/max_tokens"}, ""},
		"an item":           {sentence{Message: "stop[0] must be a text.", Target: "/stop/0"}, ""},
		"no field":          {sentence{Message: "It must be at least 1.", Target: "/max_tokens"}, "the beginning does not name max_tokens"},
		"the field is late": {sentence{Message: strings.Repeat("x", 100) + " max_tokens must be less.", Target: "max_tokens"}, "the beginning does not name max_tokens"},
		"no remedy":         {sentence{Message: "max_tokens is wrong.", Target: "/max_tokens"}, "the beginning does not say what to do"},
		"markup":            {sentence{Message: "Try again.<br>"}, "it is not plain"},
	} {
		if got := test.sentence.fault(); got != test.fault {
			t.Errorf("%s: got %q, want %q", name, got, test.fault)
		}
	}
}

func TestFaultsOfErrorsAreSeen(t *testing.T) {
	const good = `{"error":{"code":"A","message":"Try again.","details":[{"code":"RequestId","message":"7"}]}}`
	for name, test := range map[string]struct {
		line, body, retryAfter string
		good                   bool
	}{
		"good":            {"400", good, "", true},
		"good, and later": {"429", good, "7", true},
		"no id":           {"400", strings.Replace(good, "7", "8", 1), "", false},
		"no later":        {"503", good, "", false},
		"half a second":   {"503", good, "0.5", false},
		"a later for all": {"400", good, "7", false},
		"a numeric code":  {"400", strings.Replace(good, `"A"`, "1", 1), "", false},
	} {
		answer := newMessage(test.line, http.Header{"X-Ms-Request-Id": {"7"}, "X-Ms-Error-Code": {"A"}}, []byte(test.body))
		if test.retryAfter != "" {
			answer.header.Set("Retry-After", test.retryAfter)
		}
		seen := &testing.T{}
		checkError(seen, name, answer, nil)
		if seen.Failed() == test.good {
			t.Errorf("%s: seen as wrong: %v", name, seen.Failed())
		}
	}
}
