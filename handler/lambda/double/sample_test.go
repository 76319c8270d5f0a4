package double_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// shape lists the members of a JSON value with their types, as "a.b: string". What follows one of free is
// the caller's own, and not listed.
func shape(value any, path string, free []string) (list []string) {
	switch value := value.(type) {
	case map[string]any:
		for name, member := range value {
			inner := strings.TrimPrefix(path+"."+name, ".")
			if slices.Contains(free, inner) {
				list = append(list, fmt.Sprintf("%s: %T", inner, member))
			} else {
				list = append(list, shape(member, inner, free)...)
			}
		}
	case []any:
		if len(value) > 0 {
			list = shape(value[0], path+".0", free)
		}
	default:
		list = []string{fmt.Sprintf("%s: %T", path, value)}
	}
	slices.Sort(list)
	return list
}

// madeEvents are our events for requests like those that were captured.
func madeEvents(t *testing.T) map[string]map[string]any {
	t.Helper()
	f := start(t, "mirrors")
	full := func() *http.Request {
		r := manyHeaders(t, "/prod/hello?name=me", "text/plain", "hi")
		r.Header.Set("Cookie", "a=b")
		return r
	}
	return map[string]map[string]any{
		"apigw-request":                  sent(t, &double.RESTAPI{Function: f, Authorizer: []byte(`{"principalId":"admin"}`)}, full()),
		"apigw-v2-request-no-authorizer": sent(t, &double.HTTPAPI{Function: f}, request(t, "GET", "/", "")),
		"function-url-request-with-headers-and-cookies-and-text-body": sent(t, &double.FunctionURL{Function: f, Authorizer: []byte(`{"iam":{}}`)}, full()),
		"alb-lambda-target-request-headers-only":                      sent(t, &double.ALB{Function: f}, full()),
		"alb-lambda-target-request-multivalue-headers":                sent(t, &double.ALB{Function: f, MultiValue: true}, full()),
		"sqs-event": queued(t),
	}
}

// The events that we make are those that were captured: the same members, of the same types. What else is
// known of either side is said here.
func TestEventsAreLikeCapturedOnes(t *testing.T) {
	free := []string{
		"headers", "multiValueHeaders", "queryStringParameters", "multiValueQueryStringParameters", "pathParameters",
		"requestContext.authorizer", "requestContext.authentication", "requestContext.identity", "Records.0.messageAttributes",
	}
	lacks := map[string][]string{
		"apigw-request":                  {"stageVariables.stageVariableName: string"}, // of which ours has none
		"apigw-v2-request-no-authorizer": {"requestContext.authentication: map[string]interface {}"},
		"sqs-event":                      {"Records.0.md5OfMessageAttributes: string"},
	}
	has := map[string][]string{"apigw-request": {"isBase64Encoded: bool", "stageVariables: <nil>"}}
	for name, event := range madeEvents(t) {
		text, err := os.ReadFile("../testdata/" + name + ".json")
		var captured map[string]any
		if err = errors.Join(err, json.Unmarshal(text, &captured)); err != nil {
			t.Fatal(err)
		}
		got, want := shape(event, "", free), shape(captured, "", free)
		if missing := without(want, got); !slices.Equal(missing, lacks[name]) {
			t.Errorf("%s: our event lacks %q, want %q", name, missing, lacks[name])
		}
		if more := without(got, want); !slices.Equal(more, has[name]) {
			t.Errorf("%s: our event has also %q, want %q", name, more, has[name])
		}
	}
}

func without(list, other []string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(line string) bool { return slices.Contains(other, line) })
}

// queued is the event of a message in a queue, as a function's error tells it.
func queued(t *testing.T) (event map[string]any) {
	t.Helper()
	q := &double.Queue{Function: start(t, "seen"), Name: "requests", MaxReceiveCount: 1}
	q.Send("body", "")
	b, _ := q.Deliver(t.Context())
	failed, ok := errors.AsType[*double.FunctionError](b.Err)
	if !ok {
		t.Fatal(b.Err)
	}
	if err := json.Unmarshal([]byte(failed.Message[36:]), &event); err != nil {
		t.Fatal(err)
	}
	return event
}
