package connector_test

import (
	"testing"

	"inferenceconnector/connector"
)

// When requests have taken all there is, replies to them still have room: what has run may have been billed (R25).
func TestRepliesHaveAnEighthMore(t *testing.T) {
	const limit, allowance = 8 << 20, 32 << 10
	m := connector.NewMemory(limit)
	request, next, reply := m.Part(), m.Part(), m.Part()
	if err := request.Keep(limit + allowance); err != nil {
		t.Fatalf("got %v, want room for a request of all there is", err)
	}
	if err := next.Keep(allowance + 1); connector.AsError(err).Code != connector.Overloaded {
		t.Errorf("got %v, want no room for another request", err)
	}
	reply.Reply()
	if err := reply.Keep(limit/8 + allowance); err != nil {
		t.Errorf("got %v, want room for a reply", err)
	}
	if err := reply.Keep(1); connector.AsError(err).Code != connector.Overloaded {
		t.Errorf("got %v, want no room for more", err)
	}
	request.Free()
	if err := next.Keep(allowance + 1); err != nil {
		t.Errorf("got %v, want room when the request is over", err)
	}
}
