package main_test

import (
	"bytes"
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// call makes an action's request, again as its policy says. Waiting follows Retry-After.
func (r run) call(name string, a action) (ended, waits string) {
	r.t.Helper()
	policy := a.Inputs.RetryPolicy
	if policy.Type != "exponential" || policy.Interval != "PT10S" || policy.MinimumInterval != "PT5S" || policy.MaximumInterval != "PT1M" {
		r.t.Fatalf("the policy %+v is not understood", policy)
	}
	for attempts := 0; ; attempts++ {
		status, retryAfter := r.send(name, a)
		repeat := status == noAnswer || status == http.StatusRequestTimeout || status == http.StatusTooManyRequests || status >= 500
		switch {
		case status != noAnswer && status < 300:
			return "Succeeded", waits
		case !repeat || attempts == policy.Count:
			return "Failed", waits
		}
		if seconds, err := strconv.Atoi(retryAfter); r.isOurs(name) && (err != nil || seconds < 1) {
			r.t.Errorf("%d came with Retry-After %q", status, retryAfter)
		}
		retryAfter = cmp.Or(retryAfter, policy.Interval)
		waits = strings.TrimSpace(waits + " " + retryAfter)
	}
}

// isOurs reports whether an action was answered by the program, and not by what stands between.
func (r run) isOurs(name string) bool {
	headers, _ := r.outputs[name]["headers"].(map[string]any)
	return headers["X-Ms-Request-Id"] != nil
}

// noAnswer stands for a status that never came.
const noAnswer = 0

// send makes the request of an action once.
func (r run) send(name string, a action) (status int, retryAfter string) {
	r.t.Helper()
	body, err := json.Marshal(r.value(a.Inputs.Body))
	if err != nil {
		r.t.Fatal(err)
	}
	query := url.Values{}
	for name, value := range a.Inputs.Queries {
		query.Set(name, r.text(value))
	}
	request, err := http.NewRequestWithContext(r.t.Context(), a.Inputs.Method, r.text(a.Inputs.URI)+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for name, value := range a.Inputs.Headers {
		request.Header.Set(name, r.text(value))
	}
	delete(r.outputs, name)
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		return noAnswer, ""
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	var value any = string(text)
	if strings.HasPrefix(reply.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(text, &value); err != nil {
			r.t.Fatal(err)
		}
	}
	headers := map[string]any{}
	for name := range reply.Header {
		headers[name] = reply.Header.Get(name)
	}
	r.outputs[name] = map[string]any{"statusCode": float64(reply.StatusCode), "headers": headers, "body": value}
	return reply.StatusCode, reply.Header.Get("Retry-After")
}
