package lambda_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

// A managed instance runs several invocations in one process. Each gets its own answer.
func TestConcurrentInvocations(t *testing.T) {
	const loops, calls = 4, 40
	var meeting sync.WaitGroup // the first calls wait for one another at the endpoint
	meeting.Add(loops)
	e := newEndpoint(t, nil)
	e.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if e.calls.Add(1) <= loops {
			meeting.Done()
			meeting.Wait()
		}
		_, number, _ := strings.Cut(string(body), `"content":"`)
		number, _, _ = strings.Cut(number, `"`)
		answering(http.StatusOK, `{"number":"`+number+`"}`)(w, r)
	})
	f := start(t, one(e.URL, `,"rateLimit":{"calls":1000}`), func(c *double.Config) { c.Concurrency = loops })
	var all sync.WaitGroup
	for n := range calls {
		all.Go(func() {
			body := strings.Replace(chat, "Capital of Peru?", fmt.Sprint(n), 1)
			want := fmt.Sprintf(`{"number":"%d"}`, n)
			if n%2 == 0 {
				wantPayload(t, f, `{"action":"GetChatCompletions","input":`+body+`}`, want)
			} else if got := send(t, &double.FunctionURL{Function: f.Function}, call(t, "POST", chatTarget, body)); got.body != want {
				t.Errorf("got %d %s, want %s", got.status, got.body, want)
			}
		})
	}
	all.Wait()
}
