package main_test

import (
	"strings"
	"testing"
)

// The cases are worth what their comparison sees.
func TestDifferencesAreSeen(t *testing.T) {
	const good = "200\nContent-Type: application/json\nX-Id: *\nRetry-After: {5..9}\n\n{\"a\":[1.0,\"x {1..3}\"]}\n"
	const same = "200\nContent-Type: application/json\nX-Id: 7\nRetry-After: 9\n\n{ \"a\": [1.0, \"x 3\"] }\n"
	change := func(from, to string) string { return strings.Replace(same, from, to, 1) }
	for name, test := range map[string]struct{ want, got, problem string }{
		"none":                   {good, same, ""},
		"another status":         {good, change("200", "201"), "first line"},
		"a header too many":      {good, change("\n\n", "\nServer: x\n\n"), "header Server"},
		"a header too few":       {good, change("X-Id: 7\n", ""), "header X-Id"},
		"a header twice":         {good, change("X-Id: 7\n", "X-Id: 7\nX-Id: 7\n"), "header X-Id"},
		"an empty value":         {good, change("X-Id: 7", "X-Id:"), "header X-Id"},
		"a number out of range":  {good, change("Retry-After: 9", "Retry-After: 10"), "header Retry-After"},
		"no number":              {good, change("Retry-After: 9", "Retry-After: soon"), "header Retry-After"},
		"another value":          {good, change("1.0", "1.1"), "body"},
		"another text of number": {good, change("1.0", "1"), "body"},
		"a value too many":       {good, change("1.0", "1.0, 1.0"), "body"},
		"a member too many":      {good, change("{ ", "{ \"b\": null, "), "body"},
		"out of range in a text": {good, change("x 3", "x 4"), "body"},
		"no JSON":                {good, change("{ ", "{{"), "body"},
		"something behind it":    {good, change("] }", "] } x"), "body"},
		"white space, exactly":   {"200\n\n# exact\n{\"a\":1}\n", "200\n\n{\"a\": 1}\n", "body"},
		"a request's body":       {"POST /\n\n{\"a\":1}\n", "POST /\n\n{\"a\": 1}\n", "body"},
		"a request's target":     {"POST /?a\n", "POST /\n", "first line"},
		"a newline in a stream":  {"200\nContent-Type: text/event-stream\n\ndata: 1\n\n", "200\nContent-Type: text/event-stream\n\ndata: 1\n", "body"},
	} {
		t.Run(name, func(t *testing.T) {
			problems := mustParse(t, test.want).differences(mustParse(t, test.got))
			if found := strings.Join(problems, "; "); !strings.HasPrefix(found, test.problem) || test.problem == "" && found != "" {
				t.Errorf("got %q, want %q", found, test.problem)
			}
		})
	}
}

func TestCallsThatAreNotWantedAreSeen(t *testing.T) {
	var none *message
	some := mustParse(t, "GET /\n")
	if len(none.differences(some)) != 1 || len(some.differences(nil)) != 1 || len(none.differences(nil)) != 0 {
		t.Error("a call too many or too few makes no difference")
	}
}

// What -update writes says the same when it is read again.
func TestMessagesAreWrittenAsTheyAreRead(t *testing.T) {
	for name, body := range map[string]string{
		"none": "", "JSON": "{}", "lines": "{\n\t\"a\": 1\n}", "a newline at the end": "{}\n", "a byte-order mark": "\ufeff{}",
		"no UTF-8": "\xff", "CR": "a\r\nb", "a directive": "# cut", "a section": "a\n-- b --", "several blank lines": "a\n\n\nb",
	} {
		t.Run(name, func(t *testing.T) {
			for _, head := range []string{"POST /x", "200\nContent-Type: text/event-stream"} {
				m := mustParse(t, head+"\nA: b\nA: c\n")
				m.steps = []step{{data: []byte(body)}}
				if got := mustParse(t, m.String()); string(got.body()) != body || got.line != m.line || len(got.header["A"]) != 2 {
					t.Errorf("got %q of %q", got, m)
				}
			}
		})
	}
}

func TestMistakesInCasesAreSeen(t *testing.T) {
	for name, text := range map[string]string{
		"a header without a colon": "200\nContent-Type\n",
		"an unknown directive":     "200\n\n# hangs\n",
		"bytes without quotes":     "200\n\n# bytes abc\n",
	} {
		t.Run(name, func(t *testing.T) {
			if m, err := parseMessage(text); err == nil {
				t.Errorf("got %q and no error", m)
			}
		})
	}
}
