package double_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

func TestHandlerGetsTheHostsEnvironmentAndNoOther(t *testing.T) {
	host, address := serve(t, double.Options{Settings: map[string]string{"SETTING": "x"}})
	got := ask(t, http.MethodGet, address+"/api/", nil, nil)
	_, port, _ := strings.Cut(host.Address(), ":")
	want := []string{"FUNCTIONS_APP_ROOT_PATH=" + got.Path[0], "FUNCTIONS_CUSTOMHANDLER_PORT=" + port, "FUNCTIONS_HTTPWORKER_PORT=" + port, "SETTING=x"}
	slices.Sort(got.Environment)
	rest := slices.DeleteFunc(slices.Clone(got.Environment), func(entry string) bool {
		return strings.HasPrefix(entry, "FUNCTIONS_") && strings.Contains(entry, "_ID=") || strings.HasPrefix(entry, "PWD=")
	})
	if !slices.Equal(rest, want) || len(got.Environment) < len(want)+2 {
		t.Errorf("got the environment %q, want %q and two ids", got.Environment, want)
	}
}

func TestLinesGetTheirLevel(t *testing.T) {
	host, _ := serve(t, double.Options{})
	want := []double.Line{{Level: double.Error, Text: "a mistake"}, {Level: double.Information, Text: "ready"}, {Level: double.Warning, Text: "a Warning"}}
	for start := time.Now(); len(host.Log()) < len(want); time.Sleep(time.Millisecond) {
		if time.Since(start) > 30*time.Second {
			break
		}
	}
	got := host.Log() // the two outputs come in any order
	slices.SortFunc(got, func(a, b double.Line) int { return strings.Compare(string(a.Level), string(b.Level)) })
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestHandlerThatEndsAtOnce(t *testing.T) {
	_, err := start(t, folder(t, usual()), double.Options{Settings: map[string]string{"ENDS": "1"}})
	failure, ok := errors.AsType[*double.Failure](err)
	if !ok || failure.ExitCode != 3 || len(failure.Log) != 3 {
		t.Errorf("got %v, want exit code 3 and three lines", err)
	}
}

func TestHandlerThatNeverAnswers(t *testing.T) {
	files := usual()
	files["silent"] = "#!/bin/sh\nexec sleep 600\n"
	files["host.json"] = strings.Replace(hostJSON, `"handler"`, `"silent"`, 1)
	_, err := start(t, folder(t, files), double.Options{Limit: 200 * time.Millisecond})
	if err == nil || !strings.Contains(err.Error(), "did not answer") {
		t.Errorf("got %v, want that there was no answer", err)
	}
}

func TestReadRefuses(t *testing.T) {
	for name, change := range map[string]map[string]string{
		"broken host.json":           {"host.json": "{"},
		"no custom handler":          {"host.json": `{"version":"2.0"}`},
		"broken function.json":       {"Rest/function.json": "["},
		"a route of the host":        {"Own/function.json": trigger(`,"route":"admin/x"`)},
		"a name with a dot":          {"a.b/function.json": trigger("")},
		"the same route twice":       {"Again/function.json": trigger(`,"route":"Shop/Orders","methods":["POST","put"]`)},
		"a rule in a route":          {"Item/function.json": trigger(`,"route":"items/{id:int}"`)},
		"a catch-all not at the end": {"Item/function.json": trigger(`,"route":"{*all}/items"`)},
		"part of a segment":          {"Item/function.json": trigger(`,"route":"item{id}"`)},
		"no trigger":                 {"None/function.json": `{"bindings":[{"type":"queue","direction":"out","name":"o","queueName":"q"}]}`},
		"two triggers":               {"Two/function.json": bound(timerInput("0 0 * * * *") + "," + timerInput("0 0 * * * *"))},
		"two of a name":              {"Two/function.json": bound(timerInput("0 0 * * * *"), "Tick")},
		"no extension bundle":        {"worker/function.json": bound(queueInput)},
		"an unknown binding":         {"x/function.json": bound(`{"type":"blobTrigger","direction":"in","name":"b"}`)},
		"a trigger that goes out":    {"x/function.json": bound(`{"type":"timerTrigger","direction":"out","name":"t","schedule":"0 0 * * * *"}`)},
		"a name with a hyphen":       {"x/function.json": bound(`{"type":"timerTrigger","direction":"in","name":"a-b","schedule":"0 0 * * * *"}`)},
		"HTTP without an answer":     {"x/function.json": `{"bindings":[{"type":"httpTrigger","direction":"in","name":"req"}]}`},
		"retries":                    {"x/function.json": `{"retry":{},"bindings":[` + timerInput("0 0 * * * *") + "]}"},
		"no time span":               {"host.json": strings.Replace(hostJSON, `"2.0"`, `"2.0","functionTimeout":"5m"`, 1)},
		"routes in host.json":        {"host.json": strings.Replace(hostJSON, `"enableForwarding`, `"http":{"routes":[]},"enableForwarding`, 1)},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := double.Read(folder(t, with(usual(), change))); err == nil {
				t.Error("got no error")
			}
		})
	}
}
