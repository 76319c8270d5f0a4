package functions

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/trigger"
)

// fire fires the schedule that has the name of a timer function.
func (c Config) fire(r *http.Request, f Function, i invocation, start time.Time) (answer, error) {
	s := c.Book.Find(f.Name)
	if s == nil {
		err := &connector.Error{Code: connector.InvalidRequest, Message: fmt.Sprintf("There is no schedule '%s'.", f.Name)}
		return answer{Logs: []string{ran(f.Name, "", nil, err, 0)}}, err
	}
	output, fired, err := c.Book.Fire(r.Context(), s, i.isPastDue())
	if err == nil && !fired {
		return answer{Logs: []string{fmt.Sprintf("%q did not run: it is running still, or came too late.", f.Name)}}, nil
	}
	return answer{Logs: []string{ran(s.Action, s.Connection, output, err, time.Since(start))}}, err
}

// take runs the envelope that a message of a queue or its like is. Its result goes to the function's outputs.
func (c Config) take(r *http.Request, f Function, i invocation, start time.Time) (answer, error) {
	call, output, err := c.Runner.RunFor(r.Context(), f.Name, i.id(r), plain(i.value))
	done := answer{Logs: []string{ran(cmp.Or(call.Action, f.Name), call.Connection, output, err, time.Since(start))}}
	if err != nil {
		return done, err
	}
	done.Outputs = map[string]any{}
	for _, o := range f.Outputs {
		done.Outputs[o.Name] = string(newResult(call, output))
	}
	return done, nil
}

// maxResult is the largest message: the queue takes 64 KiB, and the host encodes a message as base64.
const maxResult = 48 << 10 // bytes

// result is the message for a run: what was asked for, and what it gave.
type result struct {
	ID     string          `json:"id"`
	Action string          `json:"action"`
	Output json.RawMessage `json:"output,omitempty"`
	Error  *failure        `json:"error,omitempty"`
}

// newResult makes the message. An output that does not fit is an error in it, and no failure of the run, as
// another run would not make it fit.
func newResult(call trigger.Call, output []byte) []byte {
	text := encode(result{ID: call.ID, Action: call.Action, Output: output})
	if len(text) > maxResult {
		text = encode(result{ID: call.ID, Action: call.Action, Error: &failure{connector.ResponseTooLarge, fmt.Sprintf(
			"The output of %d bytes does not fit into a queue message of %d. Ask for less with max_tokens, or set deliverTo.", len(output), maxResult)}})
	}
	return text
}
