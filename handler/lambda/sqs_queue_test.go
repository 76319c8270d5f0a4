package lambda_test

import (
	"errors"
	"slices"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// With real batches: good messages are gone after one run, bad ones become dead letters.
func TestDeadLetters(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, queued(e.URL, `"requests":`+chats+`,"requests.fifo":`+chats))
	// What waits in a batch behind a failure counts as received: in order, batches of one keep the good ones.
	for name, size := range map[string]int{"requests": 10, "requests.fifo": 1} {
		q := &double.Queue{Function: f.Function, Name: name, ReportBatchItemFailures: true, MaxReceiveCount: 2, BatchSize: size}
		before := len(asked())
		var bad []string
		for i := range 12 {
			if i%5 == 1 {
				bad = append(bad, q.Send(asking("bad"), "g"))
			} else {
				q.Send(asking("good"), "g")
			}
		}
		for _, b := range q.Drain(t.Context()) {
			if b.Err != nil {
				t.Errorf("%s: %v", name, b.Err)
			}
		}
		if !slices.Equal(slices.Sorted(slices.Values(q.Dead())), slices.Sorted(slices.Values(bad))) {
			t.Errorf("%s: dead are %q, want %q", name, q.Dead(), bad)
		}
		good := 0
		for _, q := range asked()[before:] {
			if q == "good" {
				good++
			}
		}
		if good != 9 {
			t.Errorf("%s: good questions were asked %d times, want 9", name, good)
		}
	}
}

// A batch that is lost as a whole is a function error, which the queue answers with a repeat.
func TestBatchesOfAnotherQueueComeAgain(t *testing.T) {
	e, _ := refusing(t)
	f := start(t, queued(e.URL, `"requests":`+chats))
	q := &double.Queue{Function: f.Function, Name: "others", ReportBatchItemFailures: true, MaxReceiveCount: 2}
	id := q.Send(asking("a"), "")
	for _, b := range q.Drain(t.Context()) {
		if failed, ok := errors.AsType[*double.FunctionError](b.Err); !ok || failed.Type != "InvalidRequest" {
			t.Errorf("got %v", b.Err)
		}
	}
	if !slices.Equal(q.Dead(), []string{id}) {
		t.Errorf("dead are %q, want %q", q.Dead(), id)
	}
}
