package double

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// record is a message in an event.
type record struct {
	MessageID         string            `json:"messageId"`
	ReceiptHandle     string            `json:"receiptHandle"`
	Body              string            `json:"body"`
	Attributes        map[string]string `json:"attributes"`
	MessageAttributes map[string]any    `json:"messageAttributes"`
	MD5OfBody         string            `json:"md5OfBody"`
	EventSource       string            `json:"eventSource"`
	EventSourceARN    string            `json:"eventSourceARN"`
	Region            string            `json:"awsRegion"`
}

func (q *Queue) event(taken []*message) map[string][]record {
	records := make([]record, 0, len(taken))
	for _, m := range taken {
		sum := md5.Sum([]byte(m.body))
		attributes := map[string]string{
			"ApproximateReceiveCount": strconv.Itoa(m.receives), "SenderId": "AROAIWPX5BD2BHG722MW4:sender",
			"SentTimestamp": milliseconds(m.sent), "ApproximateFirstReceiveTimestamp": milliseconds(m.received),
		}
		if q.isFIFO() {
			attributes["MessageGroupId"] = m.group
			attributes["MessageDeduplicationId"] = m.id
			attributes["SequenceNumber"] = fmt.Sprintf("%020d", m.number)
		}
		records = append(records, record{
			MessageID: m.id, ReceiptHandle: newID(), Body: m.body, Attributes: attributes, MessageAttributes: map[string]any{},
			MD5OfBody: hex.EncodeToString(sum[:]), EventSource: "aws:sqs",
			EventSourceARN: "arn:aws:sqs:" + region + ":" + account + ":" + q.Name, Region: region,
		})
	}
	return map[string][]record{"Records": records}
}

func milliseconds(t time.Time) string { return strconv.FormatInt(t.UnixMilli(), 10) }

// failed returns which messages of a batch come again. All do after a function error and after a report that
// means nothing; without reporting, what the function says does not count.
func (q *Queue) failed(sent []string, answer []byte, err error) (failed []string, problem error) {
	switch {
	case err != nil:
		return sent, err
	case !q.ReportBatchItemFailures || len(answer) == 0:
		return nil, nil
	}
	var report struct {
		BatchItemFailures []struct {
			ItemIdentifier string `json:"itemIdentifier"`
		} `json:"batchItemFailures"`
	}
	d := json.NewDecoder(bytes.NewReader(answer))
	d.DisallowUnknownFields() // another name is a report that names nothing
	if err := d.Decode(&report); err != nil {
		return sent, fmt.Errorf("the report is not understood: %w", err)
	}
	for _, item := range report.BatchItemFailures {
		if !slices.Contains(sent, item.ItemIdentifier) {
			return sent, fmt.Errorf("the report names %q, which is not in the batch", item.ItemIdentifier)
		}
		failed = append(failed, item.ItemIdentifier)
	}
	if q.isFIFO() {
		for _, id := range sent[len(sent)-min(len(failed), len(sent)):] {
			if !slices.Contains(failed, id) {
				return failed, errOrder
			}
		}
	}
	return failed, nil
}

// errOrder tells the test what the platform would not tell: a message goes before one that it has to follow.
var errOrder = errors.New("the report loses the order: what follows a failed message must be in it, too")
