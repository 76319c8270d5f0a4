package main

import (
	"encoding/json"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// eventful has schedules and queues, and secrets that packaging must not tell.
const eventful = `{
	"connections":{"default":{"endpoint":"https://example.com","authentication":{"type":"Key","value":"cherry-endpoint"},
		"callers":[{"name":"app","key":"cherry-caller-cherry-caller-cherry-caller"}]}},
	"schedules":{
		"morning":{"cron":"0 0 7 * * 1-5","timeZone":"Europe/Lisbon","action":"GetChatCompletions","input":{"model":"m","messages":[{"role":"user","content":"cherry-prompt"}]},
			"deliverTo":{"url":"https://example.com/hook?sig=cherry-hook"}},
		"end_of-day":{"cron":"30 18 * * *","timeZone":"Europe/Lisbon","action":"ListModels"}},
	"triggers":{
		"Ask":{"connection":"default","actions":["GetChatCompletions"],"queue":"requests","resultQueue":"results-@appsetting('STAGE')"},
		"Tell":{"connection":"default","actions":["GetEmbeddings"],"queue":"@appsetting('TELL')","deliverTo":{"url":"https://example.com/hook?sig=cherry-hook"}},
		"orders-rule":{"connection":"default","actions":["GetEmbeddings"]}}}`

// packEventful packages eventful and returns the folder and all that was printed.
func packEventful(t *testing.T, target string) (out, printed string) {
	t.Helper()
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout := os.Stdout
	os.Stdout = writer
	out = pack(t, target, "--connections", write(t, "c.json", eventful))
	os.Stdout = stdout
	_ = writer.Close()
	text, err := io.ReadAll(reader)
	if err != nil {
		t.Fatal(err)
	}
	return out, string(text)
}

func TestAzureEvents(t *testing.T) {
	out, printed := packEventful(t, "azure")
	files := unzip(t, filepath.Join(out, "azure-amd64.zip"))
	queue := func(kind, direction, name, queue string) map[string]any {
		return map[string]any{"type": kind, "direction": direction, "name": name, "queueName": queue, "connection": "AzureWebJobsStorage"}
	}
	timer := func(cron string) map[string]any {
		return map[string]any{"type": "timerTrigger", "direction": "in", "name": "timer", "schedule": cron, "useMonitor": true}
	}
	for name, want := range map[string][]map[string]any{
		"morning":    {timer("0 0 7 * * 1-5")},
		"end_of-day": {timer("0 30 18 * * *")},
		"Ask":        {queue("queueTrigger", "in", "message", "requests"), queue("queue", "out", "result", "results-%STAGE%")},
		"Tell":       {queue("queueTrigger", "in", "message", "%TELL%")},
	} {
		compareBindings(t, name, files[name+"/function.json"].text, want)
	}
	if names := slices.Collect(maps.Keys(files)); slices.Contains(names, "orders-rule/function.json") {
		t.Error("a trigger without a queue got a function")
	}
	for _, part := range []string{
		"these settings where it runs: STAGE, TELL\n", "WEBSITE_TIME_ZONE=Europe/Lisbon", "Flex Consumption",
		`queues='["%TELL%","requests","results-%STAGE%"]'`,
	} {
		if !strings.Contains(printed, part) {
			t.Errorf("%q is not in\n%s", part, printed)
		}
	}
	settings := decodeFile(t, filepath.Join(out, "local.settings.json")).(map[string]any)["Values"].(map[string]any)
	compareSettings(t, settings, "FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage", "WEBSITE_TIME_ZONE", "CONNECTOR_RATE_LIMIT_SCOPE", "STAGE", "TELL")
	if want := "change me: the value of triggers.Ask.resultQueue"; settings["STAGE"] != want {
		t.Errorf("got STAGE %q, want %q", settings["STAGE"], want)
	}
	if settings["AzureWebJobsStorage"] != "UseDevelopmentStorage=true" || settings["WEBSITE_TIME_ZONE"] != "Europe/Lisbon" {
		t.Errorf("got local settings %v", settings)
	}
	keepsSecrets(t, out, printed)
}

// compareSettings compares the names of settings.
func compareSettings(t *testing.T, settings map[string]any, want ...string) {
	t.Helper()
	slices.Sort(want)
	if got := slices.Sorted(maps.Keys(settings)); !slices.Equal(got, want) {
		t.Errorf("got settings %q, want %q", got, want)
	}
}

// compareBindings compares the bindings of a function.
func compareBindings(t *testing.T, name string, text []byte, want []map[string]any) {
	t.Helper()
	var got struct{ Bindings []map[string]any }
	if err := json.Unmarshal(text, &got); err != nil {
		t.Errorf("%s: %v", name, err)
	}
	if !reflect.DeepEqual(got.Bindings, want) {
		t.Errorf("%s: got bindings %v, want %v", name, got.Bindings, want)
	}
}

// keepsSecrets looks for secrets in what was printed and in the files beside the package.
func keepsSecrets(t *testing.T, out, printed string) {
	t.Helper()
	texts := []string{printed}
	entries, err := os.ReadDir(out)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		text, err := os.ReadFile(filepath.Join(out, entry.Name()))
		if err != nil {
			t.Fatal(err)
		}
		if filepath.Ext(entry.Name()) != ".zip" {
			texts = append(texts, string(text))
		}
	}
	if len(texts) < 2 || strings.Contains(strings.Join(texts, "\n"), "cherry") {
		t.Errorf("a secret is in\n%s", strings.Join(texts, "\n"))
	}
}

