package double_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/functions/double"
)

func TestAnswersThatFailTheInvocation(t *testing.T) {
	t.Parallel()
	host, _ := serveEvents(t)
	for name, c := range map[string]struct {
		do     script
		reason string // "" for success
	}{
		"the smallest":            {script{Text: "{}"}, ""},
		"any good status":         {script{Status: 299}, ""},
		"a charset":               {script{Type: "Application/JSON; charset=utf-8", Text: "{}"}, ""},
		"an error's status":       {script{Status: 500, Text: "{}"}, "500"},
		"the caller's mistake":    {script{Status: 400, Text: "{}"}, "400"},
		"another type":            {script{Type: "text/plain", Text: "{}"}, "text/plain"},
		"a type like it":          {script{Type: "application/problem+json", Text: "{}"}, "problem"},
		"broken JSON":             {script{Text: `{"Outputs":`}, "no invocation result"},
		"no object":               {script{Text: `[]`}, "no invocation result"},
		"outputs that are a list": {script{Text: `{"Outputs":[]}`}, "no invocation result"},
		"logs that are no text":   {script{Text: `{"Logs":[{}]}`}, "Logs"},
		"logs that are no list":   {script{Text: `{"Logs":"x"}`}, "no invocation result"},
		"a redirect":              {script{Status: 302, Location: "/elsewhere"}, ""},
		"a large message":         {script{Text: `{"Outputs":{"result":["` + strings.Repeat("-", 48<<10+1) + `"]}}`}, "more than a queue takes"},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(host.Queue("requests-poison"))
			result := deliver(t, host, c.do)
			poison := host.Queue("requests-poison")[before:]
			if c.reason == "" {
				if result.Failed || result.Poisoned || result.Tries != 1 || len(poison) > 0 {
					t.Errorf("got %+v, want success", result)
				}
				return
			}
			if !result.Failed || !result.Poisoned || result.Tries != 5 || !strings.Contains(result.Reason, c.reason) {
				t.Errorf("got %+v, want five failures of %q", result, c.reason)
			}
			if len(poison) != 1 || string(poison[0]) != string(message(t, c.do)) {
				t.Errorf("got the poison %q, want the message", poison)
			}
		})
	}
}

func TestMaxDequeueCountIsTheAppsOwn(t *testing.T) {
	files := with(events(), map[string]string{"host.json": strings.Replace(eventsJSON, `"2.0"`, `"2.0","extensions":{"queues":{"maxDequeueCount":2}}`, 1)})
	host, _ := serveFiles(t, files, double.Options{Settings: eventSettings()})
	if result := deliver(t, host, script{Status: 500}); result.Tries != 2 || !result.Poisoned {
		t.Errorf("got %+v, want 2 tries", result)
	}
}

func TestRedirectsAreFollowed(t *testing.T) {
	host, _ := serveEvents(t)
	for status, want := range map[int]string{302: "redirected as GET", 307: "redirected as POST"} {
		if result := deliver(t, host, script{Status: status, Location: "/elsewhere"}); !slices.Equal(result.Logs, []string{want}) {
			t.Errorf("%d: got %+v, want the log %q", status, result, want)
		}
	}
}

func TestLogsBelongToTheInvocation(t *testing.T) {
	host, _ := serveEvents(t)
	result := deliver(t, host, script{Text: `{"Logs":["one",2,true,"a warning"]}`})
	want := []string{"one", "2", "True", "a warning"}
	if !slices.Equal(result.Logs, want) {
		t.Errorf("got %q, want %q", result.Logs, want)
	}
	id := lastSeen(t, host).Header.Get("X-Azure-Functions-Invocationid")
	for _, text := range want {
		if !slices.Contains(host.Log(), double.Line{Level: double.Information, Text: text, Invocation: id}) {
			t.Errorf("the log has no %q of invocation %s: %v", text, id, host.Log())
		}
	}
}

func TestQueueOutputs(t *testing.T) {
	host, _ := serveEvents(t)
	for name, c := range map[string]struct {
		outputs string
		want    []string
	}{
		"none":                   {`{}`, nil},
		"null":                   {`{"result":null}`, nil},
		"another name":           {`{"Result":"no."}`, nil},
		"a string":               {`{"result":"{\"id\": 7}"}`, []string{`{"id": 7}`}},
		"an object":              {`{"result":{"id":7}}`, []string{`{"id":7}`}},
		"several":                {`{"result":["abcd",{"a":1},3]}`, []string{"abcd", `{"a":1}`, "3"}},
		"no messages":            {`{"result":[]}`, nil},
		"base64 by chance":       {`{"result":"abcd"}`, []string{"\x69\xb7\x1d"}},
		"blanks do not hinder":   {`{"result":"output from go"}`, []string{"\xa2\xebi\xba\xd7\xeb\xa2h("}},
		"quotes do":              {`{"result":"\"abcd\""}`, []string{`"abcd"`}},
		"as long as can be sent": {`{"result":"` + strings.Repeat("-", 48<<10) + `"}`, []string{strings.Repeat("-", 48<<10)}},
	} {
		t.Run(name, func(t *testing.T) {
			before := len(host.Queue("results"))
			result := deliver(t, host, script{Text: `{"Outputs":` + c.outputs + `}`})
			if got := texts(result.Outputs["result"]); result.Failed || !slices.Equal(got, c.want) {
				t.Errorf("got %q (%s), want %q", got, result.Reason, c.want)
			}
			if got := texts(host.Queue("results")[before:]); !slices.Equal(got, c.want) {
				t.Errorf("the queue got %q, want %q", got, c.want)
			}
		})
	}
}

