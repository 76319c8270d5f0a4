package main_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
)

// checkAnswer validates an answer by what the operation may answer.
func (o official) checkAnswer(t *testing.T, side side, operation officialOperation, answer *message) {
	t.Helper()
	switch {
	case answer.isStream():
		chunks := strings.Split(strings.TrimSuffix(string(answer.body()), "\n\n"), "\n\n")
		if last := len(chunks) - 1; last < 1 || chunks[last] != "data: [DONE]" {
			t.Fatalf("no stream: %q", chunks)
		}
		for _, chunk := range chunks[:len(chunks)-1] {
			o.check(t, side, chatUpdate, []byte(strings.TrimPrefix(chunk, "data: ")))
		}
	case answer.line == "200":
		o.check(t, side, definitionOf(t, operation.Responses["200"].Schema), answer.body())
	default:
		o.check(t, side, definitionOf(t, operation.Responses["default"].Schema), answer.body())
		if answer.header.Get("x-ms-error-code") == "" {
			t.Errorf("%s without x-ms-error-code", answer.line)
		}
	}
}

func definitionOf(t *testing.T, schema map[string]any) string {
	t.Helper()
	reference, _ := schema["$ref"].(string)
	name, ok := strings.CutPrefix(reference, "#/definitions/")
	if !ok {
		t.Fatalf("%v refers to no definition", schema)
	}
	return name
}

// checkForwarded validates a request as the endpoint got it.
func (o official) checkForwarded(t *testing.T, got, sent *message, operation officialOperation) {
	t.Helper()
	method, target, _ := strings.Cut(got.line, " ")
	address, err := url.ParseRequestURI(target)
	if err != nil {
		t.Fatal(err)
	}
	path, wantMethod, _ := o.operation(t, operation.OperationID)
	same(t, "method", method, wantMethod)
	same(t, "path", address.Path, "/models"+path)
	_, asked, _ := strings.Cut(sent.line, "api-version=")
	same(t, "api-version", address.Query().Get("api-version"), asked)
	known := []string{"api-version"} // which is a reference there
	for _, p := range operation.Parameters {
		name, _ := p["name"].(string)
		switch p["in"] {
		case "query":
			known = append(known, name)
		case "header":
			allowed, _ := p["enum"].([]any)
			if value := got.header.Get(name); value != "" && !slices.Contains(allowed, any(value)) {
				t.Errorf("%s: got %s, want one of %s", name, value, allowed)
			}
		case "body":
			o.check(t, forwarded, definitionOf(t, p["schema"].(map[string]any)), got.body())
		}
	}
	for name := range address.Query() {
		if !slices.Contains(known, name) {
			o.judge(t, forwarded, breach{operation.OperationID, name, "unknown"}, []byte(got.line))
		}
	}
}

// check validates JSON text by a definition.
func (o official) check(t *testing.T, side side, definition string, text []byte) {
	t.Helper()
	for _, b := range o.breaches(t, definition, text) {
		o.judge(t, side, b, text)
	}
}

// judge fails for a breach that no waiver allows.
func (o official) judge(t *testing.T, side side, b breach, text []byte) {
	t.Helper()
	i := slices.IndexFunc(waivers, func(w waiver) bool { return w.side == side && w.breach == b })
	if i < 0 {
		t.Errorf("%s: %+v in %.500s", side, b, text)
		return
	}
	o.used[waivers[i]] = true
}

// checkWaivers fails for waivers that nothing needs any more.
func (o official) checkWaivers(t *testing.T) {
	t.Helper()
	for _, w := range waivers {
		if !o.used[w] {
			t.Errorf("nothing needs the waiver of %s: %+v", w.side, w.breach)
		}
	}
}
