package lambda_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
)

// queued is a connections file with what queues and rules may run.
func queued(endpoint, triggers string) string {
	return strings.TrimSuffix(one(endpoint, `,"rateLimit":{"calls":1000}`), "}") + `,"triggers":{` + triggers + `}}`
}

const chats = `{"connection":"default","actions":["GetChatCompletions"]}`

// asking is an envelope with a question.
func asking(question string) string {
	return `{"action":"GetChatCompletions","input":` + strings.Replace(chat, "Capital of Peru?", question, 1) + `}`
}

// question is what a request asks.
func question(body io.Reader) string {
	text, _ := io.ReadAll(body)
	_, rest, _ := strings.Cut(string(text), `"content":"`)
	q, _, _ := strings.Cut(rest, `"`)
	return q
}

// refusing is an endpoint that knows no answer to questions that begin with "bad", and keeps all of them.
func refusing(t *testing.T) (e *endpoint, asked func() []string) {
	var mu sync.Mutex
	var all []string
	e = newEndpoint(t, nil)
	e.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		q := question(r.Body)
		mu.Lock()
		defer mu.Unlock()
		all = append(all, q)
		if strings.HasPrefix(q, "bad") {
			answering(http.StatusBadRequest, `{"error":{"code":"no","message":"No."}}`)(w, r)
			return
		}
		answering(http.StatusOK, completion)(w, r)
	})
	return e, func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

// batch is an event of records of one queue. Their ids are m0, m1 and so on.
func batch(queue string, bodies ...string) string {
	var records []string
	for i, body := range bodies {
		text, _ := json.Marshal(body)
		records = append(records, fmt.Sprintf(`{"messageId":"m%d","body":%s,"eventSource":"aws:sqs","eventSourceARN":"arn:aws:sqs:eu-west-1:123456789012:%s"}`, i, text, queue))
	}
	return `{"Records":[` + strings.Join(records, ",") + `]}`
}

// failedOnes is the answer that names records.
func failedOnes(ids ...string) string {
	items := make([]string, len(ids))
	for i, id := range ids {
		items[i] = `{"itemIdentifier":"` + id + `"}`
	}
	return `{"batchItemFailures":[` + strings.Join(items, ",") + `]}` + "\n"
}

// Only what failed comes again.
func TestBatches(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, queued(e.URL, `"requests":`+chats))
	for name, test := range map[string]struct {
		bodies []string
		want   string
	}{
		"good":               {[]string{asking("a"), asking("b")}, failedOnes()},
		"bad":                {[]string{asking("bad")}, failedOnes("m0")},
		"mixed":              {[]string{asking("bad"), asking("a"), asking("bad"), asking("b")}, failedOnes("m0", "m2")},
		"no envelope":        {[]string{"Message Body", asking("a"), "", "{}", "null"}, failedOnes("m0", "m2", "m3", "m4")},
		"another connection": {[]string{`{"action":"GetChatCompletions","connection":"other","input":` + chat + `}`, asking("a")}, failedOnes("m0")},
		"its own connection": {[]string{`{"action":"GetChatCompletions","connection":"default","id":"7","input":` + chat + `}`}, failedOnes()},
		"another action":     {[]string{`{"action":"ListModels"}`}, failedOnes("m0")},
		"an event":           {[]string{`{"schedule":"morning"}`, batch("requests", asking("a"))}, failedOnes("m0", "m1")},
	} {
		t.Run(name, func(t *testing.T) { wantPayload(t, f, batch("requests", test.bodies...), test.want) })
	}
	if got := len(asked()); got != 10 {
		t.Errorf("the endpoint was asked %d times, want 10: %q", got, asked())
	}
}

// The records of a message that came twice are two records.
func TestMessagesThatComeTwice(t *testing.T) {
	e, _ := refusing(t)
	f := start(t, queued(e.URL, `"requests":`+chats))
	twice := strings.Replace(batch("requests", asking("bad"), asking("a")), `"m1"`, `"m0"`, 1)
	wantPayload(t, f, twice, failedOnes("m0"))
	wantPayload(t, f, batch("requests", asking("a")), failedOnes())
	wantPayload(t, f, batch("requests", asking("a")), failedOnes())
}

// A batch of a queue that nobody allowed to run anything fails as one, with advice.
func TestQueuesNeedATrigger(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, queued(e.URL, `"requests":`+chats))
	wantFailure(t, f, batch("others", asking("a")), "InvalidRequest", "'others'")
	wantFailure(t, f, batch("others", asking("a")), "InvalidRequest", "triggers")
	wantFailure(t, f, sample(t, "sqs-event"), "InvalidRequest", "'SQSQueue'")
	wantFailure(t, f, batch("requests.fifo", asking("a")), "InvalidRequest", "'requests.fifo'")
	two := strings.Replace(batch("requests", asking("a"), asking("b")), ":requests", ":others", 1)
	wantFailure(t, f, two, "InvalidRequest", "'others'")
	mixed := strings.Replace(batch("requests", asking("a"), asking("b")), "aws:sqs\",", "aws:s3\",", 1)
	wantFailure(t, f, mixed, "InvalidRequest", "no known shape")
	if len(asked()) > 0 {
		t.Errorf("the endpoint was asked %q", asked())
	}
}

// In a queue that keeps the order, a failure holds up what follows, and nothing overtakes it.
func TestQueuesInOrder(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, queued(e.URL, `"requests.fifo":`+chats))
	wantPayload(t, f, batch("requests.fifo", asking("1"), asking("2"), asking("bad"), asking("4"), asking("5")), failedOnes("m2", "m3", "m4"))
	wantPayload(t, f, batch("requests.fifo", asking("6"), asking("7"), asking("8")), failedOnes())
	if want := []string{"1", "2", "bad", "6", "7", "8"}; !slices.Equal(asked(), want) {
		t.Errorf("asked %q, want %q", asked(), want)
	}
}

// Outputs are delivered under the id that stays the same, and one that is not delivered comes again.
func TestDeliveriesOfBatches(t *testing.T) {
	var mu sync.Mutex
	got := map[string]string{}
	receiver := newEndpoint(t, nil)
	receiver.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		id := strings.Trim(r.Header.Get("Idempotency-Key"), `"`)
		if id == "requests/unwanted" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		got[id] = string(body)
	})
	e, _ := refusing(t)
	f := start(t, queued(e.URL, `"requests":`+strings.TrimSuffix(chats, "}")+`,"deliverTo":{"url":"`+receiver.URL+`/x?sig=1"}}`))
	own := func(id string) string { return strings.Replace(asking("a"), `{`, `{"id":"`+id+`",`, 1) }
	wantPayload(t, f, batch("requests", asking("a"), own("mine"), own("unwanted"), asking("bad")), failedOnes("m2", "m3"))
	mu.Lock()
	defer mu.Unlock()
	if len(got) != 2 || got["requests/m0"] != completion || got["requests/mine"] != completion {
		t.Errorf("delivered %q", got)
	}
}