func texts(messages [][]byte) (all []string) {
	for _, message := range messages {
		all = append(all, string(message))
	}
	return all
}

func TestHTTPOutputs(t *testing.T) {
	_, address := serveEvents(t)
	const plain, jsonType = "text/plain; charset=utf-8", "application/json; charset=utf-8"
	for name, c := range map[string]struct {
		answer     string
		status     int
		kind, body string
	}{
		"all":                     {`{"Outputs":{"res":{"statusCode":"201","headers":{"content-type":"a/b","X-Id":7},"body":"{}"}}}`, 201, "a/b", "{}"},
		"a number for the status": {`{"Outputs":{"res":{"StatusCode":418,"BODY":"x"}}}`, 418, plain, "x"},
		"its other name":          {`{"Outputs":{"res":{"status":"404","body":"x"}}}`, 404, plain, "x"},
		"both names":              {`{"Outputs":{"res":{"status":404,"statusCode":403,"body":"x"}}}`, 403, plain, "x"},
		"no number":               {`{"Outputs":{"res":{"statusCode":"none","status":404,"body":"x"}}}`, 200, plain, "x"},
		"text of an object":       {`{"Outputs":{"res":"{\"statusCode\":202,\"body\":\"\"}"}}`, 202, plain, ""},
		"an object as the body":   {`{"Outputs":{"res":{"body":{"b":1.0,"a":[]}}}}`, 200, plain, "{\n  \"b\": 1.0,\n  \"a\": []\n}"},
		"base64 stays":            {`{"Outputs":{"res":{"body":"abcd"}}}`, 200, plain, "abcd"},
		"no body":                 {`{"Outputs":{"res":{"statusCode":204}}}`, 200, jsonType, `{"StatusCode":"204","Status":null,"Body":null,"Headers":null}`},
		"an empty body":           {`{"Outputs":{"res":{"statusCode":204,"body":""}}}`, 204, plain, ""},
		"a body that may not be":  {`{"Outputs":{"res":{"statusCode":204,"body":"x"}}}`, 500, "", ""},
		"no outputs":              {`{}`, 200, "", ""},
		"no output of that name":  {`{"Outputs":{"Res":{}}}`, 200, jsonType, "{}"},
		"text":                    {`{"Outputs":{"res":"hello"}}`, 500, "", ""},
		"a list":                  {`{"Outputs":{"res":[]}}`, 500, "", ""},
		"null":                    {`{"Outputs":{"res":null}}`, 500, "", ""},
		"a list for the status":   {`{"Outputs":{"res":{"statusCode":[],"body":"x"}}}`, 500, "", ""},
		"a header of two lines":   {`{"Outputs":{"res":{"headers":{"a":"b\r\nc: d"},"body":"x"}}}`, 500, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := request(t, http.MethodPost, address+"/api/orders/7", http.Header{"X-Functions-Key": {"k"}}, strings.NewReader(string(message(t, script{Text: c.answer}))))
			reply, err := http.DefaultTransport.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			defer reply.Body.Close()
			body, err := io.ReadAll(reply.Body)
			if err != nil || reply.StatusCode != c.status || reply.Header.Get("Content-Type") != c.kind || string(body) != c.body {
				t.Errorf("got %d %s %q (%v), want %d %s %q", reply.StatusCode, reply.Header.Get("Content-Type"), body, err, c.status, c.kind, c.body)
			}
			if name == "all" && reply.Header.Get("X-Id") != "7" {
				t.Errorf("got the headers %v", reply.Header)
			}
		})
	}
}

func TestCallersOfFailedInvocationsGetNothing(t *testing.T) {
	host, address := serveEvents(t)
	r := request(t, http.MethodPost, address+"/api/orders/7?code=k", nil, strings.NewReader(`{"status":404,"text":"{}"}`))
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if body, _ := io.ReadAll(reply.Body); reply.StatusCode != 500 || len(body) > 0 {
		t.Errorf("got %d %q of a handler that answers 404, want 500 and nothing", reply.StatusCode, body)
	}
	deliver(t, host, script{}) // the process lives
}

func TestRequestsWithAQueueOutput(t *testing.T) {
	host, address := serveEvents(t)
	do := script{Text: `{"Outputs":{"res":{"body":"ok"},"msg":"{\"id\":7}"}}`}
	r := request(t, http.MethodPost, address+"/api/orders/7/2", http.Header{"X-Functions-Key": {"k"}}, strings.NewReader(string(message(t, do))))
	reply, err := http.DefaultTransport.RoundTrip(r)
	if err != nil || reply.StatusCode != 200 {
		t.Fatalf("got %v (%v)", reply, err)
	}
	_ = reply.Body.Close()
	if got := texts(host.Queue("results")); !slices.Equal(got, []string{`{"id":7}`}) {
		t.Errorf("the queue got %q", got)
	}
}
