package lambda_test

import (
	"testing"
	"time"
)

// Between invocations the process is frozen. Connections that died in the meantime cost no call, and nothing
// that was begun is sent twice.
func TestConnectionsThatDieInAFreeze(t *testing.T) {
	ask := `{"action":"GetChatCompletions","input":` + chat + `}`
	for name, die := range map[string]func(*endpoint){
		"all at once":      func(e *endpoint) { e.CloseClientConnections() },
		"only what rested": func(e *endpoint) { e.Config.SetKeepAlivesEnabled(false); e.Config.SetKeepAlivesEnabled(true) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := newEndpoint(t, nil)
			f := start(t, one(e.URL, ""), environment("CONNECTOR_MAX_ATTEMPTS=1"))
			for range 3 {
				wantPayload(t, f, ask, completion)
				die(e)
				time.Sleep(1100 * time.Millisecond) // a server keeps a connection for longer than a second
			}
			wantPayload(t, f, ask, completion)
			if n := e.calls.Load(); n != 4 {
				t.Errorf("the endpoint was called %d times, want 4", n)
			}
		})
	}
}

// The window is one of time that passes, asleep or not: slots are free when it is over, and not before.
func TestWindowsGoOnInAFreeze(t *testing.T) {
	t.Parallel()
	f := start(t, one(newEndpoint(t, nil).URL, `,"rateLimit":{"calls":1,"renewalPeriod":2}`))
	wantPayload(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, completion)
	wantFailure(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, "RateLimitExceeded", "try again in")
	time.Sleep(2200 * time.Millisecond) // the process sleeps, too
	wantPayload(t, f, `{"action":"GetChatCompletions","input":`+chat+`}`, completion)
}
