package main_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

var shownJSON = regexp.MustCompile("(?ms)^([^\n]*)\n+```json\n(.*?)^```$")

// TestShownFiles gives the program the connections files and envelopes that the README shows.
func TestShownFiles(t *testing.T) {
	p := program{buildHandler(t)}
	files, envelopes := 0, 0
	for _, found := range shownJSON.FindAllStringSubmatch(readText(t, "..", "README.md"), -1) {
		before, text := found[1], found[2]
		if strings.HasPrefix(before, "<!-- example: ") || before == "```" {
			continue // a workflow or an answer: other tests know them
		}
		var root map[string]json.RawMessage
		if err := json.Unmarshal([]byte(text), &root); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
		switch {
		case root["action"] != nil:
			envelopes++
			p.invokeShown(t, text)
		case root["connections"] != nil, root["byo"] != nil:
			files++
			got := p.run(t, shownEnvironment(t, text), "", "check")
			same(t, text+": exit code", got.code, 0)
		default:
			t.Errorf("this is not known here: %s", text)
		}
	}
	if files == 0 || envelopes == 0 {
		t.Errorf("the README shows %d connections files and %d envelopes", files, envelopes)
	}
}

// invokeShown runs an envelope on the connection of the emulator.
func (p program) invokeShown(t *testing.T, text string) {
	t.Helper()
	var envelope struct {
		Action, Connection string
		Input              json.RawMessage
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&envelope); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	got := p.run(t, nil, string(envelope.Input), "invoke", envelope.Action, "--connection", envelope.Connection, "--input", "-")
	same(t, text+": exit code", got.code, 0)
	same(t, "what the model says", content(t, got.stdout), "Hello")
}

var shownSetting = regexp.MustCompile(`@appsetting\('(\w+)'\)`)

// shownEnvironment names a connections file that the README shows, and has a value for each setting in it.
func shownEnvironment(t *testing.T, connections string) []string {
	t.Helper()
	environment := []string{"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", connections)}
	for _, name := range shownSetting.FindAllStringSubmatch(connections, -1) {
		environment = append(environment, name[1]+"=https://example.com/"+programKey)
	}
	return environment
}
