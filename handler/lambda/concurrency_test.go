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
	f := start(t, queued(e.URL, `"requests":`+chats), func(c *double.Config) { c.Concurrency = loops })
	all := fronts(f.Function, nil)
	var calling sync.WaitGroup
	for n := range calls {
		calling.Go(func() {
			body := strings.Replace(chat, "Capital of Peru?", fmt.Sprint(n), 1)
			want := fmt.Sprintf(`{"number":"%d"}`, n)
			switch n % 4 {
			case 0:
				wantPayload(t, f, `{"action":"GetChatCompletions","input":`+body+`}`, want)
			case 1:
				wantPayload(t, f, batch("requests", `{"action":"GetChatCompletions","input":`+body+`}`, "bad"), failedOnes("m1"))
			default:
				name := []string{"REST API", "load balancer, multi-value"}[n%2]
				if got := send(t, all[name], call(t, "POST", chatTarget, body)); got.body != want {
					t.Errorf("%s: got %d %s, want %s", name, got.status, got.body, want)
				}
			}
		})
	}
	calling.Wait()
}
