package lambda

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/handler/schedule"
)

// serveSchedule fires the schedule that {"schedule":"morning"} names. Who sends it decided on the time.
func (h *Host) serveSchedule(ctx context.Context, event []byte) (any, error) {
	var only map[string]string
	if json.Unmarshal(event, &only) != nil || len(only) != 1 || only["schedule"] == "" {
		return nil, h.reject(unknownEvent())
	}
	s := h.Book.Find(only["schedule"])
	if s == nil {
		return nil, h.reject(&connector.Error{Code: connector.InvalidRequest, Target: "schedule", Message: fmt.Sprintf(
			"There is no schedule '%s'. Known: %s.", connector.Shorten(only["schedule"], 64), h.schedules())})
	}
	return h.fire(ctx, s)
}

// fire returns little, as nobody reads it: outputs go where the schedule says.
func (h *Host) fire(ctx context.Context, s *schedule.Schedule) (any, error) {
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	output, ran, err := h.Book.Fire(ctx, s, true)
	if err != nil {
		return nil, failure(connector.AsError(err))
	}
	if !ran {
		return struct {
			Schedule string `json:"schedule"`
			Skipped  string `json:"skipped"`
		}{s.Name, "It is running already, or this firing came too late. The log says which."}, nil
	}
	return fired{Schedule: s.Name, Bytes: len(output)}, nil
}

// fired says what came of an event of EventBridge.
type fired struct {
	Schedule string `json:"schedule,omitempty"`
	Trigger  string `json:"trigger,omitempty"`
	Bytes    int    `json:"bytes"`
}

func (h *Host) schedules() string {
	var names []string
	for _, s := range h.Book.Schedules {
		names = append(names, s.Name)
	}
	if names == nil {
		return "none; say some in schedules of the connections file"
	}
	return strings.Join(names, ", ")
}

// ruleEvent is what a rule of EventBridge passes on.
type ruleEvent struct {
	ID        string          `json:"id"`
	Source    string          `json:"source"`
	Resources []string        `json:"resources"` // of scheduled events: the rule, written by the platform
	Detail    json.RawMessage `json:"detail"`
}

// rule is the name of the rule, which stands behind that of its bus.
func (e *ruleEvent) rule() string {
	if len(e.Resources) == 0 {
		return ""
	}
	return e.Resources[0][strings.LastIndexByte(e.Resources[0], '/')+1:]
}

// serveRule fires the schedule of the rule's name, or runs the envelope in detail where a trigger of that
// name says what it may ask for. Only the events of the platform's own clock say which rule sent them.
func (h *Host) serveRule(ctx context.Context, event []byte) (any, error) {
	var e ruleEvent
	if json.Unmarshal(event, &e) != nil {
		return nil, h.reject(unknownEvent())
	}
	if e.Source != "aws.events" {
		return nil, h.reject(&connector.Error{Code: connector.InvalidRequest, Target: "source", Message: fmt.Sprintf(
			`Events of '%s' are not taken as they are. Give the target of the rule an input transformer that makes `+
				`{"action":"GetChatCompletions","connection":"default","input":{...}} of them.`, connector.Shorten(e.Source, 64))})
	}
	if s := h.Book.Find(e.rule()); s != nil {
		return h.fire(ctx, s)
	}
	if _, known := h.Runner.Triggers[e.rule()]; known {
		return h.runRule(ctx, &e)
	}
	return nil, h.reject(&connector.Error{Code: connector.InvalidRequest, Target: "resources", Message: fmt.Sprintf(
		`The rule '%s' is no schedule and no trigger of the connections file. Name one after it, or give the target of the rule `+
			`the constant input {"schedule":"NAME"}. Known schedules: %s.`, connector.Shorten(e.rule(), 64), h.schedules())})
}

func (h *Host) runRule(ctx context.Context, e *ruleEvent) (any, error) {
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	_, output, err := h.Runner.RunFor(ctx, e.rule(), e.ID, e.Detail)
	if err != nil {
		return nil, failure(connector.AsError(err))
	}
	return fired{Trigger: e.rule(), Bytes: len(output)}, nil
}
