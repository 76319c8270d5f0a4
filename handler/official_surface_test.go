package main_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/handler/callers"
	"inferenceconnector/handler/rest"
	"inferenceconnector/schema"
)

// serveSurface serves connections in this process, so that thousands of calls take seconds. Calls to it go over HTTP.
func serveSurface(t *testing.T, double *endpointDouble, known *callers.List, connections ...*connector.Connection) suite {
	t.Helper()
	server := httptest.NewServer(rest.New(rest.Config{
		Connector: connector.New(connections, throttle.NewMemory()), Actions: loadActions(t),
		Callers: known, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
		MaxCalls: 100, MaxBodyBytes: 16 << 20, BodyTimeout: patience, WriteTimeout: patience,
	}))
	t.Cleanup(server.Close)
	transport := &http.Transport{DisableCompression: true}
	t.Cleanup(transport.CloseIdleConnections)
	return suite{endpoint: double, do: func(r *http.Request) (*http.Response, error) {
		r.URL.Scheme, r.URL.Host = "http", server.Listener.Addr().String()
		return transport.RoundTrip(r)
	}}
}

func loadActions(t *testing.T) []*schema.Action {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return actions
}

// openTo is a connection without callers to an address of this machine. It has one deployment, known to the endpoint
// as model.
func openTo(t *testing.T, name, address, deployment, model string) *connector.Connection {
	t.Helper()
	e, err := endpoint.New(endpoint.Config{URL: address, Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	return &connector.Connection{
		Name: name, Open: true, Calls: 1 << 20, RenewalPeriod: time.Minute,
		Deployments: []*connector.Deployment{{Name: deployment, Model: model, Endpoint: e}},
	}
}

// jsonRequest is a request whose body is JSON, or which has none.
func jsonRequest(method, path string, query url.Values, body []byte) *message {
	m := newMessage(method+" "+path+"?"+query.Encode(), http.Header{}, body)
	if body != nil {
		m.header.Set("Content-Type", "application/json")
	}
	return m
}
