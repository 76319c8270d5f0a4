package main_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// A workflow is a logic app's files, and its app settings.
type workflow struct {
	file struct {
		Definition struct {
			Schema         string `json:"$schema"`
			ContentVersion string
			Triggers       map[string]struct {
				Type, Kind string
				Inputs     any
			}
			Actions map[string]action
			Outputs struct{}
		}
		Kind string
	}
	parameters map[string]struct{ Type, Value string }
	settings   map[string]string
}

// An action is as much of the Workflow Definition Language as the example uses.
type action struct {
	Type, Kind string
	RunAfter   map[string][]string
	Inputs     struct {
		Method, URI      string
		Queries, Headers map[string]string
		StatusCode       int
		Body             any
		RetryPolicy      struct {
			Type                                       string
			Count                                      int
			Interval, MinimumInterval, MaximumInterval string
		}
	}
	RuntimeConfiguration struct{ SecureData struct{ Properties []string } }
	Expression           string
	Cases                map[string]struct {
		Case    string
		Actions map[string]action
	}
	Default struct{ Actions map[string]action }
}

// A response is how a run ended, and the seconds it waited before repeats.
type response struct {
	status int
	body   map[string]any
	waits  string
}

// A run is one run of the workflow: what its expressions look at.
type run struct {
	workflow
	t       *testing.T
	trigger any
	replies map[string]any // bodies, by action
}

// run runs the workflow: one call, and then what comes after its status.
func (w workflow) run(t *testing.T, trigger map[string]any) (done response) {
	t.Helper()
	if question := w.file.Definition.Triggers["Question"]; question.Type != "Request" || question.Kind != "Http" || w.file.Kind != "Stateful" {
		t.Fatalf("the trigger %+v is not understood", w.file)
	}
	r := run{w, t, trigger, map[string]any{}}
	actions := w.file.Definition.Actions
	ask := actions["Ask"]
	same(t, "type of the call", ask.Type, "Http")
	same(t, "hidden in the history", strings.Join(ask.RuntimeConfiguration.SecureData.Properties, " "), "inputs")
	outcome, waits := r.call("Ask", ask)
	for name, next := range actions {
		if after := next.RunAfter["Ask"]; strings.Contains(" "+strings.Join(after, " ")+" ", " "+outcome+" ") {
			if done.body != nil {
				t.Fatalf("%s answers a second time", name)
			}
			done = r.respond(next)
		}
	}
	done.waits = waits
	return done
}

// call makes an action's request, again as its policy says. Waiting follows Retry-After.
func (r run) call(name string, a action) (outcome, waits string) {
	r.t.Helper()
	policy := a.Inputs.RetryPolicy
	if policy.Type != "exponential" || policy.Interval != "PT10S" || policy.MinimumInterval != "PT5S" || policy.MaximumInterval != "PT1M" {
		r.t.Fatalf("the policy %+v is not understood", policy)
	}
	for attempts := 0; ; attempts++ {
		status, retryAfter := r.send(name, a)
		repeat := status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
		switch {
		case status < 300:
			return "Succeeded", waits
		case !repeat || attempts == policy.Count:
			return "Failed", waits
		}
		if seconds, err := strconv.Atoi(retryAfter); err != nil || seconds < 1 {
			r.t.Errorf("%d came with Retry-After %q", status, retryAfter)
		}
		waits = strings.TrimSpace(waits + " " + retryAfter)
	}
}

// send makes the request of an action once.
func (r run) send(name string, a action) (status int, retryAfter string) {
	r.t.Helper()
	body, err := json.Marshal(r.value(a.Inputs.Body))
	if err != nil {
		r.t.Fatal(err)
	}
	query := url.Values{}
	for name, value := range a.Inputs.Queries {
		query.Set(name, r.text(value))
	}
	request, err := http.NewRequestWithContext(r.t.Context(), a.Inputs.Method, r.text(a.Inputs.URI)+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for name, value := range a.Inputs.Headers {
		request.Header.Set(name, r.text(value))
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer reply.Body.Close()
	var value any
	if err := json.NewDecoder(reply.Body).Decode(&value); err != nil {
		r.t.Fatal(err)
	}
	r.replies[name] = value
	return reply.StatusCode, reply.Header.Get("Retry-After")
}

// respond runs a Response, alone or in a Switch.
func (r run) respond(a action) response {
	r.t.Helper()
	if a.Type == "Switch" {
		chosen := a.Default.Actions
		for _, c := range a.Cases {
			if c.Case == r.value(a.Expression) {
				chosen = c.Actions
			}
		}
		for _, only := range chosen {
			same(r.t, "actions of the case", len(chosen), 1)
			a = only
		}
	}
	if a.Type != "Response" || a.Kind != "Http" {
		r.t.Fatalf("the action %+v is not understood", a)
	}
	return response{status: a.Inputs.StatusCode, body: r.value(a.Inputs.Body).(map[string]any)}
}
