package endpoint

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// secretText looks like no other text of these tests, so that it can be searched for.
const secretText = "k3y/0123+4567=89abcdefghijklmnopq"

var secret = connector.NewSecret(secretText)

func newEndpoint(t testing.TB, c Config) *Endpoint {
	t.Helper()
	e, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return e
}

// post returns an action that sends a body.
func post(path string) *schema.Action {
	return &schema.Action{ID: "Post", Method: http.MethodPost, Path: path}
}

var getInfo = &schema.Action{ID: "GetModelInfo", Method: http.MethodGet, Path: "/info"}

func document(t testing.TB, text string) *schema.Document {
	t.Helper()
	d, err := schema.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// chat returns a request for chat completions with that body.
func chat(t testing.TB, body string) *connector.Request {
	t.Helper()
	d := document(t, body)
	return &connector.Request{
		Action: post("/chat/completions"), Model: d.Text("model"), Stream: d.True("stream"), Body: d,
		Correlation: connector.Correlation{ClientRequestID: "test-1"}, Record: &connector.Record{},
	}
}

const (
	plainChat    = `{"model":"m","messages":[]}`
	streamedChat = `{"model":"m","messages":[],"stream":true}`
)

// invoke prepares the request and makes the one attempt.
func (e *Endpoint) invoke(ctx context.Context, t testing.TB, r *connector.Request) (*connector.Response, error) {
	t.Helper()
	attempt, err := e.Prepare(ctx, r)
	if err != nil {
		t.Fatal(err)
	}
	return attempt(ctx)
}

// must returns the response of a request that is answered.
func (e *Endpoint) must(t testing.TB, r *connector.Request) *connector.Response {
	t.Helper()
	response, err := e.invoke(t.Context(), t, r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { response.Body.Close() })
	return response
}

// fails returns the error of a request that is not answered, and checks its code.
func (e *Endpoint) fails(t testing.TB, r *connector.Request, code connector.Code) *connector.Error {
	t.Helper()
	response, err := e.invoke(t.Context(), t, r)
	if err == nil {
		t.Fatalf("got status %d and %.200s, want %s", response.Status, text(t, response), code)
	}
	return wantCode(t, err, code)
}

// wantCode checks the code of an error, and that it tells no secret.
func wantCode(t testing.TB, err error, code connector.Code) *connector.Error {
	t.Helper()
	var e *connector.Error
	if !errors.As(err, &e) {
		t.Fatalf("got %v, want %s", err, code)
	}
	if e.Code != code {
		t.Fatalf("got %v, want %s", e, code)
	}
	if strings.Contains(err.Error()+string(e.JSON()), secretText) {
		t.Errorf("got the key in %v", err)
	}
	return e
}

// text reads a response to its end and closes it.
func text(t testing.TB, response *connector.Response) string {
	t.Helper()
	all, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil {
		t.Error(err)
	}
	return string(all)
}

// newCause returns a context of a call.
func newCause(t testing.TB) (context.Context, context.CancelCauseFunc) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	t.Cleanup(func() { cancel(nil) })
	return ctx, cancel
}
