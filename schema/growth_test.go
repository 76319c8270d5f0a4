package schema_test

import (
	"strings"
	"testing"
	"time"

	"inferenceconnector/schema"
)

// growing are bodies of about n bytes, bad and good, that are meant to cost more than their size (S16).
var growing = map[string]func(n int) string{
	"a model": func(n int) string { return with(`"model":"` + text(n) + `"`) },
	"a tool's name": func(n int) string {
		return with(`"tools":[{"type":"function","function":{"name":"` + text(n) + `!"}}]`)
	},
	"a schema's name": func(n int) string {
		return with(`"response_format":{"type":"json_schema","json_schema":{"name":"` + text(n) + `","schema":{}}}`)
	},
	"an id": func(n int) string {
		return with(`"user_security_context":{"end_user_id":"` + strings.Repeat("01234567-", n/9) + `"}`)
	},
	"escapes": func(n int) string {
		return message(`{"role":"user","content":"` + strings.Repeat(`\u0061`, n/6) + `"}`)
	},
	"escaped names":  func(n int) string { return message(`{"role":"user","content":"","x":` + names(n/40) + `}`) },
	"bad roles":      func(n int) string { return message(list(`{"role":"`+text(300)+`","content":""}`, n/330)) },
	"bad parts":      func(n int) string { return part(list(`{"type":"`+text(300)+`"}`, n/320)) },
	"bad stops":      func(n int) string { return with(`"stop":[` + list(`{"a":[]}`, n/64) + `]`) },
	"deep lists":     func(n int) string { return with(`"x":[` + list(nest("[", "", "]", 50), n/110) + `]`) },
	"long numbers":   func(n int) string { return with(`"x":[` + list(digits(120)+"e-100", n/130) + `]`) },
	"many good ones": func(n int) string { return message(list(`{"role":"user","content":"`+text(100)+`"}`, n/130)) },
	"blanks":         func(n int) string { return message(`{"role":"user","content":""` + strings.Repeat(" \n", n/2) + `}`) },
	"an image address": func(n int) string {
		return part(`{"type":"image_url","image_url":{"url":"data:image/png;base64,` + text(n) + `"}}`)
	},
}

// names is an object whose names are escaped, each in a way of its own.
func names(members int) string {
	return strings.ReplaceAll(object(members), `"0`, `"\u0030`)
}

// Eight times the body takes no more than 30 times as long: what is linear takes eight, what is quadratic 64, however
// often it is measured. A busy machine spoils a measurement now and then.
func TestTimeGrowsWithTheBody(t *testing.T) {
	const small, tries = 256 << 10, 10
	for name, body := range growing {
		t.Run(name, func(t *testing.T) {
			var one, eight time.Duration
			for range tries {
				one, eight = checking(t, body(small)), checking(t, body(8*small))
				if eight < 30*one {
					return
				}
			}
			t.Errorf("%d bytes take %s, eight times as many %s", small, one, eight)
		})
	}
}

// checking is how long it takes to read and check a body.
func checking(t *testing.T, body string) time.Duration {
	t.Helper()
	text, chat := []byte(body), action(t, chatID)
	begun := time.Now()
	if d, err := schema.Parse(text); err == nil {
		checkViolations(t, chat.CheckBody(d))
	}
	return time.Since(begun)
}
