package main_test

import (
	"net/http"
	"strings"
	"testing"
	"time"
)

// with is a good chat with one more member.
func with(member string) string { return strings.TrimSuffix(hello, "}") + "," + member + "}" }

// nested are levels of lists.
func nested(levels int) string { return strings.Repeat("[", levels) + strings.Repeat("]", levels) }

// The limits of S13, from both sides.
func (p program) testJSONAtItsLimits(t *testing.T) {
	a := p.attack(t, nil)
	a.takes(t, map[string]string{
		"deep":               with(`"x":` + nested(63)),
		"wide":               with(`"x":[` + strings.Repeat("0,", 99_900) + `0]`),
		"a long name":        with(`"` + strings.Repeat("n", 1024) + `":0`),
		"a long number":      with(`"x":` + strings.Repeat("9", 128)),
		"a tiny number":      with(`"x":1e-400`),
		"a pair":             with(`"x":"\ud83d\ude00"`),
		"NUL, escaped":       with(`"x":"\u0000"`),
		"names of languages": with(`"__proto__":{"temperature":9},"constructor":0,"toString":0,"":0`),
		"line separators":    with("\"x\":\"\u2028\u2029\ufeff\""),
		"12 MB of text":      with(`"x":"` + strings.Repeat("\u00e9", 6<<20) + `"`),
	})
	a.refuses(t, map[string]string{
		"deeper":                  with(`"x":` + nested(64)),
		"deeper than any stack":   with(`"x":` + nested(1<<20)),
		"deeper, not closed":      with(`"x":` + strings.Repeat(`{"a":`, 1<<20)),
		"wider":                   with(`"x":[` + strings.Repeat("0,", 100_000) + `0]`),
		"a longer name":           with(`"` + strings.Repeat("n", 1025) + `":0`),
		"a longer number":         with(`"x":` + strings.Repeat("9", 129)),
		"a number over all":       with(`"x":1e400`),
		"a name twice":            with(`"x":0,"x":0`),
		"a name twice, escaped":   with(`"temperatur\u0065":0,"temperature":0`),
		"a name twice, inside":    with(`"x":[{"a":0,"\u0061":0}]`),
		"half a pair":             with(`"x":"\ud83d"`),
		"half a pair as a name":   with(`"\ude00":0`),
		"raw half a pair":         with("\"x\":\"\xed\xa0\x80\""),
		"raw bytes":               with("\"x\":\"\xff\xfe\""),
		"overlong":                with("\"x\":\"\xc0\xaf\""),
		"a raw line end":          with("\"x\":\"\n\""),
		"a raw NUL":               with("\"x\":\"\x00\""),
		"NaN":                     with(`"x":NaN`),
		"Infinity":                with(`"x":-Infinity`),
		"a plus":                  with(`"x":+1`),
		"a zero before":           with(`"x":01`),
		"no digit behind":         with(`"x":1.`),
		"hex":                     with(`"x":0x10`),
		"a comma behind":          strings.TrimSuffix(hello, "}") + ",}",
		"a comment":               with(`/* x */"x":0`),
		"single quotes":           with(`'x':0`),
		"more behind":             hello + "{}",
		"a letter behind":         hello + "x",
		"NUL behind":              hello + "\x00",
		"a mark before":           "\ufeff" + hello,
		"UTF-16":                  "\xff\xfe{\x00}\x00",
		"a blank of another kind": "\u00a0" + hello,
		"a list":                  "[" + hello + "]",
		"a text":                  `"` + strings.ReplaceAll(hello, `"`, `\"`) + `"`,
		"null":                    "null",
		"cut":                     strings.TrimSuffix(hello, "]}"),
		"cut in an escape":        with(`"x":"\u00`),
		"nothing":                 "",
		"blanks":                  strings.Repeat(" ", 1000),
	})
}

