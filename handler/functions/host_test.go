package functions_test

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"

	"inferenceconnector/handler/functions/double"
)

func TestCallsReachTheirFunctions(t *testing.T) {
	bothModes(t, func(t *testing.T, old bool) {
		host, address := startApp(t, "keys", newModel(t).URL, old)
		for _, c := range []struct{ method, path, body, function string }{
			{"POST", chat, message, "GetChatCompletions"},
			{"GET", "/info?api-version=2024-05-01-preview", "", "GetModelInfo"},
			{"GET", "/models", "", "ListModels"},
			{"POST", "/connections/default" + chat, message, "Rest"},
			{"GET", "/healthz", "", "Rest"},
			{"GET", "/readyz", "", "Rest"},
			{"GET", "/", "", "Rest"},
		} {
			if got := send(t, newRequest(t, c.method, address+c.path, c.body, "api-key: "+ordersKey)); got.status != http.StatusOK {
				t.Errorf("%s %s: got %+v", c.method, c.path, got)
			}
			if invoked := host.Invoked(); invoked[len(invoked)-1] != c.function {
				t.Errorf("%s %s: taken by %s, want %s", c.method, c.path, invoked[len(invoked)-1], c.function)
			}
		}
		if got := send(t, newRequest(t, "GET", address+chat, "")); got.status != http.StatusMethodNotAllowed {
			t.Errorf("got %+v to another method, want our own 405", got)
		}
		callers(t, host, 5)
		for _, line := range host.Log() {
			if line.Level != double.Information {
				t.Errorf("got a line on standard error: %q", line.Text)
			}
		}
	})
}

func TestReadinessIsLogged(t *testing.T) {
	host, _ := startApp(t, "keys", newModel(t).URL, false)
	var line struct {
		Msg, Host, Address string
		Scope              string `json:"rate_limit_scope"`
	}
	lines := host.Log()
	if len(lines) == 0 || json.Unmarshal([]byte(lines[0].Text), &line) != nil || line.Msg != "listening" ||
		line.Host != "functions" || line.Address != host.Address() || line.Scope != "process" {
		t.Errorf("got %v, want first that the process listens at %s, with its own limit", lines, host.Address())
	}
}

// A code of 0 would keep the host from starting another process.
func TestStoppedHandlerAsksForAnother(t *testing.T) {
	app, err := double.Read(unpacked(t, "keys"))
	if err != nil {
		t.Fatal(err)
	}
	host, err := app.Start(t.Context(), double.Options{Settings: appSettings("http://127.0.0.1:1")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = host.Stop() }) // it has ended, if all is well
	if err := host.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	if code, err := host.Wait(ctx); err != nil || code == 0 {
		t.Errorf("got exit code %d (%v), want another than 0", code, err)
	}
}

// The settings that we ship for a person's own machine are enough to start.
func TestLocalSettingsStart(t *testing.T) {
	text, err := os.ReadFile("../../scripts/azure/local.settings.json")
	if err != nil {
		t.Fatal(err)
	}
	var file struct{ Values map[string]string }
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	root := unpacked(t, "keys")
	if err := os.Remove(root + "/connections.json"); err != nil {
		t.Fatal(err)
	}
	app, err := double.Read(root)
	if err != nil {
		t.Fatal(err)
	}
	host, err := app.Start(t.Context(), double.Options{Settings: file.Values})
	if err != nil {
		t.Fatal(err)
	}
	if err := host.Stop(); err != nil {
		t.Error(err)
	}
	described := slices.ContainsFunc(host.Log(), func(l double.Line) bool { return strings.Contains(l.Text, "AZUREAI_ENDPOINT_URL") })
	if !described {
		t.Errorf("got %v, want that the connections come from AZUREAI_ENDPOINT_URL", host.Log())
	}
}
