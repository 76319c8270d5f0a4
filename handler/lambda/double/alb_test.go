package double_test

import (
	"encoding/json"
	"net/http"
	"os"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

func TestEventsOfLoadBalancers(t *testing.T) {
	f := start(t, "mirrors")
	single, multi := &double.ALB{Function: f}, &double.ALB{Function: f, MultiValue: true}
	wantMembers(t, sent(t, single, manyHeaders(t, "/a%2Fb?x=1&x=%26+2", "image/png", "hi")), map[string]string{
		"path":                            `"/a%2Fb"`,
		"queryStringParameters":           `{"x":"%26+2"}`,
		"multiValueQueryStringParameters": `null`,
		"headers.x-a":                     `"2, 3"`,
		"multiValueHeaders":               `null`,
		"body":                            `"aGk="`,
		"isBase64Encoded":                 `true`,
		"headers.x-forwarded-for":         `"10.0.0.1, 192.0.2.1"`,
		"headers.x-amzn-trace-id":         `"Root=1-5e9f0c65-1de4d666d4dd26aced652b6c"`,
	})
	wantMembers(t, sent(t, multi, manyHeaders(t, "/?x=1&x=%26+2", "application/xml", "hi")), map[string]string{
		"multiValueQueryStringParameters": `{"x":["1","%26+2"]}`,
		"queryStringParameters":           `null`,
		"multiValueHeaders.x-a":           `["1","2, 3"]`,
		"headers":                         `null`,
		"body":                            `"hi"`,
		"isBase64Encoded":                 `false`,
	})
	wantMembers(t, sent(t, single, request(t, "GET", "/", "")), map[string]string{
		"body": `""`, "isBase64Encoded": `false`, "queryStringParameters": `{}`,
	})
}

func TestAnswersToLoadBalancers(t *testing.T) {
	f := start(t, "answers")
	captured, err := os.ReadFile("testdata/alb-lambda-target-response.json")
	if err != nil {
		t.Fatal(err)
	}
	single, multi := &double.ALB{Function: f}, &double.ALB{Function: f, MultiValue: true}
	const good = `{"statusCode":200,"statusDescription":"200 OK","isBase64Encoded":true,"body":"aGk="}`
	without := func(text string) string { return strings.Replace(good, text, "", 1) }
	for name, test := range map[string]struct {
		front   *double.ALB
		payload string
		status  int
		cookies int
		body    string
	}{
		"captured":          {single, string(captured), 200, 1, "Hello from Lambda"},
		"captured, lists":   {multi, string(captured), 200, 2, "Hello from Lambda"},
		"the other map":     {multi, strings.Replace(good, "{", `{"headers":{"Set-Cookie":"a=1"},`, 1), 200, 0, "hi"},
		"the other map too": {single, strings.Replace(good, "{", `{"multiValueHeaders":{"Set-Cookie":["a=1"]},`, 1), 200, 0, "hi"},
		"no status":         {single, without(`"statusCode":200,`), 502, 0, ""},
		"no description":    {single, without(`"statusDescription":"200 OK",`), 502, 0, ""},
		"other description": {single, strings.Replace(good, "200 OK", "OK", 1), 502, 0, ""},
		"no encoding":       {single, without(`"isBase64Encoded":true,`), 502, 0, ""},
		"no body":           {single, without(`,"body":"aGk="`), 502, 0, ""},
		"bad bytes":         {single, strings.Replace(good, "aGk=", "?", 1), 502, 0, ""},
	} {
		r := request(t, "POST", "/", test.payload)
		r.Header.Set("Content-Type", "application/json")
		reply, body := roundTrip(t, test.front, r)
		if reply.StatusCode != test.status || len(reply.Header["Set-Cookie"]) != test.cookies || test.status == 200 && body != test.body {
			t.Errorf("%s: got %d %v %q", name, reply.StatusCode, reply.Header, body)
		}
	}
}

func TestRefusalsOfLoadBalancers(t *testing.T) {
	fails, mirrors, swells := start(t, "fails"), start(t, "mirrors"), start(t, "swells over 1 MB")
	for name, test := range map[string]struct {
		function *double.Function
		upgrade  string
		size     int
		status   int
	}{
		"function error":  {fails, "", 0, 502},
		"change to h2c":   {mirrors, "h2c", 0, 400},
		"a megabyte":      {start(t, "small"), "", 1 << 20, 200},
		"a larger body":   {mirrors, "", 1<<20 + 1, 413},
		"a larger answer": {swells, "", 0, 502},
		"a larger mirror": {mirrors, "", 1 << 20, 502},
	} {
		r := request(t, "POST", "/", strings.Repeat("x", test.size))
		if test.upgrade != "" {
			r.Header.Set("Upgrade", test.upgrade)
		}
		if reply, _ := roundTrip(t, &double.ALB{Function: test.function}, r); reply.StatusCode != test.status {
			t.Errorf("%s: got status %d, want %d", name, reply.StatusCode, test.status)
		}
	}
}

func TestHealthChecks(t *testing.T) {
	reply, err := (&double.ALB{Function: start(t, "mirrors")}).Check(t.Context(), "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	var event struct {
		Path, HTTPMethod string
		Headers          map[string]string
	}
	if err := json.NewDecoder(reply.Body).Decode(&event); err != nil || reply.StatusCode != http.StatusOK {
		t.Fatalf("got status %d, %v", reply.StatusCode, err)
	}
	if event.Path != "/healthz" || event.HTTPMethod != "GET" || len(event.Headers) != 1 || event.Headers["user-agent"] != "ELB-HealthChecker/2.0" {
		t.Errorf("got %+v", event)
	}
}