// takes sends bodies as they are, and expects them to reach the model.
func (a *attacked) takes(t *testing.T, bodies map[string]string) {
	t.Helper()
	for name, body := range bodies {
		answer, text := a.chat(t, "extra-parameters: pass-through\r\n", body)
		same(t, name, answer.StatusCode, http.StatusOK)
		seen := a.sent()
		same(t, name+": calls of the model", len(seen), 1)
		if len(seen) == 1 && !strings.HasPrefix(seen[0].body, strings.TrimSuffix(body, "}")) {
			t.Errorf("%s: the model was sent %.200s", name, seen[0].body)
		}
		if t.Failed() {
			t.Fatalf("%s: got %.300s", name, text)
		}
	}
}

// refuses sends bodies that are no JSON to us.
func (a *attacked) refuses(t *testing.T, bodies map[string]string) {
	t.Helper()
	for name, body := range bodies {
		answer, text := a.chat(t, "extra-parameters: pass-through\r\n", body)
		same(t, name, answer.StatusCode, http.StatusBadRequest)
		same(t, name, answer.Header.Get("x-ms-error-code"), "InvalidJson")
		same(t, name+": calls of the model", len(a.sent()), 0)
		if len(text) > 600 {
			t.Errorf("%s: it repeats %d bytes", name, len(text))
		}
	}
}

// testHostileStrings has bodies as large as they may be, whose strings are bad for every pattern and nearly
// good. They may take no more than 20 times as long as an ordinary body of their size: quadratic time would
// take thousands.
func (p program) testHostileStrings(t *testing.T) {
	a := p.attack(t, nil)
	const size = 4 << 20
	begun := time.Now()
	a.chat(t, "", strings.Replace(hello, "hello", strings.Repeat("x", size), 1))
	usual := time.Since(begun)
	a.sent()
	guid := strings.Repeat("01234567-89ab-cdef-0123-456789abcdef", size/36)
	for name, body := range map[string]string{
		"a model":           strings.Replace(hello, `"m"`, `"`+strings.Repeat("a", size)+`"`, 1),
		"a tool":            with(`"tools":[{"type":"function","function":{"name":"` + strings.Repeat("a_-0", size/4) + `"}}]`),
		"a name":            with(`"response_format":{"type":"json_schema","json_schema":{"name":"` + strings.Repeat("aA9-", size/4) + `!","schema":{}}}`),
		"a guid":            with(`"user_security_context":{"end_user_id":"` + guid + `"}`),
		"a role":            strings.Replace(hello, `"user"`, `"`+strings.Repeat("user", size/4)+`"`, 1),
		"a type":            with(`"response_format":{"type":"` + strings.Repeat("json_object", size/11) + `"}`),
		"a number as text":  with(`"temperature":"` + strings.Repeat("0.1e", size/4) + `"`),
		"escapes":           with(`"stop":"` + strings.Repeat(`\u0061\n`, size/8) + `"`),
		"thousands of them": with(`"stop":[` + strings.TrimSuffix(strings.Repeat(`{"a":"`+strings.Repeat("\\u0000", 20)+`"},`, size/150), ",") + `]`),
		"unknown names":     with(`"` + strings.Repeat("x", 900) + strings.Join(strings.Fields(strings.Repeat(" "+strings.Repeat("y", 90), 900)), `":0,"`+strings.Repeat("z", 900)) + `":0`),
	} {
		begun := time.Now()
		answer, text := a.chat(t, "", body)
		if took := time.Since(begun); took > 20*usual+time.Second {
			t.Errorf("%s: it took %s, an ordinary body %s", name, took, usual)
		}
		middle := len(body) / 2
		if answer.StatusCode/100 != 4 || len(text) > 16<<10 || strings.Contains(text, body[middle:middle+80]) {
			t.Errorf("%s: got %d and %d bytes: %.300s", name, answer.StatusCode, len(text), text)
		}
		same(t, name+": calls of the model", len(a.sent()), 0)
	}
}