// Where the schedules are in UTC, by whichever name, there is nothing to set, nor where there are none.
func TestNothingToSetForUTC(t *testing.T) {
	const local, withStorage = `{"Values":{"AzureWebJobsStorage": ""}}`, `{"Values":{"AzureWebJobsStorage": "UseDevelopmentStorage=true"}}`
	template := strings.Replace(local, `""`, `""`+shortForm, 1)
	for name, c := range map[string]struct{ file, local string }{
		"UTC":          {`{"schedules":{"a":{"cron":"0 0 7 * * *","timeZone":"UTC"}}}`, withStorage},
		"nothing said": {`{"schedules":{"a":{"cron":"0 0 7 * * *"}}}`, withStorage},
		"another name": {`{"schedules":{"a":{"cron":"0 0 7 * * *","timeZone":"Etc/UTC"}}}`, withStorage},
		"no schedules": {`{"triggers":{"orders-rule":{}}}`, local},
	} {
		t.Run(name, func(t *testing.T) {
			read, err := readConnections(write(t, "c.json", c.file))
			if err != nil {
				t.Fatal(err)
			}
			if notes := azureNotes(read); len(notes) > 0 {
				t.Errorf("got notes %q", notes)
			}
			if got, err := azureBeside("local.settings.json", template, read); err != nil || got != c.local {
				t.Errorf("got %s (%v), want %s", got, err, c.local)
			}
		})
	}
}

func TestEventBindingsFitTheOfficialDefinitions(t *testing.T) {
	c, err := readConnections(write(t, "c.json", eventful))
	if err != nil {
		t.Fatal(err)
	}
	functions := eventFunctions(c)
	if len(functions) != 4 {
		t.Fatalf("got %d functions", len(functions))
	}
	definitions := map[string]string{"timerTrigger": "timerTriggerBinding", "queueTrigger": "queueBinding", "queue": "queueBinding"}
	base := official(t, "function.json", "#/definitions/bindingBase")
	for _, f := range functions {
		var function struct{ Bindings []map[string]any }
		if err := json.Unmarshal(f.text, &function); err != nil {
			t.Fatal(err)
		}
		for _, binding := range function.Bindings {
			definition := official(t, "function.json", "#/definitions/"+definitions[binding["type"].(string)])
			if err := base.Validate(binding); err != nil {
				t.Errorf("%s: %v", f.name, err)
			}
			if err := definition.Validate(binding); err != nil {
				t.Errorf("%s: %v", f.name, err)
			}
			binding["direction"] = "inout"
			if definition.Validate(binding) == nil {
				t.Errorf("%s: the definition takes any direction: it checks nothing", f.name)
			}
		}
	}
}
