package double

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"
)

// A Queue is an SQS queue whose messages invoke the function. A name that ends in .fifo makes one that keeps
// the order of each group. It is safe for concurrent use; batches go one after another.
type Queue struct {
	Function                *Function
	Name                    string
	ReportBatchItemFailures bool // the function says which messages of a batch failed
	BatchSize               int  // 10 when zero
	MaxReceiveCount         int  // how often a message is received before it is a dead letter; 3 when zero

	delivering sync.Mutex
	mu         sync.Mutex
	messages   []*message
	dead       []string
	sent       int
}

// message is a message that waits.
type message struct {
	id, body, group string
	number          int
	sent, received  time.Time // received for the first time
	receives        int
}

// A Batch is what one invocation had and what came of it: the ids of the messages.
type Batch struct {
	Sent, Failed []string
	Err          error // a function error, or why its report means nothing
}

// Send puts a message into the queue and returns its id. The group counts in queues that keep order.
func (q *Queue) Send(body, group string) (id string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sent++
	m := &message{id: newID(), body: body, group: group, number: q.sent, sent: time.Now()}
	q.messages = append(q.messages, m)
	return m.id
}

// Dead are the ids of the dead letters, in the order of their failing.
func (q *Queue) Dead() []string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return slices.Clone(q.dead)
}

// Drain delivers batches until no message is left, and returns them.
func (q *Queue) Drain(ctx context.Context) (batches []Batch) {
	for ctx.Err() == nil {
		b, ok := q.Deliver(ctx)
		if !ok {
			break
		}
		batches = append(batches, b)
	}
	return batches
}

// Deliver invokes the function with the next batch. It returns false when there is no message. What failed
// is visible again at once, where the platform waits for the visibility timeout.
func (q *Queue) Deliver(ctx context.Context) (b Batch, ok bool) {
	q.delivering.Lock()
	defer q.delivering.Unlock()
	taken := q.receive()
	if len(taken) == 0 {
		return b, false
	}
	for _, m := range taken {
		b.Sent = append(b.Sent, m.id)
	}
	answer, err := q.Function.Invoke(ctx, write(q.event(taken)))
	b.Failed, b.Err = q.failed(b.Sent, answer, err)
	q.settle(taken, b.Failed)
	return b, true
}

// receive takes the first messages, which stay in their places.
func (q *Queue) receive() []*message {
	q.mu.Lock()
	defer q.mu.Unlock()
	taken := slices.Clone(q.messages[:min(len(q.messages), orDefault(q.BatchSize, 10))])
	for _, m := range taken {
		m.receives++
		if m.received.IsZero() {
			m.received = time.Now()
		}
	}
	return taken
}

// settle deletes what succeeded and keeps the rest, in its place or, without order, behind the others.
func (q *Queue) settle(taken []*message, failed []string) {
	q.mu.Lock()
	defer q.mu.Unlock()
	var again []*message
	for _, m := range taken {
		switch {
		case !slices.Contains(failed, m.id):
		case m.receives >= orDefault(q.MaxReceiveCount, 3):
			q.dead = append(q.dead, m.id)
		default:
			again = append(again, m)
		}
	}
	if rest := q.messages[len(taken):]; q.isFIFO() {
		q.messages = slices.Concat(again, rest)
	} else {
		q.messages = slices.Concat(rest, again)
	}
}

func (q *Queue) isFIFO() bool { return strings.HasSuffix(q.Name, ".fifo") }
