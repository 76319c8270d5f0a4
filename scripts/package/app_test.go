package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"inferenceconnector/handler/functions/double"
)

// model is an endpoint that completes chats, and counts them.
func model(t *testing.T) (url string, calls *atomic.Int64) {
	t.Helper()
	calls = &atomic.Int64{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		calls.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"id":"c-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,`+
			`"finish_reason":"stop","message":{"role":"assistant","content":"Lima."}}]}`)
	}))
	t.Cleanup(server.Close)
	return server.URL, calls
}

// The host takes the package, the program takes what the host brings, and both agree about what is there.
func TestPackagedScheduleAndQueueRun(t *testing.T) {
	url, calls := model(t)
	file := write(t, "c.json", fmt.Sprintf(`{
		"connections":{"default":{"endpoint":"%s/models","egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},
			"callers":[{"name":"app","key":"@appsetting('APP_KEY')"}]}},
		"schedules":{"minutely":{"cron":"* * * * *","timeZone":"Europe/Lisbon","action":"GetChatCompletions",
			"input":{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}]}}},
		"triggers":{"Ask":{"connection":"default","actions":["GetChatCompletions"],"queue":"requests","resultQueue":"results-@appsetting('STAGE')"}}}`, url))
	root := t.TempDir()
	out := pack(t, "azure", "--arch", runtime.GOARCH, "--connections", file)
	if err := double.Unpack(filepath.Join(out, "azure-"+runtime.GOARCH+".zip"), root); err != nil {
		t.Fatal(err)
	}
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	host, err := app.Start(t.Context(), double.Options{Settings: map[string]string{
		"APP_KEY": strings.Repeat("k", 32), "STAGE": "dev", "WEBSITE_TIME_ZONE": "Europe/Lisbon", "CONNECTOR_RATE_LIMIT_SCOPE": "process",
		"AzureWebJobsStorage__accountName": "storage", // as main.bicep sets it
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Stop() })
	fired, err := host.Tick(t.Context(), "minutely", false)
	if err != nil || fired.Failed || calls.Load() != 1 {
		t.Errorf("the schedule: %+v after %d calls (%v)", fired, calls.Load(), err)
	}
	asked, err := host.Deliver(t.Context(), "Ask", []byte(`{"id":"q-1","action":"GetChatCompletions",
		"input":{"model":"m","messages":[{"role":"user","content":"Capital of Peru?"}]}}`))
	if err != nil || asked.Failed || asked.Tries != 1 || calls.Load() != 2 {
		t.Errorf("the message: %+v after %d calls (%v)", asked, calls.Load(), err)
	}
	compareResults(t, host.Queue("results-dev"))
}

func compareResults(t *testing.T, results [][]byte) {
	t.Helper()
	var result struct {
		ID, Action string
		Output     struct {
			Choices []struct{ Message struct{ Content string } }
		}
	}
	if len(results) != 1 {
		t.Fatalf("got results %q, want one", results)
	}
	if err := json.Unmarshal(results[0], &result); err != nil {
		t.Fatal(err)
	}
	if result.ID != "q-1" || result.Action != "GetChatCompletions" || len(result.Output.Choices) != 1 || result.Output.Choices[0].Message.Content != "Lima." {
		t.Errorf("got result %s", results[0])
	}
}
