package functions_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"inferenceconnector/handler/functions/double"
)

// Keys of the tests. None may be told anywhere.
const (
	modelKey    = "cherry-is-the-key-of-the-model"
	ordersKey   = "apricot-is-the-key-of-the-caller-orders"
	hrKey       = "nectarine-is-the-key-of-the-caller-hr"
	hookKey     = "tamarind-is-the-key-of-the-receiver"
	functionKey = "quince-is-the-key-of-the-platform"
)

// connectionsFile describes two connections, each with a caller. Where they lead, the app settings say.
const connectionsFile = `{"auth":{"trustPlatform":%t},"connections":{
	"default":{"endpoint":"@appsetting('MODEL_URL')","authentication":{"type":"Key","value":"@appsetting('MODEL_KEY')"},
		"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},"callers":[{"name":"orders","key":"@appsetting('ORDERS_KEY')"}]},
	"other":{"endpoint":"@appsetting('MODEL_URL')","egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},
		"callers":[{"name":"hr","key":"@appsetting('HR_KEY')"}]}}}`

// eventsFile has a queue and a schedule as well.
const eventsFile = `{"connections":{
	"default":{"endpoint":"@appsetting('MODEL_URL')","authentication":{"type":"Key","value":"@appsetting('MODEL_KEY')"},
		"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},"callers":[{"name":"orders","key":"@appsetting('ORDERS_KEY')"}]},
	"other":{"endpoint":"@appsetting('MODEL_URL')","egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},
		"callers":[{"name":"hr","key":"@appsetting('HR_KEY')"}]}},
	"triggers":{"worker":{"connection":"default","actions":["GetChatCompletions"],"queue":"requests","resultQueue":"results"}},
	"schedules":{"morning":{"cron":"0 0 7 29 2 *","action":"GetChatCompletions","connection":"default",
		"input":{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}]},"deliverTo":{"url":"@appsetting('HOOK_URL')"}}}}`

// packages are made and unpacked once, as operators make them.
var packages = map[string]func() (string, error){
	"keys":     sync.OnceValues(func() (string, error) { return pack("keys", "keys", fmt.Sprintf(connectionsFile, false)) }),
	"platform": sync.OnceValues(func() (string, error) { return pack("platform", "platform", fmt.Sprintf(connectionsFile, true)) }),
	"events":   sync.OnceValues(func() (string, error) { return pack("events", "keys", eventsFile) }),
}

var workFolder string

func TestMain(m *testing.M) {
	var err error
	if workFolder, err = os.MkdirTemp("", "functions"); err != nil {
		panic(err)
	}
	code := m.Run()
	_ = os.RemoveAll(workFolder)
	os.Exit(code)
}

func pack(name, auth, text string) (root string, err error) {
	showSources()
	connections := filepath.Join(workFolder, name+".json")
	if err := os.WriteFile(connections, []byte(text), 0o600); err != nil {
		return "", err
	}
	out := filepath.Join(workFolder, name)
	command := exec.Command("../../scripts/package-azure", "--auth", auth, "--connections", connections, "--out", out)
	if output, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w: %s", err, output)
	}
	root = filepath.Join(out, "app")
	return root, double.Unpack(filepath.Join(out, "azure-amd64.zip"), root)
}

// showSources looks at all that goes into a package, so that the go command sees what these tests depend on,
// and runs them again when it has changed.
func showSources() {
	for _, folder := range []string{"host.json", "function.json", "go.mod", "connector", "handler", "schema", "scripts"} {
		_ = filepath.WalkDir("../../"+folder, func(string, fs.DirEntry, error) error { return nil })
	}
}

// unpacked returns the folder of an app as the platform has it, for a test to change.
func unpacked(t *testing.T, name string) (root string) {
	t.Helper()
	made, err := packages[name]()
	if err != nil {
		t.Fatal(err)
	}
	root = t.TempDir()
	if err := os.CopyFS(root, os.DirFS(made)); err != nil {
		t.Fatal(err)
	}
	return root
}

// appSettings are those of an app whose model is at url.
func appSettings(url string) map[string]string {
	return map[string]string{
		"FUNCTIONS_WORKER_RUNTIME": "custom", "CONNECTOR_RATE_LIMIT_SCOPE": "process",
		"MODEL_URL": url + "/models", "MODEL_KEY": modelKey, "ORDERS_KEY": ordersKey, "HR_KEY": hrKey,
		"HOOK_URL": url + "/hook?sig=" + hookKey, "AzureWebJobsStorage": "UseDevelopmentStorage=true",
	}
}

// startApp starts an app whose model is at url. It must still run when the test ends.
func startApp(t *testing.T, name, url string, old bool) (host *double.Host, address string) {
	t.Helper()
	return startAt(t, unpacked(t, name), url, old)
}

// startAt starts the app in a folder.
func startAt(t *testing.T, root, url string, old bool) (host *double.Host, address string) {
	t.Helper()
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	host, err = app.Start(t.Context(), double.Options{Settings: appSettings(url), Old: old, Key: functionKey})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(host)
	server.Config.Protocols = new(http.Protocols)
	server.Config.Protocols.SetHTTP1(true)
	server.Config.Protocols.SetUnencryptedHTTP2(true)
	server.Start()
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		if err := host.Stop(); err != nil {
			t.Error(err)
		}
	})
	return host, server.URL + "/api"
}

// bothModes runs a test on hosts that proxy and on those that only forward.
func bothModes(t *testing.T, test func(t *testing.T, old bool)) {
	t.Run("proxied", func(t *testing.T) { test(t, false) })
	t.Run("forwarded", func(t *testing.T) { test(t, true) })
}

// callers returns who called, as the log has it.
func callers(t *testing.T, host *double.Host, calls int) (names []string) {
	t.Helper()
	for start := time.Now(); len(names) < calls; time.Sleep(time.Millisecond) {
		names = nil
		for _, line := range host.Log() {
			var call struct{ Msg, Caller string }
			if json.Unmarshal([]byte(line.Text), &call) == nil && call.Msg == "call" {
				names = append(names, call.Caller)
			}
		}
		if time.Since(start) > patience {
			t.Fatalf("%d of %d calls were logged: %v", len(names), calls, host.Log())
		}
	}
	return names
}

// patience bounds every wait for something that comes at once, on a busy machine too.
const patience = 30 * time.Second
