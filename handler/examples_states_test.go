package main_test

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// A stateMachine is as much of the Amazon States Language as the example uses.
type stateMachine struct {
	StartAt string
	States  map[string]state
}

type state struct {
	Type, Resource              string
	Parameters, ResultSelector  map[string]any
	Retry                       []retrier
	Catch                       []catcher
	Result                      map[string]any
	Error, ErrorPath, CausePath string
	End                         bool
}

type catcher struct {
	ErrorEquals      []string
	ResultPath, Next string
}

type retrier struct {
	ErrorEquals                                                []string
	IntervalSeconds, BackoffRate, MaxAttempts, MaxDelaySeconds int
}

// run executes the state machine.
func (m stateMachine) run(t *testing.T, f *double.Function, data any) (o outcome) {
	t.Helper()
	for name := m.StartAt; name != ""; {
		s, known := m.States[name]
		if !known {
			t.Fatalf("there is no state %q", name)
		}
		o.states = strings.TrimSpace(o.states + " " + name)
		switch s.Type {
		case "Fail":
			o.failure, o.cause = s.Error, at(t, s.CausePath, data).(string)
			if s.ErrorPath != "" {
				o.failure = at(t, s.ErrorPath, data).(string)
			}
			return o
		case "Pass":
			data, name = s.Result, ""
		case "Task":
			data, name = s.task(t, f, data, &o)
		default:
			t.Fatalf("states of type %q are not understood", s.Type)
		}
		if name == "" && !s.End {
			t.Fatalf("a state that does not end is not understood: %+v", s)
		}
	}
	o.answer = at(t, "$.answer", data).(string)
	return o
}

// task runs a task and returns the data behind it, and the state that catches its failure.
func (s state) task(t *testing.T, f *double.Function, data any, o *outcome) (after any, next string) {
	t.Helper()
	result, failed := s.invoke(t, f, data, o)
	if failed == nil {
		return filled(t, s.ResultSelector, result), ""
	}
	i := slices.IndexFunc(s.Catch, func(c catcher) bool { return names(c.ErrorEquals, failed.Type) })
	if i < 0 || s.Catch[i].ResultPath != "$.error" {
		t.Fatalf("nothing that is understood catches %v", failed)
	}
	cause, err := json.Marshal(failed)
	if err != nil {
		t.Fatal(err)
	}
	after = map[string]any{"question": at(t, "$.question", data), "error": map[string]any{"Error": failed.Type, "Cause": string(cause)}}
	return after, s.Catch[i].Next
}

// invoke invokes the function, again as the retriers say: each counts its own attempts.
func (s state) invoke(t *testing.T, f *double.Function, data any, o *outcome) (any, *double.FunctionError) {
	t.Helper()
	if s.Resource != "arn:aws:states:::lambda:invoke" || s.Parameters["FunctionName"] != f.Name {
		t.Fatalf("%s of %v is not understood", s.Resource, s.Parameters["FunctionName"])
	}
	payload, err := json.Marshal(filled(t, s.Parameters["Payload"], data))
	if err != nil {
		t.Fatal(err)
	}
	for attempts := make([]int, len(s.Retry)); ; {
		text, err := f.Invoke(t.Context(), payload)
		if err == nil {
			var result any
			if err := json.Unmarshal(text, &result); err != nil {
				t.Fatal(err)
			}
			return map[string]any{"ExecutedVersion": "$LATEST", "StatusCode": 200, "Payload": result}, nil
		}
		failed, ok := errors.AsType[*double.FunctionError](err)
		if !ok {
			t.Fatal(err)
		}
		i := slices.IndexFunc(s.Retry, func(r retrier) bool { return names(r.ErrorEquals, failed.Type) })
		if i < 0 || attempts[i] == s.Retry[i].MaxAttempts {
			return nil, failed
		}
		o.waits = strings.TrimSpace(o.waits + " " + strconv.Itoa(s.Retry[i].wait(attempts[i])))
		attempts[i]++
	}
}

// wait is the number of seconds before another attempt.
func (r retrier) wait(attempts int) int {
	seconds := r.IntervalSeconds
	for range attempts {
		seconds *= r.BackoffRate
	}
	if r.MaxDelaySeconds > 0 {
		return min(seconds, r.MaxDelaySeconds)
	}
	return seconds
}

// names tells whether a retrier or a catcher is for an error.
func names(errorEquals []string, name string) bool {
	return slices.Contains(errorEquals, name) || slices.Equal(errorEquals, []string{"States.ALL"})
}

// filled is a payload template with the values that its paths name, however deep they are.
func filled(t *testing.T, template, data any) any {
	t.Helper()
	switch template := template.(type) {
	case map[string]any:
		object := map[string]any{}
		for name, value := range template {
			if plain, ok := strings.CutSuffix(name, ".$"); ok {
				object[plain] = at(t, value.(string), data)
			} else {
				object[name] = filled(t, value, data)
			}
		}
		return object
	case []any:
		var list []any
		for _, value := range template {
			list = append(list, filled(t, value, data))
		}
		return list
	}
	return template
}

var (
	referencePath = regexp.MustCompile(`^\$((\.\w+)|(\[\d+\]))+$`)
	pathStep      = regexp.MustCompile(`\w+`)
)

// at is the value at a reference path.
func at(t *testing.T, path string, data any) any {
	t.Helper()
	if !referencePath.MatchString(path) {
		t.Fatalf("the path %q is not understood", path)
	}
	for _, step := range pathStep.FindAllString(path, -1) {
		switch value := data.(type) {
		case map[string]any:
			if _, there := value[step]; !there {
				t.Fatalf("there is nothing at %s: no %s", path, step)
			}
			data = value[step]
		case []any:
			i, err := strconv.Atoi(step)
			if err != nil || i >= len(value) {
				t.Fatalf("there is nothing at %s: no %s", path, step)
			}
			data = value[i]
		default:
			t.Fatalf("there is nothing at %s: %v has no %s", path, value, step)
		}
	}
	return data
}
