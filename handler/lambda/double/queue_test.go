package double_test

import (
	"fmt"
	"slices"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// story tells batches and dead letters by the bodies of their messages.
func story(t *testing.T, q *double.Queue, bodies ...string) (told string) {
	t.Helper()
	names := map[string]string{}
	for _, body := range bodies {
		names[q.Send(body, "group")] = body
	}
	bodiesOf := func(ids []string) (list []string) {
		for _, id := range ids {
			list = append(list, names[id])
		}
		return list
	}
	for _, b := range q.Drain(t.Context()) {
		told += fmt.Sprintf("%q failed %q %t; ", bodiesOf(b.Sent), bodiesOf(b.Failed), b.Err != nil)
	}
	return told + fmt.Sprintf("dead %q", bodiesOf(q.Dead()))
}

func TestQueues(t *testing.T) {
	standard, fifo := start(t, "queue"), start(t, "fifo")
	reports := func(name string, f *double.Function) *double.Queue {
		return &double.Queue{Function: f, Name: name, ReportBatchItemFailures: true}
	}
	silent := &double.Queue{Function: standard, Name: "silent", BatchSize: 2}
	once := reports("once", standard)
	once.MaxReceiveCount = 1
	singly, singlyInOrder := reports("e", standard), reports("c.fifo", fifo)
	singly.BatchSize, singlyInOrder.BatchSize = 1, 1
	for name, test := range map[string]struct {
		queue  *double.Queue
		bodies []string
		want   string
	}{
		"all well":        {reports("a", standard), []string{"x", "y"}, `["x" "y"] failed [] false; dead []`},
		"null":            {reports("b", standard), []string{"nothing", "y"}, `["nothing" "y"] failed [] false; dead []`},
		"one comes again": {reports("c", standard), []string{"fail once", "y"}, `["fail once" "y"] failed ["fail once"] false; ["fail once"] failed [] false; dead []`},
		"dead letter": {reports("d", standard), []string{"fail"},
			`["fail"] failed ["fail"] false; ["fail"] failed ["fail"] false; ["fail"] failed ["fail"] false; dead ["fail"]`},
		"unknown id":      {once, []string{"another id", "y"}, `["another id" "y"] failed ["another id" "y"] true; dead ["another id" "y"]`},
		"reports ignored": {silent, []string{"fail", "x", "y"}, `["fail" "x"] failed [] false; ["y"] failed [] false; dead []`},
		"in order": {reports("a.fifo", fifo), []string{"x", "fail once", "y"},
			`["x" "fail once" "y"] failed ["fail once" "y"] false; ["fail once" "y"] failed [] false; dead []`},
		"behind others": {singly, []string{"fail once", "y"},
			`["fail once"] failed ["fail once"] false; ["y"] failed [] false; ["fail once"] failed [] false; dead []`},
		"before others": {singlyInOrder, []string{"fail once", "y"},
			`["fail once"] failed ["fail once"] false; ["fail once"] failed [] false; ["y"] failed [] false; dead []`},
		"order lost": {reports("b.fifo", fifo), []string{"out of order", "y"},
			`["out of order" "y"] failed ["out of order"] true; ["out of order"] failed [] false; dead []`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := story(t, test.queue, test.bodies...); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

// Nothing that a function says but a list of its own messages saves a part of a batch.
func TestWholeBatchesFail(t *testing.T) {
	f := start(t, "queue")
	for _, body := range []string{"error", "nonsense", "another id"} {
		q := &double.Queue{Function: f, Name: "q", ReportBatchItemFailures: true}
		ids := []string{q.Send("x", ""), q.Send(body, "")}
		if b, ok := q.Deliver(t.Context()); !ok || b.Err == nil || !slices.Equal(b.Failed, ids) {
			t.Errorf("%s: got %+v", body, b)
		}
	}
	if _, ok := (&double.Queue{Function: f}).Deliver(t.Context()); ok {
		t.Error("an empty queue has a batch")
	}
}
