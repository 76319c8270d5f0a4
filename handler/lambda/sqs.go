package lambda

import (
	"context"
	"encoding/json"
	"strings"
	"sync"
	"time"

	"inferenceconnector/connector"
)

// batch is an event of SQS. All its records are of one queue.
type batch struct {
	Records []record `json:"Records"`
}

type record struct {
	MessageID      string `json:"messageId"` // the same whenever the message comes again
	Body           string `json:"body"`
	EventSourceARN string `json:"eventSourceARN"`
}

func (r record) queue() string {
	return r.EventSourceARN[strings.LastIndexByte(r.EventSourceARN, ':')+1:]
}

// atOnce is how many records of a batch run at the same time.
const atOnce = 8

// serveBatch runs a batch and returns which of its records are to come again. Where a queue has no trigger,
// all of them are.
func (h *Host) serveBatch(ctx context.Context, event []byte) (any, error) {
	ctx, cancel := budget(ctx, functionBudget)
	defer cancel()
	var b batch
	if json.Unmarshal(event, &b) != nil {
		return nil, h.reject(unknownEvent())
	}
	for _, r := range b.Records {
		if _, known := h.Runner.Triggers[r.queue()]; !known {
			_, _, err := h.Runner.RunFor(ctx, r.queue(), r.MessageID, nil) // refuses, and says what to do
			return nil, failure(connector.AsError(err))
		}
	}
	if strings.HasSuffix(b.Records[0].queue(), ".fifo") {
		return newPayload(h.runInOrder(ctx, b.Records).marshal()), nil
	}
	return newPayload(h.runAtOnce(ctx, b.Records).marshal()), nil
}

// failures are the records that are to come again.
type failures []record

func (f failures) marshal() []byte {
	type item struct {
		ID string `json:"itemIdentifier"`
	}
	items := make([]item, 0, len(f)) // null would not be understood
	for _, r := range f {
		items = append(items, item{r.MessageID})
	}
	return marshal(map[string][]item{"batchItemFailures": items})
}

// runInOrder stops at the first failure: what follows must not overtake it.
func (h *Host) runInOrder(ctx context.Context, records []record) failures {
	for i, r := range records {
		if !h.runRecord(ctx, r) {
			return records[i:]
		}
	}
	return nil
}

// runAtOnce runs several records at a time.
func (h *Host) runAtOnce(ctx context.Context, records []record) failures {
	done := make([]bool, len(records))
	slots := make(chan struct{}, atOnce)
	var all sync.WaitGroup
	for i, r := range records {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			done[i] = h.runRecord(ctx, r)
		})
	}
	all.Wait()
	var failed failures
	for i, r := range records {
		if !done[i] {
			failed = append(failed, r)
		}
	}
	return failed
}

// leastRun is the time that a record must have: one that is cut off comes again, and the model may have run.
const leastRun = 500 * time.Millisecond

// runRecord reports whether a record was run well. One that would begin when the time is over does not.
func (h *Host) runRecord(ctx context.Context, r record) bool {
	if end, ok := ctx.Deadline(); ctx.Err() != nil || ok && time.Until(end) < leastRun {
		h.Log.Warn("no time left for a record", "source", r.queue(), "request_id", r.MessageID)
		return false
	}
	_, _, err := h.Runner.RunFor(ctx, r.queue(), r.MessageID, []byte(r.Body)) // in which panics end
	return err == nil
}
