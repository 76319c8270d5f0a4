package lambda_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/lambda/double"
)

// planned is a connections file with schedules and with what rules may run.
func planned(endpoint, schedules, triggers string) string {
	return strings.TrimSuffix(queued(endpoint, triggers), "}") + `,"schedules":{` + schedules + `}}`
}

// always is a schedule that is due whenever it is fired.
func always(name, question string) string {
	return `"` + name + `":{"cron":"* * * * *","action":"GetChatCompletions","input":` + strings.Replace(chat, "Capital of Peru?", question, 1) + `}`
}

// never is a schedule that is due half a month from now: whoever fires it comes too late.
func never(name string) string {
	return fmt.Sprintf(`"%s":{"cron":"0 0 0 %d * *","action":"ListModels"}`, name, (time.Now().UTC().Day()+14)%28+1)
}

func TestSchedules(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, planned(e.URL, always("morning", "a")+","+always("broken", "bad")+","+never("rare"), ""))
	done := fmt.Sprintf(`{"schedule":"morning","bytes":%d}`, len(completion))
	wantPayload(t, f, `{"schedule":"morning"}`, done)
	wantPayload(t, f, ` {"schedule" : "morning"} `, done)
	wantPayload(t, f, `{"schedule":"rare"}`, `{"schedule":"rare","skipped":"It is running already, or this firing came too late. The log says which."}`)
	wantFailure(t, f, `{"schedule":"broken"}`, "no", "No.")
	wantFailure(t, f, `{"schedule":"evening"}`, "InvalidRequest", "There is no schedule 'evening'. Known: morning, broken, rare.")
	wantFailure(t, f, `{"schedule":"Morning"}`, "InvalidRequest", "no schedule 'Morning'")
	for _, event := range []string{
		`{"schedule":"morning","action":"ListModels"}`, `{"schedule":"morning","x":"y"}`, `{"Schedule":"morning"}`,
		`{"schedule":7}`, `{"schedule":""}`, `{"schedule":null}`, `{"schedule":["morning"]}`, `[{"schedule":"morning"}]`,
	} {
		wantFailure(t, f, event, "InvalidRequest", "no known shape")
	}
	if got := asked(); len(got) != 3 {
		t.Errorf("the endpoint was asked %q", got)
	}
	wantPayload(t, start(t, one(e.URL, "")), `{"action":"ListModels"}`, `{"value":[]}`)
	wantFailure(t, start(t, one(e.URL, "")), `{"schedule":"morning"}`, "InvalidRequest", "Known: none; say some in schedules")
}

// A failure is tried again by the platform, and what is delivered then has the same id.
func TestSchedulesOfTheScheduler(t *testing.T) {
	ids := make(chan string, 10)
	receiver := newEndpoint(t, func(_ http.ResponseWriter, r *http.Request) { ids <- r.Header.Get("Idempotency-Key") })
	e, _ := refusing(t)
	morning := strings.TrimSuffix(always("morning", "a"), "}") + `,"deliverTo":{"url":"` + receiver.URL + `"}}`
	f := start(t, planned(e.URL, morning+","+always("broken", "bad"), ""))
	scheduler := double.Scheduler{Async: double.Async{Function: f.Function}, Name: "morning", Input: `{"schedule":"morning"}`}
	if tries, err := scheduler.Fire(t.Context(), time.Now()); tries != 1 || err != nil {
		t.Errorf("got %d tries, %v", tries, err)
	}
	if id := <-ids; !strings.HasPrefix(strings.Trim(id, `"`), "morning/20") {
		t.Errorf("delivered as %s", id)
	}
	scheduler.Input = `{"schedule":"broken"}`
	if tries, err := scheduler.Fire(t.Context(), time.Now()); tries != 3 || err == nil {
		t.Errorf("got %d tries, %v", tries, err)
	}
}

