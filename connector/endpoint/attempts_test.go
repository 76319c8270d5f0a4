package endpoint

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"inferenceconnector/connector"
)

// The time of a call is that of all its attempts: it does not start over (R11).
func TestBudgetsDoNotStartOver(t *testing.T) {
	for body, test := range map[string]struct{ first, whole time.Duration }{
		plainChat:    {60 * time.Second, 100 * time.Second},
		streamedChat: {50 * time.Second, 60 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			requests := 0
			e := serveInBubble(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
				if requests++; requests == 1 {
					time.Sleep(test.first)
					w.WriteHeader(http.StatusServiceUnavailable)
					return
				}
				hang(w, r)
			})
			attempt, err := e.Prepare(t.Context(), chat(t, body))
			if err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			response, err := attempt(t.Context())
			if err != nil || !response.Repeat.Allowed || response.Repeat.Left != test.whole-test.first {
				t.Fatalf("got %+v, %v, want a repeat within %v", response, err, test.whole-test.first)
			}
			_ = response.Body.Close()
			_, err = attempt(t.Context())
			wantCode(t, err, connector.UpstreamTimeout)
			if got := time.Since(start); got != test.whole {
				t.Errorf("two attempts took %v, want %v", got, test.whole)
			}
		})
	}
}

// Once a good answer has begun, nothing is asked for again, not even what could be (R18).
func TestNoRepeatOfAnAnswerThatBegan(t *testing.T) {
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		want    bool
	}{
		"before it began": {abort, true},
		"its head":        {chain(head(startJSON), abort), false},
		"half of it":      {chain(head(startJSON, `{"model_name":`), abort), false},
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t, Config{}, test.handler)
			attempt, err := e.Prepare(t.Context(), &connector.Request{Action: getInfo, Record: &connector.Record{}})
			if err != nil {
				t.Fatal(err)
			}
			_, err = attempt(t.Context())
			if got := connector.AsError(err).Repeat.Allowed; err == nil || got != test.want {
				t.Errorf("got %v, repeat: %t, want %t", err, got, test.want)
			}
		})
	}
}
