package double_test

import (
	"encoding/json"
	"maps"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

const (
	hostJSON = `{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"handler"},
	"enableForwardingHttpRequest":true,"enableProxyingHttpRequest":true}}`
	eventsJSON = `{"version":"2.0","customHandler":{"description":{"defaultExecutablePath":"handler"}},
	"extensionBundle":{"id":"Microsoft.Azure.Functions.ExtensionBundle","version":"[4.*, 5.0.0)"}}`
)

func trigger(settings string) string {
	return `{"bindings":[{"type":"httpTrigger","direction":"in","name":"req"` + settings + `},{"type":"http","direction":"out","name":"res"}]}`
}

// bound is a function.json of an event's binding, and a queue output where there is one.
func bound(input string, outputs ...string) string {
	text := `{"bindings":[` + input
	for _, name := range outputs {
		text += `,{"type":"queue","direction":"out","name":"` + name + `","queueName":"%RESULTS%"}`
	}
	return text + "]}"
}

const (
	queueInput = `{"type":"queueTrigger","direction":"in","name":"job","queueName":"requests","connection":"Storage"}`
	httpInput  = `{"type":"httpTrigger","direction":"in","name":"req","route":"orders/{id}/{line?}"},{"type":"http","direction":"out","name":"res"}`
)

func timerInput(schedule string) string {
	return `{"type":"timerTrigger","direction":"in","name":"tick","schedule":"` + schedule + `"}`
}

// usual are the files of an app with a closed function at its own route, and one that takes the rest.
func usual() map[string]string {
	return map[string]string{
		"host.json":            hostJSON,
		"Closed/function.json": trigger(`,"route":"shop/orders","methods":["post"]`),
		"Rest/function.json":   trigger(`,"authLevel":"anonymous","route":"{*path}"`),
	}
}

// events are the files of an app that is invoked: by a queue, by timers, and by HTTP.
func events() map[string]string {
	return map[string]string{
		"host.json":             eventsJSON,
		"worker/function.json":  bound(queueInput, "result"),
		"cleanup/function.json": bound(timerInput("0 */5 * * * *")),
		"often/function.json":   bound(timerInput("*/5 * * * * *")),
		"order/function.json":   bound(httpInput, "msg"),
	}
}

// eventSettings are the app settings that events needs.
func eventSettings(more ...string) map[string]string {
	settings := map[string]string{"RESULTS": "results", "AzureWebJobsStorage": "UseDevelopmentStorage=true"}
	for _, setting := range more {
		name, value, _ := strings.Cut(setting, "=")
		settings[name] = value
	}
	return settings
}

// folder writes an app.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	root := t.TempDir()
	program, err := filepath.Abs(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(program, filepath.Join(root, "handler")); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

func start(t *testing.T, root string, o double.Options) (*double.Host, error) {
	t.Helper()
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	host, err := app.Start(t.Context(), o)
	if err == nil {
		t.Cleanup(func() { _ = host.Stop() }) // some handlers have ended by then
	}
	return host, err
}

// serve starts the usual app and returns the address at which callers find it.
func serve(t *testing.T, o double.Options) (*double.Host, string) {
	t.Helper()
	return serveFiles(t, usual(), o)
}

func serveFiles(t *testing.T, files map[string]string, o double.Options) (*double.Host, string) {
	t.Helper()
	host, err := start(t, folder(t, files), o)
	if err != nil {
		t.Fatal(err)
	}
	return host, listen(t, host)
}

// listen returns the address at which callers find a host.
func listen(t *testing.T, host *double.Host) string {
	t.Helper()
	server := httptest.NewServer(host)
	t.Cleanup(server.Close)
	return server.URL
}

// serveEvents starts the app of all events.
func serveEvents(t *testing.T, change ...func(*double.Options)) (*double.Host, string) {
	t.Helper()
	o := double.Options{Settings: eventSettings(), Key: "k"}
	for _, change := range change {
		change(&o)
	}
	return serveFiles(t, events(), o)
}

// with returns files with some of them changed.
func with(files, change map[string]string) map[string]string {
	files = maps.Clone(files)
	maps.Copy(files, change)
	return files
}

// message is a script as a queue's message.
func message(t *testing.T, do script) []byte {
	t.Helper()
	text, err := json.Marshal(do)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// deliver runs the queue's function and returns what came of it.
func deliver(t *testing.T, host *double.Host, do script) double.Result {
	t.Helper()
	result, err := host.Deliver(t.Context(), "worker", message(t, do))
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// lastSeen returns the last invocation, once the handler has told of it.
func lastSeen(t *testing.T, host *double.Host) (s seen) {
	t.Helper()
	var told []string
	for start := time.Now(); len(told) < len(host.Invoked()); time.Sleep(time.Millisecond) {
		told = nil
		for _, line := range host.Log() {
			if text, ok := strings.CutPrefix(line.Text, "seen "); ok {
				told = append(told, text)
			}
		}
		if time.Since(start) > patience {
			t.Fatalf("the handler was not invoked: %v", host.Log())
		}
	}
	if err := json.Unmarshal([]byte(told[len(told)-1]), &s); err != nil {
		t.Fatal(err)
	}
	return s
}

// patience bounds every wait for something that comes at once, on a busy machine too.
const patience = 30 * time.Second
