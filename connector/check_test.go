package connector_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/schema"
)

// newChecked returns a connector whose connection "default" has room for one call, and how often its endpoint was
// asked. "unlisted" takes any name of a model.
func newChecked(t testing.TB) (c *connector.Connector, asked *atomic.Int32) {
	t.Helper()
	asked = &atomic.Int32{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"choices":[]}`))
	}))
	t.Cleanup(server.Close)
	e, err := endpoint.New(endpoint.Config{URL: server.URL + "/models", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(e.Close)
	azure, err := endpoint.New(endpoint.Config{URL: server.URL, Family: "azure-openai", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(azure.Close)
	return connector.New([]*connector.Connection{{
		Name: "default", Calls: 1, RenewalPeriod: time.Minute,
		Deployments: []*connector.Deployment{{Name: "small", Endpoint: e}, {Name: "plain", Endpoint: e, Lacks: []string{"tools", "temperature"}},
			{Name: "azure", Endpoint: azure, Model: "azure"}},
	}, {
		Name: "unlisted", Calls: 1, RenewalPeriod: time.Minute, Endpoint: e,
	}, {
		Name: "brought", Calls: 1, RenewalPeriod: time.Minute,
		Bring: func(string, connector.Secret) (*connector.Target, error) { return nil, errors.New("never") },
	}}, throttle.NewMemory()), asked
}

const checked = `{"model":"small","messages":[{"role":"user","content":"Hi"}]}`

// What Invoke would refuse is refused in the same words; nothing is called, and no slot is taken.
func TestCheck(t *testing.T) {
	known := actions()
	withModel := func(name string) string { return strings.Replace(checked, "small", name, 1) }
	for name, test := range map[string]struct {
		action, connection, input string
		code                      connector.Code // "" for a call that would be made
	}{
		"good":                  {getChat, "default", checked, ""},
		"letter case of model":  {getChat, "default", withModel("SMALL"), ""},
		"unlisted model":        {getChat, "unlisted", withModel("any"), ""},
		"list":                  {"ListModels", "default", `{}`, ""},
		"stream":                {getChat, "default", strings.Replace(checked, "{", `{"stream":true,`, 1), connector.InvalidRequest},
		"no such connection":    {getChat, "other", checked, connector.NotFound},
		"which connection":      {getChat, "", checked, connector.InvalidRequest},
		"brought by nobody":     {getChat, "brought", checked, connector.InvalidRequest},
		"no model":              {getChat, "default", `{"messages":[{"role":"user","content":"Hi"}]}`, connector.NoModelName},
		"unknown model":         {getChat, "default", withModel("large"), connector.UnknownModel},
		"missing":               {getChat, "default", `{"model":"small"}`, connector.ValidationFailed},
		"out of range":          {getChat, "default", strings.Replace(checked, "{", `{"temperature":7,`, 1), connector.ValidationFailed},
		"wrong type":            {getChat, "default", strings.Replace(checked, "{", `{"max_tokens":"7",`, 1), connector.ValidationFailed},
		"lacking":               {getChat, "default", strings.Replace(withModel("plain"), "{", `{"temperature":0.2,`, 1), connector.ParameterNotSupported},
		"unknown parameter":     {getChat, "default", strings.Replace(checked, "{", `{"top_q":1,`, 1), connector.ExtraParameters},
		"bad api-version":       {getChat, "default", strings.Replace(checked, "{", `{"api-version":"soon",`, 1), connector.UnsupportedAPIVersion},
		"not of that family":    {"GetModelInfo", "default", `{"model":"azure"}`, connector.ModelInfoUnavailable},
		"list of no connection": {"ListModels", "other", `{}`, connector.NotFound},
	} {
		t.Run(name, func(t *testing.T) {
			c, asked := newChecked(t)
			for range 3 {
				call := invocation(t, known, test.action, test.connection, test.input)
				if err := c.Check(call); (err == nil) != (test.code == "") || err != nil && connector.AsError(err).Code != test.code {
					t.Fatalf("got %v, want %q", err, test.code)
				} else if err != nil {
					_, invoked := c.Invoke(t.Context(), invocation(t, known, test.action, test.connection, test.input))
					if invoked == nil || invoked.Error() != err.Error() {
						t.Errorf("got %v, but %v of a call", err, invoked)
					}
				}
				if call.Record.Attempts != 0 || call.Record.Calls != 0 {
					t.Errorf("got %+v", call.Record)
				}
			}
			if asked.Load() != 0 {
				t.Errorf("the endpoint was asked %d times", asked.Load())
			}
			for _, connection := range []string{"default", "unlisted"} { // the one slot is there
				response, err := c.Invoke(t.Context(), invocation(t, known, getChat, connection, checked))
				if err != nil {
					t.Fatal(err)
				}
				_ = response.Body.Close()
			}
		})
	}
}

func invocation(t testing.TB, known []*schema.Action, action, connection, input string) *connector.Invocation {
	t.Helper()
	call, err := connector.FromInput(known, action, connection, []byte(input), nil)
	if err != nil {
		t.Fatal(err)
	}
	call.NoStream = true
	return call
}
