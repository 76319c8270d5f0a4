package main

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
)

// Only queues need extensions; host.json without them is the one of the project.
func TestHostFile(t *testing.T) {
	rules := official(t, "host.json", "")
	withQueues, err := readConnections(write(t, "c.json", eventful))
	if err != nil {
		t.Fatal(err)
	}
	t.Chdir("../..")
	plain, err := os.ReadFile("host.json")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := hostFile(connections{Schedules: withQueues.Schedules}); err != nil || !bytes.Equal(got, plain) {
		t.Errorf("without queues: got %s (%v)", got, err)
	}
	text, err := hostFile(withQueues)
	if err != nil {
		t.Fatal(err)
	}
	var got, want map[string]any
	for text, into := range map[*[]byte]*map[string]any{&text: &got, &plain: &want} {
		if err := json.Unmarshal(*text, into); err != nil {
			t.Fatal(err)
		}
	}
	if err := rules.Validate(any(got)); err != nil {
		t.Error(err)
	}
	want["extensionBundle"] = map[string]any{"id": "Microsoft.Azure.Functions.ExtensionBundle", "version": "[4.*, 5.0.0)"}
	want["extensions"].(map[string]any)["queues"] = map[string]any{"visibilityTimeout": "00:01:00"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The identity may read and write queues, which is another role than that for the package.
func TestBicepLetsTheAppUseQueues(t *testing.T) {
	text, err := os.ReadFile("../azure/main.bicep")
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{"param queues array", "for queueName in queues", "queueServices/queues@",
		"'974c5e8b-45b9-4653-ba55-5f855dd0fb88'", "'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'", "AzureWebJobsStorage__accountName"} {
		if !strings.Contains(string(text), part) {
			t.Errorf("main.bicep has no %s", part)
		}
	}
	if open, shut := strings.Count(string(text), "{"), strings.Count(string(text), "}"); open != shut {
		t.Errorf("%d braces open and %d close", open, shut)
	}
}
