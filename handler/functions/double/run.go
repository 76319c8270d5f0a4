package double

import (
	"context"
	"fmt"
)

// A Result is what came of a function's run.
type Result struct {
	Failed   bool
	Reason   string              // why it failed
	Outputs  map[string][][]byte // the messages for each queue output, by the name of the binding
	Logs     []string            // of the last answer
	Tries    int                 // how often the function was invoked
	Poisoned bool                // the message was given up, and put where poison goes
}

// run invokes a function once, and puts what it has for queues into them.
func (h *Host) run(ctx context.Context, f *function, id string, e event) (Result, answer) {
	p, err := h.keeper.process(ctx)
	if err != nil {
		return Result{Failed: true, Reason: err.Error()}, answer{}
	}
	a, err := h.invoke(ctx, p, f, id, e)
	result := Result{Logs: a.Logs, Outputs: map[string][][]byte{}}
	if err == nil {
		err = h.takeOutputs(f, a, &result)
	}
	if err != nil {
		result.Failed, result.Reason, result.Outputs = true, err.Error(), nil
	}
	return result, a
}

// takeOutputs puts messages into their queues. It reads all outputs before it uses any.
func (h *Host) takeOutputs(f *function, a answer, result *Result) error {
	for _, b := range f.outputs {
		if b.is("http") {
			if _, err := readHTTPOutput(a.Outputs[b.Name]); err != nil {
				return fmt.Errorf("output %s: %w", b.Name, err)
			}
			continue
		}
		messages, err := queueMessages(a.Outputs[b.Name])
		if err != nil {
			return fmt.Errorf("output %s: %w", b.Name, err)
		}
		if len(messages) > 0 {
			result.Outputs[b.Name] = messages
		}
	}
	for _, b := range f.outputs {
		h.enqueue(b.QueueName, result.Outputs[b.Name]...)
	}
	return nil
}
