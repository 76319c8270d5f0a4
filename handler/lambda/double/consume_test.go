package double_test

import (
	"errors"
	"strings"

	"github.com/aws/aws-lambda-go/events"
)

// consume does with each message what its body says, and reports the failures. In order, it stops at the
// first and reports all after it.
func consume(event events.SQSEvent, inOrder bool) (any, error) {
	report := events.SQSEventResponse{BatchItemFailures: []events.SQSBatchItemFailure{}}
	fail := func(id string) {
		report.BatchItemFailures = append(report.BatchItemFailures, events.SQSBatchItemFailure{ItemIdentifier: id})
	}
	for _, record := range event.Records {
		switch again := record.Attributes["ApproximateReceiveCount"] != "1"; {
		case record.Body == "error":
			return nil, errors.New("no luck")
		case record.Body == "nonsense":
			return map[string]any{"failures": []string{}}, nil
		case record.Body == "nothing":
			return nil, nil
		case record.Body == "another id":
			fail("another-id")
		case record.Body == "fail", record.Body == "fail once" && !again, inOrder && len(report.BatchItemFailures) > 0:
			fail(record.MessageId)
		case strings.HasPrefix(record.Body, "out of order") && !again:
			fail(record.MessageId)
			return report, nil
		}
	}
	return report, nil
}
