package endpoint

import (
	"context"
	"net/http"
	"net/url"

	"inferenceconnector/connector"
)

// Probe makes the family's cheapest call, which runs no model, and returns the status of the answer. The
// error is that of a call which got none, or whose credential was refused.
func (e *Endpoint) Probe(ctx context.Context) (status int, err error) {
	ctx, cancel := context.WithTimeoutCause(ctx, e.budgets.Call, errCallTooLong)
	defer cancel()
	target := e.url(e.family.probe(e.address.base), e.APIVersion(), url.Values{})
	r := e.newRequest(http.MethodGet, target, e.header(&connector.Request{}))
	c := &call{request: r, record: &connector.Record{}}
	reply, err := e.roundTrip(ctx, c)
	if err != nil {
		return 0, c.failure(ctx, err)
	}
	defer reply.Body.Close()
	if reply.StatusCode == http.StatusUnauthorized || reply.StatusCode == http.StatusForbidden {
		_, err = e.refusal(r.Method, reply)
	}
	return reply.StatusCode, err
}
