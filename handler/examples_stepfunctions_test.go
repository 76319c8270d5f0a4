package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// The state machine of the README, run as Step Functions do, on the real program as its function. Only the
// waiting is left out.
func TestExampleStateMachine(t *testing.T) {
	binary := buildHandler(t)
	t.Run("over the limit", func(t *testing.T) { testStateMachineLimit(t, binary) })
	for name, c := range map[string]struct {
		answers  []scriptedAnswer
		more     string // of the connection
		question any
		calls    int
		want     outcome
	}{
		"answered":             {[]scriptedAnswer{good}, "", "Capital of Peru?", 1, outcome{answer: "Lima.", states: "Ask"}},
		"throttled once":       {[]scriptedAnswer{throttled, good}, "", "Capital of Peru?", 2, outcome{answer: "Lima.", states: "Ask", waits: "15"}},
		"down, then throttled": {[]scriptedAnswer{down, throttled, good}, "", "Capital of Peru?", 3, outcome{answer: "Lima.", states: "Ask", waits: "15 30"}},
		"throttled for too long": {[]scriptedAnswer{throttled}, "", "Capital of Peru?", 5,
			outcome{states: "Ask Failed", waits: "15 30 60 60", failure: "UpstreamThrottled", cause: "Slow down."}},
		"refused": {[]scriptedAnswer{filtered}, "", "Capital of Peru?", 1,
			outcome{answer: "This question is not answered here.", states: "Ask Refused"}},
		"invalid": {[]scriptedAnswer{good}, "", 7, 0, outcome{states: "Ask Invalid", failure: "InvalidQuestion", cause: "content"}},
		"another fault": {[]scriptedAnswer{broken}, "", "Capital of Peru?", 1,
			outcome{states: "Ask Failed", failure: "model_error", cause: "The model failed."}},
		"not among the deployments": {[]scriptedAnswer{good}, `,"deployments":{"o3-mini":{}}`, "Capital of Peru?", 0,
			outcome{states: "Ask Failed", failure: "unknown_model", cause: "mistral-large"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			endpoint := newScripted(t, c.answers...)
			var machine stateMachine
			example(t, "state-machine", &machine)
			got := machine.run(t, startExample(t, binary, endpoint.connections(c.more)), map[string]any{"question": c.question})
			if !strings.Contains(got.cause, c.want.cause) {
				t.Errorf("got cause %q, want %q in it", got.cause, c.want.cause)
			}
			got.cause, c.want.cause = "", ""
			same(t, "outcome", got, c.want)
			endpoint.check(t, c.calls, "Capital of Peru?")
		})
	}
}

// testStateMachineLimit: a call over the connection's own limit is repeated under its own name.
func testStateMachineLimit(t *testing.T, binary string) {
	endpoint := newScripted(t, good)
	f := startExample(t, binary, endpoint.connections(`,"rateLimit":{"calls":1,"renewalPeriod":3600}`))
	var machine stateMachine
	example(t, "state-machine", &machine)
	first := machine.run(t, f, map[string]any{"question": "Capital of Peru?"})
	same(t, "first", first, outcome{answer: "Lima.", states: "Ask"})
	second := machine.run(t, f, map[string]any{"question": "Capital of Peru?"})
	same(t, "states", second.states, "Ask Failed")
	same(t, "waits", second.waits, "15 30 60 60")
	same(t, "failure", second.failure, "RateLimitExceeded")
	endpoint.check(t, 1, "Capital of Peru?")
}

// startExample runs the program as the function that the state machine names.
func startExample(t *testing.T, binary, connections string) *double.Function {
	t.Helper()
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "connections.json"), []byte(connections), 0o600); err != nil {
		t.Fatal(err)
	}
	output := &transcript{}
	f, err := double.Start(double.Config{
		Program: binary, Folder: folder, Name: "inference-connector", Timeout: 2 * patience, Output: output,
		Environment: []string{"CONNECTOR_RATE_LIMIT_SCOPE=process", quickExit},
	})
	if err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	t.Cleanup(func() { _ = f.Kill() })
	return f
}

// An outcome is how an execution ended, by way of which states, and which seconds it waited before repeats.
type outcome struct{ answer, states, waits, failure, cause string }