// A rule fires the schedule of its name, or the one that its constant input names.
func TestRules(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, planned(e.URL, always("morning", "a"), ""))
	rule := double.Rule{Async: double.Async{Function: f.Function, Tries: 1}, Name: "morning"}
	if _, err := rule.Fire(t.Context(), time.Now()); err != nil {
		t.Error(err)
	}
	rule.Name, rule.Input = "other", []byte(`{"schedule":"morning"}`)
	if _, err := rule.Fire(t.Context(), time.Now()); err != nil {
		t.Error(err)
	}
	rule.Input = nil
	if _, err := rule.Fire(t.Context(), time.Now()); err == nil || !strings.Contains(err.Error(), `InvalidRequest: The rule 'other' is no schedule and no trigger`) || !strings.Contains(err.Error(), "morning") {
		t.Errorf("got %v", err)
	}
	rule.Input = []byte(asking("b")) // as an input transformer makes it
	if _, err := rule.Put(t.Context(), "com.example.orders", "Order", []byte(`{}`)); err != nil {
		t.Error(err)
	}
	if got := fmt.Sprint(asked()); got != "[a a b]" {
		t.Errorf("the endpoint was asked %s", got)
	}
}

// ruled is an event of a rule with a detail.
func ruled(source, arn, detail string) string {
	return `{"version":"0","id":"e1","detail-type":"Scheduled Event","source":"` + source + `","account":"123456789012",` +
		`"time":"2026-11-21T07:45:00Z","region":"us-east-1","resources":[` + arn + `],"detail":` + detail + `}`
}

const ruleARN = `"arn:aws:events:us-east-1:123456789012:rule/`

// A trigger lets a rule ask for what it lists, on its connection, and nothing in the event changes that.
func TestRulesWithADetail(t *testing.T) {
	e, asked := refusing(t)
	f := start(t, planned(e.URL, always("morning", "a"), `"asks":`+chats))
	done := fmt.Sprintf(`{"trigger":"asks","bytes":%d}`, len(completion))
	wantPayload(t, f, ruled("aws.events", ruleARN+`asks"`, asking("d")), done)
	wantPayload(t, f, ruled("aws.events", ruleARN+`bus/asks"`, asking("d")), done)
	wantFailure(t, f, ruled("aws.events", ruleARN+`asks"`, asking("bad")), "no", "No.")
	wantFailure(t, f, ruled("aws.events", ruleARN+`asks"`, `{}`), "InvalidRequest", "no envelope")
	wantFailure(t, f, ruled("aws.events", ruleARN+`asks"`, `{"action":"GetChatCompletions","connection":"other","input":`+chat+`}`), "NotFound", "may use one connection")
	wantFailure(t, f, ruled("aws.events", ruleARN+`asks"`, `{"action":"ListModels"}`), "InvalidRequest", "may not run 'ListModels'")
	for _, arn := range []string{``, `""`, `"x"`, ruleARN + `"`, ruleARN + `unknown",` + ruleARN + `asks"`} {
		wantFailure(t, f, ruled("aws.events", arn, asking("d")), "InvalidRequest", "is no schedule and no trigger")
	}
	for _, source := range []string{"com.example.orders", "aws.s3", "aws.scheduler", "Aws.Events", ""} {
		wantFailure(t, f, ruled(source, ruleARN+`morning"`, asking("d")), "InvalidRequest", "input transformer")
	}
	if got := fmt.Sprint(asked()); got != "[d d bad]" {
		t.Errorf("the endpoint was asked %s", got)
	}
}

// A firing that hangs ends in time, with an error of ours.
func TestSchedulesThatTakeTooLong(t *testing.T) {
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		hanging(w, r)
	})
	f := start(t, planned(e.URL, always("morning", "a"), `"asks":`+chats), timeout(2*time.Second))
	wantFailure(t, f, `{"schedule":"morning"}`, "UpstreamTimeout", "did not answer in time")
	wantFailure(t, f, ruled("aws.events", ruleARN+`asks"`, asking("d")), "UpstreamTimeout", "did not answer in time")
	wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[]}`)
}
