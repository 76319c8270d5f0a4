package lambda_test

import (
	"os"
	"path/filepath"
	"testing"
)

// An event that is none of ours is refused by one sentence, and comes to nothing.
func TestUnknownEventsAreToldWhatIsKnown(t *testing.T) {
	e := newEndpoint(t, nil)
	f := start(t, one(e.URL, ""))
	events := map[string]string{
		"null": `null`, "array": `[{"action":"ListModels"}]`, "text": `"ListModels"`, "number": `7`, "nothing": `{}`,
		"wrong action": `{"action":["ListModels"]}`, "wrong connection": `{"action":"ListModels","connection":7}`,
		"wrong version": `{"version":2.0,"requestContext":{}}`, "no context": `{"version":"2.0","rawPath":"/"}`,
		"no method": `{"version":"2.0","rawPath":"/","requestContext":{"http":{}}}`, "no resource": `{"httpMethod":"GET","path":"/"}`,
		"wrong context": `{"version":"2.0","rawPath":"/","requestContext":[]}`, "no records": `{"Records":[]}`, "wrong records": `{"Records":{}}`,
		"wrong path": `{"path":7,"httpMethod":"GET","requestContext":{"elb":{}}}`, "wrong headers": `{"path":"/","httpMethod":"GET","headers":[],"requestContext":{"elb":{}}}`,
		"wrong body": `{"path":"/","httpMethod":"POST","resource":"/","body":{}}`, "version 3": `{"version":"3.0","rawPath":"/","requestContext":{"http":{"method":"GET"}}}`,
	}
	for _, name := range []string{"s3-event", "sns-event", "dynamodb-event", "kinesis-event", "apigw-websocket-request",
		"apigw-custom-auth-request-type-request", "apigw-v2-custom-authorizer-v2-request"} {
		events[name] = sample(t, name)
	}
	for name, event := range events {
		t.Run(name, func(t *testing.T) {
			for _, known := range []string{"no known shape", "Function URL", "HTTP API", "REST API", "Load Balancer", "SQS", "EventBridge", `{"schedule":"NAME"}`, `{"action":"GetChatCompletions"`} {
				wantFailure(t, f, event, "InvalidRequest", known)
			}
		})
	}
	if n := e.calls.Load(); n > 0 {
		t.Errorf("the endpoint was called %d times", n)
	}
}

// The platform lets no event in that is not JSON. One would be refused before we see it.
func TestEventsThatAreNoJSON(t *testing.T) {
	f := start(t, one(newEndpoint(t, nil).URL, ""))
	for _, event := range []string{`{`, `{"action":"ListModels"`, `action`, "\xff"} {
		if got, err := f.Invoke(t.Context(), []byte(event)); err == nil {
			t.Errorf("%q: got %s", event, got)
		}
	}
	wantPayload(t, f, `{"action":"ListModels"}`, `{"value":[]}`)
}

func sample(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
