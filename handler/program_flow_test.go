package main_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// A delivery is what came to a receiver.
type delivery struct{ request, key, body string }

// A flow is a model endpoint and a receiver, with schedules between them. Nothing that is printed may hold
// what begins with hush.
type flow struct {
	deliveries  chan delivery
	asked       atomic.Int32 // requests to the model
	environment []string
}

// newFlow has a model that answers when wait returns, and a receiver that answers with statuses, and then 202.
func newFlow(t *testing.T, schedules string, wait func(*http.Request), statuses ...int) *flow {
	t.Helper()
	f := &flow{deliveries: make(chan delivery, 100)}
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body) // or else nothing tells that the other side has gone
		f.asked.Add(1)
		wait(r)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, usualCompletion)
	}))
	t.Cleanup(model.Close)
	var answered atomic.Int32
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		status := http.StatusAccepted
		if n := int(answered.Add(1)); n <= len(statuses) {
			status = statuses[n-1]
		}
		w.WriteHeader(status)
		f.deliveries <- delivery{r.Method + " " + r.URL.String() + " " + r.Header.Get("Content-Type"), r.Header.Get("Idempotency-Key"), string(body)}
	}))
	t.Cleanup(receiver.Close)
	file := writeInto(t, "connections.json", `{"connections":{"default":{"endpoint":"`+model.URL+`/models",
		"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},"callers":[{"name":"x","key":"`+programKey+`"}]}},"schedules":{`+schedules+`}}`)
	f.environment = []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "FLOW=" + receiver.URL + "/hush-path?sig=hush-signature"}
	return f
}

const (
	dailyChat = `"action":"GetChatCompletions","input":{"model":"m","messages":[{"role":"user","content":"hush-prompt"}]},"deliverTo":{"url":"@appsetting('FLOW')"}`
	morning   = `"morning":{"cron":"0 0 7 * * *","timeZone":"Europe/Lisbon",` + dailyChat + `}`
	tick      = `"tick":{"cron":"* * * * * *",` + dailyChat + `}`
)

// secondly is the binding of a timer that fires every second.
const secondly = `{"type":"timerTrigger","direction":"in","name":"timer","schedule":"* * * * * *"}`

func atOnce(*http.Request) {}

// after returns a wait that ends when release is closed.
func after(release <-chan struct{}) func(*http.Request) {
	return func(r *http.Request) {
		select {
		case <-release:
		case <-r.Context().Done():
		}
	}
}

// next waits for the next delivery.
func (f *flow) next(t *testing.T) delivery {
	t.Helper()
	select {
	case d := <-f.deliveries:
		same(t, "delivery", d.request, "POST /hush-path?sig=hush-signature application/json")
		same(t, "output", d.body, usualCompletion)
		return d
	case <-time.After(2 * patience):
		t.Fatal("nothing was delivered")
		return delivery{}
	}
}

func keepsQuiet(t *testing.T, what string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if strings.Contains(text, "hush") || strings.Contains(text, "Lima") {
			t.Errorf("%s: it prints what it should not:\n%s", what, text)
		}
	}
}

var firingKey = regexp.MustCompile(`^"(tick|morning)/(20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ)"$`)

// functionApp returns the root of a function app, with a binding for each function.
func functionApp(t *testing.T, bindings map[string]string) string {
	t.Helper()
	root := filepath.Dir(writeInto(t, "host.json", `{"version":"2.0"}`))
	for name, binding := range bindings {
		if err := os.Mkdir(filepath.Join(root, name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, name, "function.json"), []byte(`{"bindings":[`+binding+`]}`), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return root
}
