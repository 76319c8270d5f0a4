package double

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// A Scheduler is a schedule of EventBridge Scheduler: it invokes the function asynchronously with the input
// that its owner wrote.
type Scheduler struct {
	Async
	Name  string
	Input string // JSON, with placeholders such as <aws.scheduler.scheduled-time> in its texts
}

// Fire invokes the function for a planned time, and returns how often it was tried and what the last try
// came to.
func (s Scheduler) Fire(ctx context.Context, planned time.Time) (tries int, err error) {
	return s.Invoke(ctx, []byte(strings.NewReplacer(
		"<aws.scheduler.schedule-arn>", "arn:aws:scheduler:"+region+":"+account+":schedule/default/"+s.Name,
		"<aws.scheduler.scheduled-time>", planned.UTC().Format(time.RFC3339),
		"<aws.scheduler.execution-id>", newID(),
		"<aws.scheduler.attempt-number>", strconv.Itoa(1), // of the Scheduler's own attempts, which reach Lambda
	).Replace(s.Input)))
}
