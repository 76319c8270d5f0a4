package schedule

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/trigger"
	"inferenceconnector/schema"
)

// A desk is a receiver that takes its time over each output, and notes which came when.
type desk struct {
	takes time.Duration
	mu    sync.Mutex
	came  []string
	body  string
}

func (d *desk) Deliver(ctx context.Context, id string, output []byte) error {
	d.mu.Lock()
	d.came, d.body = append(d.came, id), string(output)
	d.mu.Unlock()
	select {
	case <-ctx.Done():
		return &connector.Error{Code: connector.DeliveryFailed, Err: context.Cause(ctx)}
	case <-time.After(d.takes):
		return nil
	}
}

func (d *desk) ids() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.came)
}

// A diary keeps what is logged.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

// lines are the entries of a message, each with the values of some keys.
func (d *diary) lines(t testing.TB, message string, keys ...string) (lines []string) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	for line := range strings.Lines(d.text.String()) {
		var entry map[string]any
		if err := json.Unmarshal([]byte(line), &entry); err != nil {
			t.Fatal(err)
		}
		if entry["msg"] != message {
			continue
		}
		var values []string
		for _, key := range keys {
			value, _ := json.Marshal(entry[key])
			values = append(values, strings.Trim(string(value), `"`))
		}
		lines = append(lines, strings.Join(values, " "))
	}
	return lines
}

// newBook returns a book over a connector whose one connection lists one deployment: to list it needs no endpoint.
func newBook(t testing.TB, schedules ...*Schedule) (*Book, *diary) {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	connection := &connector.Connection{
		Name: "default", Open: true, Calls: 100, RenewalPeriod: time.Minute, Deployments: []*connector.Deployment{{Name: "small"}},
	}
	written := &diary{}
	log := slog.New(slog.NewJSONHandler(written, nil))
	runner := &trigger.Runner{Connector: connector.New([]*connector.Connection{connection}, throttle.NewMemory()), Actions: actions, Log: log}
	return &Book{Runner: runner, Schedules: schedules, Log: log}, written
}

const listed = `{"value":[{"id":"small","displayName":"small"}]}`

func listing(t testing.TB, name, cron string, receiver trigger.Receiver) *Schedule {
	t.Helper()
	return &Schedule{Name: name, Times: parse(t, cron, ""), Action: "ListModels", Input: []byte(`{}`), Receiver: receiver}
}

func wantLines(t testing.TB, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}
