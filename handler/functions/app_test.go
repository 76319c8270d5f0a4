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
		want           functions.Function
	}{
		"everything said": {
			host:     `{"extensions":{"http":{"routePrefix":"/v1/"}}}`,
			function: `{"bindings":[{"type":"http","direction":"out"},{"type":"httpTrigger","authLevel":"Anonymous","route":"chat"}]}`,
			prefix:   "v1",
			want:     functions.Function{Name: "Chat", Trigger: "httpTrigger", AuthLevel: "anonymous", Route: "chat"},
		},
		"what the host assumes": {
			host:     `{}`,
			function: `{"bindings":[{"type":"httpTrigger"}]}`,
			prefix:   "api",
			want:     functions.Function{Name: "Chat", Trigger: "httpTrigger", AuthLevel: "function", Route: "Chat"},
		},
		"no prefix, and another trigger": {
			host:     `{"extensions":{"http":{"routePrefix":""}}}`,
			function: `{"bindings":[{"type":"queueTrigger","queueName":"q"},{"type":"queue","direction":"out"}]}`,
			want:     functions.Function{Name: "Chat", Trigger: "queueTrigger", AuthLevel: "function", Route: "Chat"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			root := writeApp(t, map[string]string{"host.json": c.host, "Chat/function.json": c.function, "deeper/in/function.json": "{", "logs/x.txt": ""})
			app, err := functions.ReadApp(root)
			want := functions.App{Prefix: c.prefix, Functions: []functions.Function{c.want}}
			if err != nil || !reflect.DeepEqual(app, want) {
				t.Errorf("got %+v (%v), want %+v", app, err, want)
			}
		})
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

func httpFunction(level, route string) functions.Function {
	return functions.Function{Name: "Rest", Trigger: "httpTrigger", AuthLevel: level, Route: route}
}

func TestCheck(t *testing.T) {
	worker := functions.Function{Name: "worker", Trigger: "queueTrigger", AuthLevel: "function", Route: "worker"}
	for name, c := range map[string]struct {
		prefix  string
		http    functions.Function
		trigger functions.Function
		trusted bool
		want    string // "" for nothing
	}{
		"keys, anonymous":                   {prefix: "api", http: httpFunction("anonymous", "{*path}")},
		"platform, function":                {prefix: "api", http: httpFunction("function", "{*path}"), trusted: true},
		"platform, admin":                   {prefix: "api", http: httpFunction("admin", "{*path}"), trusted: true},
		"platform, anonymous":               {prefix: "api", http: httpFunction("anonymous", "{*path}"), trusted: true, want: "function Rest is anonymous"},
		"a trigger below a prefix":          {prefix: "api", http: httpFunction("function", "{*path}"), trigger: worker},
		"no prefix, catch-all":              {http: httpFunction("function", "{*path}"), trigger: worker, want: "could reach /worker"},
		"no prefix, a parameter":            {http: httpFunction("function", "{name}"), trigger: worker, want: "could reach /worker"},
		"no prefix, part of a segment":      {http: httpFunction("function", "w{name}"), trigger: worker, want: "could reach /worker"},
		"no prefix, the name itself":        {http: httpFunction("function", "Worker"), trigger: worker, want: "could reach /worker"},
		"no prefix, a slash before":         {http: httpFunction("function", "/worker"), trigger: worker, want: "could reach /worker"},
		"no prefix, an optional rest":       {http: httpFunction("function", "worker/{id?}"), trigger: worker, want: "could reach /worker"},
		"no prefix, a catch-all behind":     {http: httpFunction("function", "worker/{*rest}"), trigger: worker, want: "could reach /worker"},
		"no prefix, below the name":         {http: httpFunction("function", "worker/jobs"), trigger: worker},
		"no prefix, another name":           {http: httpFunction("function", "chat/completions"), trigger: worker},
		"the prefix is the name":            {prefix: "Worker", http: httpFunction("function", "{*path}"), trigger: worker, want: "could reach /worker"},
		"the prefix is the name, deeper":    {prefix: "worker", http: httpFunction("function", "chat"), trigger: worker},
		"the prefix begins with the name":   {prefix: "worker/v1", http: httpFunction("function", "{*path}"), trigger: worker},
		"letter case of the trigger's type": {prefix: "api", http: functions.Function{Name: "Rest", Trigger: "HttpTrigger", AuthLevel: "anonymous"}, trusted: true, want: "anonymous"},
	} {
		t.Run(name, func(t *testing.T) {
			app := functions.App{Prefix: c.prefix, Functions: []functions.Function{c.http}}
			if c.trigger.Name != "" {
				app.Functions = append(app.Functions, c.trigger)
			}
			err := app.Check(c.trusted)
			if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestCheckTellsAllAtOnce(t *testing.T) {
	app := functions.App{Functions: []functions.Function{
		httpFunction("anonymous", "{*path}"), {Name: "morning", Trigger: "timerTrigger"}, {Name: "worker", Trigger: "queueTrigger"},
	}}
	err := app.Check(true)
	for _, want := range []string{"function Rest is anonymous", "could reach /morning", "could reach /worker"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q in it", err, want)
		}
	}
}
