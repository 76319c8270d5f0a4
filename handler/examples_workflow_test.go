package main_test

import (
	"slices"
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
	outputs map[string]map[string]any // of actions that had an answer
	fault   *string                   // why an expression could not be evaluated
}

// run runs the workflow: one call, and then what comes after its status.
func (w workflow) run(t *testing.T, trigger map[string]any) (done response) {
	t.Helper()
	if question := w.file.Definition.Triggers["Question"]; question.Type != "Request" || question.Kind != "Http" || w.file.Kind != "Stateful" {
		t.Fatalf("the trigger %+v is not understood", w.file)
	}
	r := run{w, t, trigger, map[string]map[string]any{}, new(string)}
	actions := w.file.Definition.Actions
	ask := actions["Ask"]
	same(t, "type of the call", ask.Type, "Http")
	same(t, "hidden in the history", strings.Join(ask.RuntimeConfiguration.SecureData.Properties, " "), "inputs")
	ended, waits := r.call("Ask", ask)
	outcomes := map[string]string{"Ask": ended}
	for len(outcomes) < len(actions) {
		for name, next := range actions {
			if _, over := outcomes[name]; over || !next.isDue(outcomes) {
				continue
			}
			if !next.isWanted(outcomes) {
				outcomes[name] = "Skipped"
				continue
			}
			reply, sent := r.respond(next)
			if outcomes[name] = "Failed"; !sent {
				continue
			}
			if outcomes[name] = "Succeeded"; done.body != nil {
				t.Fatalf("%s answers a second time", name)
			}
			done = reply
		}
	}
	done.waits = waits
	return done
}

// isDue reports whether all that an action comes after is over.
func (a action) isDue(outcomes map[string]string) bool {
	for name := range a.RunAfter {
		if outcomes[name] == "" {
			return false
		}
	}
	return true
}

// isWanted reports whether all that an action comes after ended as it asks for.
func (a action) isWanted(outcomes map[string]string) bool {
	for name, wanted := range a.RunAfter {
		if !slices.Contains(wanted, outcomes[name]) {
			return false
		}
	}
	return true
}

// respond runs a Response, alone or in a Switch. It is not sent when an expression cannot be evaluated, nor when a
// Switch has no text to choose by.
func (r run) respond(a action) (done response, sent bool) {
	r.t.Helper()
	*r.fault = ""
	if a.Type == "Switch" {
		chosen, by := a.Default.Actions, r.value(a.Expression)
		if _, isText := by.(string); !isText {
			return response{}, false
		}
		for _, c := range a.Cases {
			if c.Case == by {
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
	done = response{status: a.Inputs.StatusCode, body: r.value(a.Inputs.Body).(map[string]any)}
	return done, *r.fault == ""
}
