package double

import (
	"context"
	"encoding/json"
	"time"
)

// A Rule is a rule of EventBridge, which invokes the function asynchronously: by a schedule, or for an event
// that somebody put onto the bus.
type Rule struct {
	Async
	Name  string
	Input json.RawMessage // constant, in place of the event; nil for the event
}

// busEvent is an event on the bus.
type busEvent struct {
	Version    string          `json:"version"`
	ID         string          `json:"id"`
	DetailType string          `json:"detail-type"`
	Source     string          `json:"source"`
	Account    string          `json:"account"`
	Time       string          `json:"time"`
	Region     string          `json:"region"`
	Resources  []string        `json:"resources"`
	Detail     json.RawMessage `json:"detail"`
}

// Fire is the rule's schedule at a planned time. It returns how often the function was tried and what the
// last try came to.
func (r Rule) Fire(ctx context.Context, planned time.Time) (tries int, err error) {
	arn := "arn:aws:events:" + region + ":" + account + ":rule/" + r.Name
	return r.send(ctx, busEvent{
		DetailType: "Scheduled Event", Source: "aws.events", Time: planned.UTC().Format(time.RFC3339),
		Resources: []string{arn}, Detail: json.RawMessage("{}"),
	})
}

// Put is an event of somebody's own that the rule matches. Nothing in it names the rule.
func (r Rule) Put(ctx context.Context, source, detailType string, detail json.RawMessage) (tries int, err error) {
	return r.send(ctx, busEvent{
		DetailType: detailType, Source: source, Time: time.Now().UTC().Format(time.RFC3339),
		Resources: []string{}, Detail: detail,
	})
}

func (r Rule) send(ctx context.Context, e busEvent) (tries int, err error) {
	if r.Input != nil {
		return r.Invoke(ctx, r.Input)
	}
	e.Version, e.ID, e.Account, e.Region = "0", newID(), account, region
	return r.Invoke(ctx, write(e))
}
