package schedule

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
)

// The whole way: planned times, a model over HTTP, and a delivery over HTTP with an id for each planned time.
func TestRunOverTheWire(t *testing.T) {
	const answer = `{"choices":[{"message":{"role":"assistant","content":"s3cret"}}]}`
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, answer)
	}))
	defer model.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	var keys, bodies []string
	flow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		keys, bodies = append(keys, r.Header.Get("Idempotency-Key")), append(bodies, string(body))
		if len(keys) == 2 {
			cancel()
		}
	}))
	defer flow.Close()
	b, written := newBook(t)
	to := newFlow(t, flow.URL+"/invoke?sig=s1gnature")
	b.Runner.Connector = connectorTo(t, model.URL)
	s := listing(t, "tick", "* * * * * *", to)
	s.Action, s.Input = "GetChatCompletions", []byte(`{"model":"m","messages":[{"role":"user","content":"pr0mpt"}]}`)
	b.Schedules = append(b.Schedules, s)
	start := time.Now()
	b.Run(ctx, t.Context())

	if len(keys) < 2 || bodies[0] != answer || bodies[1] != answer {
		t.Fatalf("got %q and %q", keys, bodies)
	}
	seen := map[string]bool{}
	for _, key := range keys {
		var text string
		if _, err := fmt.Sscanf(key, "%q", &text); err != nil {
			t.Fatal(err)
		}
		planned, err := time.Parse(time.RFC3339, strings.TrimPrefix(text, "tick/"))
		if err != nil || seen[key] || !planned.After(start) || planned.After(time.Now()) {
			t.Errorf("got %s, %v", key, err)
		}
		seen[key] = true
	}
	for _, secret := range []string{"s3cret", "pr0mpt", "s1gnature", "invoke"} {
		if strings.Contains(written.text.String(), secret) {
			t.Errorf("got %s in %s", secret, written.text.String())
		}
	}
}

func connectorTo(t testing.TB, url string) *connector.Connector {
	t.Helper()
	e, err := endpoint.New(endpoint.Config{URL: url + "/models", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	connection := &connector.Connection{Name: "default", Open: true, Calls: 100, RenewalPeriod: time.Minute, Endpoint: e}
	return connector.New([]*connector.Connection{connection}, throttle.NewMemory())
}

func newFlow(t testing.TB, url string) *endpoint.Receiver {
	t.Helper()
	r, err := endpoint.NewReceiver(endpoint.ReceiverConfig{URL: connector.NewSecret(url), Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r
}
