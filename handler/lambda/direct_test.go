package lambda_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

func wantPayload(t *testing.T, f function, event, want string) {
	t.Helper()
	if got, err := f.Invoke(t.Context(), []byte(event)); err != nil || string(got) != want {
		t.Errorf("%.200s\n got %.300s, %v\nwant %.300s", event, got, err, want)
	}
}

func wantFailure(t *testing.T, f function, event, kind, message string) {
	t.Helper()
	got, err := f.Invoke(t.Context(), []byte(event))
	failed, ok := errors.AsType[*double.FunctionError](err)
	if !ok || failed.Type != kind || !strings.Contains(failed.Message, message) {
		t.Errorf("%.200s\n got %.300s, %v\nwant %s: %s", event, got, err, kind, message)
	}
}

func TestDirectCallsReturnTheOutput(t *testing.T) {
	const info = `{"model_name":"m","model_type":"chat-completion","model_provider_name":"x"}`
	e := newEndpoint(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/info") {
			answering(http.StatusOK, info)(w, r)
			return
		}
		answering(http.StatusOK, completion)(w, r)
	})
	f := start(t, one(e.URL, `,"deployments":{"m":{},"n":{}}`))
	wantPayload(t, f, `{"action":"GetChatCompletions","connection":"default","input":`+chat+`}`, completion)
	wantPayload(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, completion)
	wantPayload(t, f, `{"action":"GetModelInfo","input":{"model":"m"}}`, info)
	wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[{"id":"m","displayName":"m"},{"id":"n","displayName":"n"}]}`)
}

// A state machine catches failures by errorType, which is our code or the endpoint's own word.
func TestDirectCallsFailByCode(t *testing.T) {
	e := newEndpoint(t, nil)
	f := start(t, one(e.URL, `,"deployments":{"m":{},"n":{}}`))
	for name, test := range map[string]struct{ event, kind, message string }{
		"no messages":        {`{"action":"GetChatCompletions","input":{"model":"m"}}`, "ValidationFailed", "messages is missing"},
		"out of range":       {`{"action":"GetChatCompletions","input":{"model":"m","temperature":2,"messages":[{"role":"user","content":"x"}]}}`, "ValidationFailed", "temperature must be between 0 and 1, not 2"},
		"extra":              {`{"action":"GetChatCompletions","input":{"model":"m","topp":1,"messages":[{"role":"user","content":"x"}]}}`, "ExtraParameters", "Remove topp: it is not a parameter"},
		"unknown model":      {`{"action":"GetChatCompletions","input":{"model":"o","messages":[{"role":"user","content":"x"}]}}`, "unknown_model", "no model 'o'. Known: m, n."},
		"no model":           {`{"action":"GetChatCompletions","input":{"messages":[{"role":"user","content":"x"}]}}`, "no_model_name", "Name a model"},
		"unknown connection": {`{"action":"ListModels","connection":"other"}`, "NotFound", "no such connection"},
		"unknown action":     {`{"action":"GetWeather"}`, "InvalidRequest", "no action 'GetWeather'. Known: GetChatCompletions, GetChatCompletionsFromJson, GetChatReply, GetCompletions, GetEmbeddings, GetImageEmbeddings, GetModelInfo, ListModels"},
		"letter case":        {`{"action":"listmodels"}`, "InvalidRequest", "no action 'listmodels'"},
		"input is no object": {`{"action":"GetChatCompletions","input":"hello"}`, "InvalidJson", "The input must be strict JSON"},
		"input is null":      {`{"action":"GetChatCompletions","input":null}`, "no_model_name", "Name a model"},
		"repeated name":      {`{"action":"GetChatCompletions","input":{"model":"m","model":"n"}}`, "InvalidJson", "The envelope must be strict JSON"},
		"input of no action": {`{"action":"ListModels","input":{"model":"m"}}`, "InvalidRequest", "model is not a parameter of ListModels; remove it"},
		"stream":             {`{"action":"GetChatCompletions","input":` + streamingChat + `}`, "InvalidRequest", "stream cannot be true here"},
	} {
		t.Run(name, func(t *testing.T) { wantFailure(t, f, test.event, test.kind, test.message) })
	}
	if n := e.calls.Load(); n > 0 {
		t.Errorf("the endpoint was called %d times", n)
	}
}

func TestDirectCallsFailByTheEndpointsCode(t *testing.T) {
	for name, test := range map[string]struct {
		status        int
		body          string
		kind, message string
	}{
		"refused credential": {401, `{"error":{"code":"401","message":"key cherry"}}`, "UpstreamAuthFailed", "refused the credential"},
		"content filter":     {400, `{"error":{"code":"content_filter","message":"The response was filtered."}}`, "content_filter", "The response was filtered."},
		"a word":             {404, `{"error":{"code":"DeploymentNotFound","message":"None of that name."}}`, "DeploymentNotFound", "None of that name."},
		"a number":           {404, `{"error":{"code":"404","message":"Resource not found"}}`, "UpstreamError", "Resource not found"},
		"a state machine's":  {500, `{"error":{"code":"States.TaskFailed","message":"Sorry."}}`, "UpstreamError", "Sorry."},
		"blanks":             {500, `{"error":{"code":"not good","message":"Sorry."}}`, "UpstreamError", "Sorry."},
		"throttled":          {429, `{"error":{"code":"429","message":"Slow down."}}`, "UpstreamThrottled", "Slow down."},
		"no envelope":        {500, `out of order`, "UpstreamError", "answered with status 500"},
		"a redirect":         {302, ``, "UpstreamRedirect", "redirect"},
		"no JSON":            {200, `{`, "UpstreamInvalid", "not JSON"},
	} {
		t.Run(name, func(t *testing.T) {
			f := start(t, one(newEndpoint(t, answering(test.status, test.body)).URL, ""))
			wantFailure(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, test.kind, test.message)
		})
	}
}

// A name that is misspelt is not passed over.
func TestEnvelopesAreReadStrictly(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	for _, event := range []string{
		`{"action":"ListModels","conection":"default"}`, `{"action":"ListModels","Connection":"default"}`,
		`{"action":"ListModels","connection":7}`, `{"Action":"ListModels"}`,
	} {
		wantFailure(t, f, event, "InvalidRequest", "no known shape")
	}
	wantFailure(t, f, `{"action":"ListModels","action":"ListModels"}`, "InvalidJson", "appears twice")
}

// A refused call takes no slot; the connection has one.
func TestDirectCallsKeepTheLimit(t *testing.T) {
	e := newEndpoint(t, nil)
	f := start(t, one(e.URL, `,"rateLimit":{"calls":1,"renewalPeriod":3600}`))
	wantFailure(t, f, `{"action":"GetChatCompletions","input":`+streamingChat+`}`, "InvalidRequest", "stream cannot be true here")
	wantPayload(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, completion)
	wantFailure(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, "RateLimitExceeded", "Connection 'default' allows 1 calls per 3600 seconds; try again in")
	if n := e.calls.Load(); n != 1 {
		t.Errorf("the endpoint was called %d times, want once", n)
	}
}

func TestDirectCallsNameOneOfSeveralConnections(t *testing.T) {
	e := newEndpoint(t, nil)
	two := strings.Replace(one(e.URL, ""), `"default":`, `"other":`, 1)
	f := start(t, strings.TrimSuffix(one(e.URL, ""), "}}")+`,`+strings.TrimPrefix(two, `{"connections":{`))
	wantFailure(t, f, `{"action":"ListModels"}`, "InvalidRequest", "You have 2 connections, so name one")
	wantPayload(t, f, `{"action":"ListModels","connection":"other"}`, `{"value":[]}`)
}

// IAM decides who may call the function, a trigger of its name what they may run.
func TestTriggersNarrowDirectCalls(t *testing.T) {
	e := newEndpoint(t, nil)
	two := strings.Replace(queued(e.URL, `"connector":`+chats), `{"default":`, `{"other":{"endpoint":"`+e.URL+`/models","egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},`+
		`"callers":[{"name":"app","key":"`+callerKey+`"}]},"default":`, 1)
	f := start(t, two)
	wantPayload(t, f, asking("a"), completion)
	wantPayload(t, f, `{"id":"order-7",`+asking("a")[1:], completion)
	wantFailure(t, f, `{"connection":"other",`+asking("a")[1:], "NotFound", "may use one connection")
	wantFailure(t, f, `{"action":"ListModels"}`, "InvalidRequest", "connector may not run 'ListModels', but: GetChatCompletions.")
	wantFailure(t, f, `{"action":"ListModels","x":1}`, "InvalidRequest", "no known shape")
	wantPayload(t, start(t, two, func(c *double.Config) { c.Name = "another" }), `{"id":"order-7","action":"ListModels","connection":"other"}`, `{"value":[]}`)
	if log := f.output.calls(t, 5); !strings.Contains(log, `"request_id":"order-7"`) {
		t.Errorf("the log says\n%s", log)
	}
}

// A direct call is logged like any other, without what was said.
func TestDirectCallsAreLogged(t *testing.T) {
	e := newEndpoint(t, nil)
	f := start(t, one(e.URL, ""))
	wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[]}`)
	if _, err := f.Invoke(t.Context(), []byte(`{"action":"GetChatCompletions","input":`+chat+`}`)); err != nil {
		t.Fatal(err)
	}
	wantFailure(t, f, `{"action":"GetChatCompletions","input":{"model":"m","temperature":2}}`, "ValidationFailed", "messages is missing")
	wantFailure(t, f, `[]`, "InvalidRequest", "no known shape")
	log := f.output.calls(t, 4)
	for _, want := range []string{
		`"action":"ListModels","connection":"default"`, `"action":"GetChatCompletions","connection":"default"`,
		`"status":200`, `"status":422`, `"code":"ValidationFailed"`, `"code":"InvalidRequest"`, `"attempts":1`,
	} {
		if !strings.Contains(log, want) {
			t.Errorf("no %s in\n%s", want, log)
		}
	}
	if n := strings.Count(log, `"msg":"call"`); n != 4 || strings.Contains(log, "Peru") || strings.Contains(log, `"request_id":""`) {
		t.Errorf("%d lines in\n%s", n, log)
	}
}
