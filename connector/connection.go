package connector

import (
	"fmt"
	"strings"
	"sync/atomic"
	"time"

	"inferenceconnector/schema"
)

// A Connection is what an author picks: a named way to one or more deployments of models, with its own
// callers and its own limit. It does not change after New.
type Connection struct {
	Name          string
	DisplayName   string
	Open          bool // it has no callers of its own: whoever reaches the process may use it
	Calls         int  // attempts admitted in any RenewalPeriod
	RenewalPeriod time.Duration
	Retries       Retries
	Endpoint      Endpoint      // nil when only its deployments have one
	OneModel      bool          // Endpoint serves one model, so that a call need not name it
	Deployments   []*Deployment // in the order of the file; empty: any name goes to Endpoint
	// Bring makes the target of a call whose caller brings endpoint and key; nil for every other connection.
	// Its error is a sentence for that caller.
	Bring func(url string, key Secret) (*Target, error)

	inFlight atomic.Int64
	kept     tally
	repeats  repeats
	guests   guests
}

// A Deployment is a model under the name that callers use.
type Deployment struct {
	Name      string
	Model     string // the name the endpoint knows
	Endpoint  Endpoint
	Defaults  map[string]string // JSON text by parameter, "null" for: do not send
	Lacks     []string          // some of Capabilities
	Reasoning bool              // takes max_completion_tokens for max_tokens, and lacks the parameters of sampling
}

// maxInFlight is how many calls of one connection run at once, unless its limit is higher (R24).
const maxInFlight = 128

// enter counts a call in; every success is followed by one leave.
func (c *Connection) enter() error {
	if c.inFlight.Add(1) > int64(max(maxInFlight, c.Calls)) {
		c.leave()
		return &Error{
			Code:       Overloaded,
			Message:    fmt.Sprintf("Connection '%s' has too many calls in progress; try again in a second.", c.Name),
			RetryAfter: time.Second,
		}
	}
	return nil
}

func (c *Connection) leave() { c.inFlight.Add(-1) }

// brings reports whether callers bring the endpoint.
func (c *Connection) brings() bool { return c.Bring != nil }

// deployment chooses by name, letter case ignored. An action with a body needs a model named.
func (c *Connection) deployment(name string, action *schema.Action, target *Target) (*Deployment, error) {
	if name == "" {
		switch {
		case len(c.Deployments) == 1:
			return c.Deployments[0], nil
		case target.OneModel, !action.Has(schema.Body) && len(c.Deployments) == 0:
			return &Deployment{Endpoint: target.Endpoint}, nil
		}
		where := model
		if action.Parameter(schema.Header, deploymentHeader) != nil {
			where += " or in the header " + deploymentHeader
		}
		return nil, &Error{Code: NoModelName, Target: model, Message: "Name a model: put it in " + where + "." + c.known()}
	}
	if len(c.Deployments) == 0 {
		return &Deployment{Name: name, Model: name, Endpoint: target.Endpoint}, nil
	}
	for _, d := range c.Deployments {
		if strings.EqualFold(d.Name, name) {
			return d, nil
		}
	}
	return nil, &Error{
		Code: UnknownModel, Target: "model",
		Message: fmt.Sprintf("Connection '%s' has no model '%s'.%s", c.Name, Shorten(name, maxInput), c.known()),
	}
}

// known lists the deployments for a message, as far as a narrow box can show them.
func (c *Connection) known() string {
	if len(c.Deployments) == 0 {
		return ""
	}
	var names []string
	for _, d := range c.Deployments[:min(len(c.Deployments), maxDetails)] {
		names = append(names, d.Name)
	}
	return " Known: " + strings.Join(names, ", ") + "."
}
