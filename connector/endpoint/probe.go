package endpoint

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"inferenceconnector/connector"
)

// Probe makes the family's cheapest call, which runs no model, and returns the status of the answer. It is sound
// when it shows that the address is right, or when endpoints of the family may lack the call. The error is that
// of a call which got no answer, or whose credential was refused or not to be had.
func (e *Endpoint) Probe(ctx context.Context) (status int, sound bool, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, e.budgets.Call, errCallTooLong)
	defer cancel()
	target := e.url(e.family.probe(e.address.base), e.APIVersion(), url.Values{})
	r := e.newRequest(http.MethodGet, target, e.header(&connector.Request{}))
	c := &call{request: r, record: &connector.Record{}}
	c.setBody(nil)
	if err := e.signIn(ctx, r.Header); err != nil {
		return 0, false, err
	}
	reply, err := e.roundTrip(ctx, c)
	if err != nil {
		return 0, false, c.failure(ctx, err)
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusUnauthorized || reply.StatusCode == http.StatusForbidden {
		_, err = e.refusal(r.Method, reply)
	}
	sound = slices.Contains([]int{http.StatusOK, http.StatusTooManyRequests}, reply.StatusCode) ||
		reply.StatusCode == http.StatusNotFound && e.family.modelInfo
	return reply.StatusCode, sound, err
}
