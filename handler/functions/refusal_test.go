package functions_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

// put writes a file of an app.
func put(t *testing.T, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// replace changes a file of an app.
func replace(t *testing.T, root, name, old, with string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, name))
	if err != nil || !strings.Contains(string(text), old) {
		t.Fatalf("%s has no %s (%v)", name, old, err)
	}
	put(t, root, name, strings.Replace(string(text), old, with, 1))
}

const queueFunction = `{"bindings":[{"type":"queueTrigger","direction":"in","name":"message","queueName":"requests","connection":"AzureWebJobsStorage"}]}`

// extensionBundle is the member of host.json without which there are no queues.
const extensionBundle = `"extensionBundle":{"id":"Microsoft.Azure.Functions.ExtensionBundle","version":"[4.*, 5.0.0)"},`

const timerFunction = `{"bindings":[{"type":"timerTrigger","direction":"in","name":"timer","schedule":"$"}]}`

func TestRefusalsToStart(t *testing.T) {
	for name, c := range map[string]struct {
		auth    string
		change  func(t *testing.T, root string, settings map[string]string)
		another func(t *testing.T, root string) // after the host has read the app
		want    []string
	}{
		"nobody checks who calls": {
			auth: "keys",
			change: func(t *testing.T, root string, settings map[string]string) {
				replace(t, root, "connections.json", `,"callers":[{"name":"orders","key":"@appsetting('ORDERS_KEY')"}]`, "")
			},
			want: []string{"connections.default.callers is missing, and nobody else checks who calls; set it, or auth.trustPlatform"},
		},
		"nobody checks who calls, in the short form": {
			auth: "keys",
			change: func(t *testing.T, root string, settings map[string]string) {
				if err := os.Remove(filepath.Join(root, "connections.json")); err != nil {
					t.Fatal(err)
				}
				settings["AZUREAI_ENDPOINT_URL"], settings["AZUREAI_ENDPOINT_KEY"] = "https://team.services.ai.azure.com/models", modelKey
			},
			want: []string{"CONNECTOR_CALLER_KEY is missing, and nobody else checks who calls; set it, or auth.trustPlatform"},
		},
		"the platform is trusted, and lets everyone in": {
			auth: "platform",
			change: func(t *testing.T, root string, _ map[string]string) {
				replace(t, root, "Rest/function.json", `"authLevel": "function"`, `"authLevel": "anonymous"`)
			},
			want: []string{"function Rest is anonymous", "set its authLevel to function, or trustPlatform to false"},
		},
		"the limit's scope is not said": {
			auth: "keys",
			change: func(_ *testing.T, _ string, settings map[string]string) {
				delete(settings, "CONNECTOR_RATE_LIMIT_SCOPE")
			},
			want: []string{"CONNECTOR_RATE_LIMIT_SCOPE is missing; process says"},
		},
		"a caller could write to a trigger": {
			auth: "keys",
			change: func(t *testing.T, root string, settings map[string]string) {
				replace(t, root, "host.json", `"routePrefix": "api"`, `"routePrefix": ""`)
				replace(t, root, "host.json", `"functionTimeout"`, extensionBundle+`"functionTimeout"`)
				settings["AzureWebJobsStorage"] = "UseDevelopmentStorage=true"
				put(t, root, "worker/function.json", queueFunction)
			},
			want: []string{"an HTTP route could reach /worker", "set extensions.http.routePrefix in host.json to api"},
		},
		"a timer that nobody described": {
			auth: "events",
			change: func(t *testing.T, root string, _ map[string]string) {
				put(t, root, "evening/function.json", strings.Replace(timerFunction, "$", "0 0 19 * * *", 1))
			},
			want: []string{"function evening is a timer, but schedules of the connections file has none of that name"},
		},
		"a timer at another time": {
			auth: "events",
			change: func(t *testing.T, root string, _ map[string]string) {
				put(t, root, "morning/function.json", strings.Replace(timerFunction, "$", "0 0 8 29 2 *", 1))
			},
			want: []string{`function morning fires at "0 0 8 29 2 *", but schedules.morning at "0 0 7 29 2 *"`},
		},
		"a queue that nobody described": {
			auth: "events",
			change: func(t *testing.T, root string, _ map[string]string) {
				put(t, root, "other/function.json", queueFunction)
			},
			want: []string{"function other has a queueTrigger, but triggers of the connections file does not say what it may run"},
		},
		"a queue that nobody reads": {
			auth: "events",
			change: func(t *testing.T, root string, _ map[string]string) {
				if err := os.RemoveAll(filepath.Join(root, "worker")); err != nil {
					t.Fatal(err)
				}
			},
			want: []string{"triggers.worker has a queue, but no function reads it"},
		},
		"a schedule that nobody fires": {
			auth: "events",
			change: func(t *testing.T, root string, _ map[string]string) {
				if err := os.RemoveAll(filepath.Join(root, "morning")); err != nil {
					t.Fatal(err)
				}
			},
			want: []string{"schedules.morning has no function that fires it"},
		},
		"host.json is broken": {
			auth:    "keys",
			another: func(t *testing.T, root string) { put(t, root, "host.json", `{"version":"2.0",}`) },
			want:    []string{"host.json"},
		},
		"function.json is broken": {
			auth:    "keys",
			another: func(t *testing.T, root string) { put(t, root, "Rest/function.json", `{"bindings":7}`) },
			want:    []string{filepath.Join("Rest", "function.json")},
		},
	} {
		t.Run(name, func(t *testing.T) {
			root, settings := unpacked(t, c.auth), appSettings("http://127.0.0.1:1")
			if c.change != nil {
				c.change(t, root, settings)
			}
			app, err := double.Read(root)
			if err != nil {
				t.Fatal(err)
			}
			if c.another != nil {
				c.another(t, root)
			}
			refuses(t, app, settings, c.want)
		})
	}
}

// refuses checks that an app does not start: before it listens, and in words that help.
func refuses(t *testing.T, app *double.App, settings map[string]string, want []string) {
	t.Helper()
	start := time.Now()
	host, err := app.Start(t.Context(), double.Options{Settings: settings})
	if err == nil {
		_ = host.Stop()
	}
	failure, ok := errors.AsType[*double.Failure](err)
	if !ok || failure.ExitCode == 0 {
		t.Fatalf("got %v, want an exit code other than 0", err)
	}
	if took := time.Since(start); took > soon {
		t.Errorf("that took %v, want 2s at most", took)
	}
	text := fmt.Sprint(failure.Log)
	for _, part := range want {
		if !strings.Contains(text, part) {
			t.Errorf("got %s, want %q in it", text, part)
		}
	}
	for _, line := range failure.Log {
		if line.Level != double.Error {
			t.Errorf("got %+v, want nothing but errors", line)
		}
		keepSecret(t, []string{line.Text}, modelKey, ordersKey, hrKey)
	}
}
