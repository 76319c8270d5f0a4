package functions_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"inferenceconnector/connector"
)

// bomb is a model endpoint in which something panics.
type bomb struct{}

// Prepare implements connector.Endpoint.
func (bomb) Check(*connector.Request) error { return nil }

func (bomb) Prepare(context.Context, *connector.Request) (connector.Attempt, error) { panic("bomb") }

func TestWhatIsNoInvocation(t *testing.T) {
	c, lines := newConfig(t, to(t, func(http.ResponseWriter, *http.Request) { t.Error("the model was called") }))
	address := serve(t, c)
	for name, body := range map[string]string{
		"nothing":              ``,
		"no JSON":              `hello`,
		"an envelope":          envelope,
		"no object":            `[]`,
		"null":                 `null`,
		"no data":              `{"Metadata":{}}`,
		"data in letter case":  `{"data":{"message":"x"},"Metadata":{}}`,
		"data of another kind": `{"Data":"message"}`,
		"null data":            `{"Data":null}`,
		"no such binding":      `{"Data":{"Message":"x"}}`,
		"more after it":        queued(quoted(quoted(envelope))) + `{}`,
		"cut":                  `{"Data":{"message":"x"`,
	} {
		t.Run(name, func(t *testing.T) {
			for function, log := range map[string]string{"worker": "worker got no invocation: InvalidRequest.", "morning": "morning got", "Rest": "Rest got"} {
				wantFailed(t, invoke(t, address, function, body), http.StatusBadRequest, "InvalidRequest", log)
			}
		})
	}
	if text := lines.String(); strings.Count(text, `"msg":"no invocation"`) != 36 || strings.Contains(text, "Peru") {
		t.Errorf("got the log %s", text)
	}
}

// What is not the host's own call is a caller's.
func TestCallsOfOthers(t *testing.T) {
	c, _ := newConfig(t, to(t, func(http.ResponseWriter, *http.Request) { t.Error("the model was called") }))
	address := serve(t, c)
	for _, line := range []string{"GET /worker", "POST /Worker", "POST /worker/", "POST //worker", "POST /api/worker", "PUT /worker", "POST /GetChatCompletions"} {
		method, path, _ := strings.Cut(line, " ")
		if got := send(t, newRequest(t, method, address+path, queued(quoted(quoted(envelope))))); got.status != http.StatusNotFound || got.code != "NotFound" {
			t.Errorf("%s: got %+v, want 404", line, got)
		}
	}
}

// A host that gives up ends the call of the model.
func TestHostThatLeavesEndsTheRun(t *testing.T) {
	asked := told("https://x/api"+chat, `"Headers":{"Content-Type":["application/json"],"api-key":["`+ordersKey+`"]},"Body":`+quoted(message)+`,`)
	for function, body := range map[string]string{"worker": queued(quoted(quoted(envelope))), "Rest": asked, "morning": ticked(onTime)} {
		t.Run(function, func(t *testing.T) {
			began, ended := make(chan struct{}), make(chan struct{})
			c, _ := newConfig(t, to(t, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // before that, net/http does not look whether the other side left
				close(began)
				<-r.Context().Done()
				close(ended)
			}))
			ctx, leave := context.WithCancel(t.Context())
			defer leave()
			r := newRequest(t, http.MethodPost, serve(t, timed(t, c, now))+"/"+function, body).WithContext(ctx)
			go func() { _, _ = http.DefaultTransport.RoundTrip(r) }() // nobody is left to read the answer
			await := func(done chan struct{}) {
				select {
				case <-done:
				case <-time.After(soon):
					t.Fatal("the model was not called, or its call goes on")
				}
			}
			await(began)
			leave()
			await(ended)
		})
	}
}

func TestInvocationThatIsTooLarge(t *testing.T) {
	c, _ := newConfig(t, to(t, func(http.ResponseWriter, *http.Request) { t.Error("the model was called") }))
	address := serve(t, c)
	body := strings.Repeat(" ", 100<<20) + queued(`"x"`)
	wantFailed(t, invoke(t, address, "worker", body), http.StatusRequestEntityTooLarge, "BodyTooLarge", "worker got no invocation")
	got := invoke(t, address, "Rest", body)
	if got.status != http.StatusOK || !strings.Contains(string(got.outputs["res"]), `"statusCode":"413"`) {
		t.Errorf("got %d %s, want 413 for the caller", got.status, got.text)
	}
}
