package functions_test

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"inferenceconnector/handler/functions"
)

// writeApp writes the files of a function app and returns its root.
func writeApp(t *testing.T, files map[string]string) (root string) {
	t.Helper()
	root = t.TempDir()
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func TestReadApp(t *testing.T) {
	for name, c := range map[string]struct {
		host, function string
		prefix         string
		forwards       bool
		want           functions.Function
	}{
		"everything said": {
			host: `{"extensions":{"http":{"routePrefix":"/v1/"}},"customHandler":{"enableForwardingHttpRequest":true}}`,
			function: `{"bindings":[{"type":"http","direction":"out","name":"res"},
				{"type":"httpTrigger","direction":"in","name":"req","authLevel":"Anonymous","route":"chat"}]}`,
			prefix: "v1", forwards: true,
			want: functions.Function{Name: "Chat", Trigger: "httpTrigger", Input: "req", AuthLevel: "anonymous", Route: "chat", PlainHTTP: true,
				Outputs: []functions.Output{{Name: "res", Type: "http"}}},
		},
		"what the host assumes": {
			host:     `{}`,
			function: `{"bindings":[{"type":"httpTrigger"}]}`,
			prefix:   "api",
			want:     functions.Function{Name: "Chat", Trigger: "httpTrigger", AuthLevel: "function", Route: "Chat"},
		},
		"no prefix, and another trigger": {
			host:     `{"extensions":{"http":{"routePrefix":""}},"customHandler":{"enableProxyingHttpRequest":true,"enableForwardingHttpRequest":false}}`,
			function: `{"bindings":[{"type":"queueTrigger","name":"message","queueName":"q"},{"type":"queue","direction":"out","name":"result"}]}`,
			forwards: true,
			want: functions.Function{Name: "Chat", Trigger: "queueTrigger", Input: "message", AuthLevel: "function", Route: "Chat",
				Outputs: []functions.Output{{Name: "result", Type: "queue"}}},
		},
		"a timer": {
			host:     `{}`,
			function: `{"bindings":[{"type":"timerTrigger","name":"timer","schedule":"0 0 7 * * *"}]}`,
			prefix:   "api",
			want:     functions.Function{Name: "Chat", Trigger: "timerTrigger", Input: "timer", AuthLevel: "function", Route: "Chat", Schedule: "0 0 7 * * *"},
		},
		"HTTP and more": {
			host: `{}`,
			function: `{"bindings":[{"type":"httpTrigger","name":"req"},{"type":"http","direction":"out","name":"res"},
				{"type":"blob","direction":"in","name":"b"}]}`,
			prefix: "api",
			want: functions.Function{Name: "Chat", Trigger: "httpTrigger", Input: "req", AuthLevel: "function", Route: "Chat",
				Outputs: []functions.Output{{Name: "res", Type: "http"}}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := writeApp(t, map[string]string{"host.json": c.host, "Chat/function.json": c.function, "deeper/in/function.json": "{", "logs/x.txt": ""})
			app, err := functions.ReadApp(root)
			want := functions.App{Prefix: c.prefix, Forwards: c.forwards, Functions: []functions.Function{c.want}}
			if err != nil || !reflect.DeepEqual(app, want) {
				t.Errorf("got %+v (%v), want %+v", app, err, want)
			}
		})
	}
}

func TestAppSettingsOverrideHostJSON(t *testing.T) {
	root := writeApp(t, map[string]string{"host.json": `{"customHandler":{"enableForwardingHttpRequest":true,"enableProxyingHttpRequest":true}}`})
	for _, c := range []struct {
		setting, value string
		prefix         string
		forwards       bool
	}{
		{"extensions__http__routePrefix", "/v1", "v1", true},
		{"customHandler__enableForwardingHttpRequest", "False", "v1", true},
		{"customHandler__enableProxyingHttpRequest", "false", "v1", false},
		{"customHandler__enableForwardingHttpRequest", "True", "v1", true},
	} {
		t.Setenv("AzureFunctionsJobHost__"+c.setting, c.value)
		app, err := functions.ReadApp(root)
		if err != nil || app.Prefix != c.prefix || app.Forwards != c.forwards {
			t.Errorf("after %s=%s: got %+v (%v), want prefix %s, and forwards %t", c.setting, c.value, app, err, c.prefix, c.forwards)
		}
	}
}

func TestReadAppSaysWhichFileIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no host.json":         {map[string]string{"Chat/function.json": "{}"}, "host.json"},
		"broken host.json":     {map[string]string{"host.json": "{"}, "host.json"},
		"a prefix of numbers":  {map[string]string{"host.json": `{"extensions":{"http":{"routePrefix":1}}}`}, "host.json"},
		"broken function.json": {map[string]string{"host.json": "{}", "Chat/function.json": "["}, filepath.Join("Chat", "function.json")},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := functions.ReadApp(writeApp(t, c.files))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error about %s", err, c.want)
			}
		})
	}
}

// .NET reads the names of settings in any letter case, and : for __.
func TestAppSettingsInOtherSpellings(t *testing.T) {
	root := writeApp(t, map[string]string{"host.json": `{"customHandler":{"enableForwardingHttpRequest":true}}`})
	t.Setenv("AZUREFUNCTIONSJOBHOST__Extensions__Http__RoutePrefix", "")
	t.Setenv("AzureFunctionsJobHost:customHandler:enableforwardinghttprequest", "false")
	app, err := functions.ReadApp(root)
	if err != nil || app.Prefix != "" || app.Forwards {
		t.Errorf("got %+v (%v), want no prefix and nothing forwarded", app, err)
	}
}
