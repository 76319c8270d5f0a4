package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// differences says in what got is not the message that is wanted. Both can be nil, for none.
func (m *message) differences(got *message) (problems []string) {
	switch {
	case m == nil && got == nil:
		return nil
	case m == nil:
		return []string{"nothing is wanted here"}
	case got == nil:
		return []string{"nothing came"}
	}
	if got.line != m.line {
		problems = append(problems, fmt.Sprintf("first line %q, want %q", got.line, m.line))
	}
	problems = append(problems, headerDifferences(got.header, m.header)...)
	if !m.sameBody(got) {
		problems = append(problems, fmt.Sprintf("body %q\n\t want %q", got.body(), m.body()))
	}
	return problems
}

func headerDifferences(got, want http.Header) (problems []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !slices.EqualFunc(got[name], want[name], fits) {
			problems = append(problems, fmt.Sprintf("header %s is %q, want %q", name, got[name], want[name]))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(got)) {
		if want[name] == nil {
			problems = append(problems, fmt.Sprintf("header %s (%q) is not wanted", name, got[name]))
		}
	}
	return problems
}

// sameBody compares byte for byte, or the values of JSON where the wanted message does not say exact.
func (m *message) sameBody(got *message) bool {
	text, want := got.body(), m.body()
	if bytes.Equal(text, want) {
		return true
	}
	if m.exact || m.isStream() || m.isRequest() {
		return false
	}
	value, err := decode(text)
	wanted, errWanted := decode(want)
	return err == nil && errWanted == nil && sameValue(value, wanted)
}

func (m *message) isRequest() bool { return strings.Contains(m.line, " ") }

// decode reads one JSON value whose numbers keep their text.
func decode(text []byte) (value any, err error) {
	if !json.Valid(text) {
		return nil, errors.New("not one JSON value")
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	err = d.Decode(&value)
	return value, err
}

// sameValue compares JSON values; a wanted string can be a pattern.
func sameValue(got, want any) bool {
	switch want := want.(type) {
	case map[string]any:
		got, ok := got.(map[string]any)
		return ok && maps.EqualFunc(got, want, sameValue)
	case []any:
		got, ok := got.([]any)
		return ok && slices.EqualFunc(got, want, sameValue)
	case string:
		got, ok := got.(string)
		return ok && fits(got, want)
	}
	return got == want
}

var numberRange = regexp.MustCompile(`\\\{(\d+)\\\.\\\.(\d+)\\\}`)

// fits reports whether text is as wanted: * is any text but none, {55..60} a number in that range.
func fits(text, want string) bool {
	if want == "*" || text == want {
		return text != "" || want == ""
	}
	quoted := regexp.QuoteMeta(want)
	ranges := numberRange.FindAllStringSubmatch(quoted, -1)
	numbers := regexp.MustCompile(`^` + numberRange.ReplaceAllString(quoted, `(\d+)`) + `$`).FindStringSubmatch(text)
	if len(ranges) == 0 || len(numbers) == 0 {
		return false
	}
	for i, limits := range ranges {
		low, _ := strconv.Atoi(limits[1])
		high, _ := strconv.Atoi(limits[2])
		if n, err := strconv.Atoi(numbers[i+1]); err != nil || n < low || n > high {
			return false
		}
	}
	return true
}

// masked returns the message as a case file shows it: a star for what is new in every run, and JSON of
// more than a line indented. What origin brought is not new.
func (m *message) masked(origin *message) *message {
	masked := &message{line: m.line, header: m.header.Clone(), steps: m.steps, exact: m.exact}
	const clientID = "X-Ms-Client-Request-Id"
	for _, name := range []string{clientID, "X-Ms-Request-Id", "X-Ratelimit-Remaining-Requests"} {
		given := origin == nil && name == clientID || origin != nil && slices.Equal(origin.header[name], m.header[name])
		if masked.header[name] != nil && !given {
			masked.header.Set(name, "*")
		}
	}
	var indented bytes.Buffer
	body := bytes.TrimSpace(m.body())
	if m.exact || m.isRequest() || json.Indent(&indented, body, "", "  ") != nil {
		return masked
	}
	if len(body) > 160 {
		body = indented.Bytes()
	}
	masked.steps = []step{{data: body}}
	return masked
}
