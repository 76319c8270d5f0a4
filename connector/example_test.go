package connector_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/schema"
)

// A host makes an Invocation of what arrived, and relays the Response. Here a model endpoint shows what it
// was sent: the caller's input with the defaults.
func ExampleConnector_Invoke() {
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.URL, string(body))
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"choices":[]}`)
	}))
	defer model.Close()
	target, err := endpoint.New(endpoint.Config{URL: model.URL + "/models", Egress: endpoint.Egress{TrustLoopback: true}})
	if err != nil {
		fmt.Println(err)
		return
	}
	c := connector.New([]*connector.Connection{{
		Name: "default", Open: true, Calls: 100, RenewalPeriod: time.Minute, Endpoint: target,
	}}, throttle.NewMemory())

	call, err := connector.FromInput(actions(), "GetChatCompletions", "default", []byte(`{"model":"m","messages":[{"role":"user","content":"Hi"}]}`), nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := c.Invoke(context.Background(), call)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	_, _ = io.Copy(os.Stdout, response.Body)
	// Output:
	// /models/chat/completions?api-version=2024-05-01-preview {"model":"m","messages":[{"role":"user","content":"Hi"}],"temperature":0.7,"top_p":1,"frequency_penalty":0,"presence_penalty":0}
	// {"choices":[]}
}

func actions() []*schema.Action {
	actions, err := schema.Load()
	if err != nil {
		panic(err)
	}
	return actions
}
