package schema_test

import (
	"bytes"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"inferenceconnector/schema"
)

const chatID = "GetChatCompletions"

var load = sync.OnceValues(schema.Load)

func actions(t testing.TB) []*schema.Action {
	t.Helper()
	list, err := load()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func action(t testing.TB, id string) *schema.Action {
	t.Helper()
	for _, a := range actions(t) {
		if a.ID == id {
			return a
		}
	}
	t.Fatalf("no action %s", id)
	return nil
}

func parse(t testing.TB, text string) *schema.Document {
	t.Helper()
	d, err := schema.Parse([]byte(text))
	if err != nil {
		t.Fatalf("Parse(%.200s): %v", text, err)
	}
	return d
}

// refusal returns the words with which Parse refuses text.
func refusal(t testing.TB, text string) string {
	t.Helper()
	d, err := schema.Parse([]byte(text))
	var syntax *schema.SyntaxError
	if !errors.As(err, &syntax) || d != nil {
		t.Fatalf("Parse(%.200q) = %v, %v, want a *SyntaxError", text, d, err)
	}
	return syntax.Error()
}

func joined(d *schema.Document) string { return string(bytes.Join(d.Segments(), nil)) }

// with is a chat body that is good but for member.
func with(member string) string {
	return `{"messages":[{"role":"user","content":"Hi"}],` + member + `}`
}

// message is a chat body of these messages.
func message(text string) string { return `{"messages":[` + text + `]}` }

// part is a chat body with these content parts.
func part(text string) string { return message(`{"role":"user","content":[` + text + `]}`) }

// call is a chat body with these tool calls.
func call(text string) string { return message(`{"role":"assistant","tool_calls":[` + text + `]}`) }

// bodies returns every small chat body of these tests, good and bad.
func bodies(t testing.TB) []string {
	t.Helper()
	list := slices.Collect(maps.Values(goodBodies))
	for _, table := range []map[string]badBody{badMembers, badFormats, badTools, badMessages, badAnswers, badParts} {
		for _, bad := range table {
			list = append(list, bad.body)
		}
	}
	for _, text := range official(t) {
		list = append(list, text)
	}
	list = append(list, seeds...)
	slices.Sort(list)
	return list
}

// official returns the request bodies of the interface's published examples, by file name.
func official(t testing.TB) map[string]string {
	t.Helper()
	names, err := filepath.Glob("testdata/official/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal("no official examples", err)
	}
	texts := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[strings.TrimSuffix(filepath.Base(name), ".json")] = string(text)
	}
	return texts
}
