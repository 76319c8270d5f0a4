package emulator_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

const version = "?api-version=2025-04-01"

// An endpoint is an emulator and the client that reaches it.
type endpoint struct {
	url    string
	client *http.Client
}

func serve(t testing.TB, c emulator.Config) endpoint {
	t.Helper()
	server := httptest.NewServer(emulator.Handler(c))
	t.Cleanup(server.Close)
	return endpoint{server.URL, server.Client()}
}

// send sends header lines of the form "name: value"; an empty one is none.
func (e endpoint) send(t testing.TB, method, path, body string, header ...string) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, e.url+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range header {
		if name, value, ok := strings.Cut(line, ": "); ok {
			r.Header.Set(name, value)
		}
	}
	response, err := e.client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// chat asks AI Services, for tests of what is alike in all families.
func (e endpoint) chat(t testing.TB, body string, header ...string) *http.Response {
	t.Helper()
	return e.send(t, http.MethodPost, "/models/chat/completions"+version, body, header...)
}

// request writes a chat request: a text for the user, and further fields.
func request(model, fields string) string {
	return `{"model":"` + model + `","messages":[{"role":"user","content":"one two  three\nfour"}]` + fields + `}`
}

func readAll(t testing.TB, r *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func parse(t testing.TB, text string) any {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return value
}

// events reads a stream as the strictest of clients does.
func events(t testing.TB, stream string) []string {
	t.Helper()
	if strings.Contains(stream, "\r") || !strings.HasSuffix(stream, "\n\n") {
		t.Fatalf("not LF only, or no blank line at the end: %q", stream)
	}
	var all []string
	for line := range strings.SplitSeq(strings.TrimSuffix(stream, "\n\n"), "\n\n") {
		data, ok := strings.CutPrefix(line, "data: ")
		if !ok || strings.Contains(data, "\n") {
			t.Fatalf("not one data line: %q", line)
		}
		all = append(all, data)
	}
	return all
}

// at walks into parsed JSON: names into objects, numbers into arrays.
func at(t testing.TB, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			value = value.(map[string]any)[step]
		case int:
			value = value.([]any)[step]
		}
	}
	return value
}

func equal(t testing.TB, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %#v, want %#v", what, got, want)
	}
}
