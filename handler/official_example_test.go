package main_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
)

// An officialExample is a call as Microsoft publishes it.
type officialExample struct {
	name, version string
	note          string // what is not as published
	OperationID   string
	Parameters    map[string]json.RawMessage
	Responses     map[string]struct{ Body json.RawMessage }
}

func readExamples(t *testing.T) (examples []officialExample) {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(officialFolder, "examples", "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("%d examples (%v)", len(names), err)
	}
	for _, name := range names {
		var e officialExample
		decodeFile(t, name, &e)
		e.name = strings.TrimSuffix(filepath.Base(name), ".json")
		e.version, _, _ = strings.Cut(e.name, "_")
		examples = append(examples, e)
		for _, format := range []string{"base64", "binary", "int8", "ubinary", "uint8"} {
			body := strings.Replace(string(e.Parameters["body"]), `"encoding_format": "float"`, `"encoding_format": "`+format+`"`, 1)
			if body != string(e.Parameters["body"]) {
				examples = append(examples, e.with(body, ", "+format))
			}
		}
	}
	return examples
}

// with is the example with another body.
func (e officialExample) with(body, note string) officialExample {
	e.note += note
	e.Parameters = maps.Clone(e.Parameters)
	e.Parameters["body"] = []byte(body)
	return e
}

// request is the example's call of a connection, in a version of the interface.
func (e officialExample) request(t *testing.T, connection, method, path, version string) *message {
	t.Helper()
	m := jsonRequest(method, "/connections/"+connection+path, url.Values{"api-version": {version}}, e.Parameters["body"])
	for name, value := range e.Parameters {
		if name == "body" || name == "api-version" {
			continue
		}
		var text string
		if err := json.Unmarshal(value, &text); err != nil {
			t.Fatal(err)
		}
		m.header.Set(name, text)
	}
	return m
}

// reply is the example's own answer.
func (e officialExample) reply() *message {
	return newMessage("200", http.Header{"Content-Type": {"application/json"}}, e.Responses["200"].Body)
}

// fits is the deployment of the emulator that can do what the example asks.
func (e officialExample) fits() string {
	switch {
	case strings.HasSuffix(e.OperationID, "Embeddings"):
		return "embeddings"
	case strings.Contains(e.name, "Audio"):
		return "audio"
	}
	return "echo"
}
