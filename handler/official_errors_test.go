package main_test

import (
	"net/http"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/handler/callers"
)

// TestOfficialErrors provokes errors of our own. Each is what every version of the interface calls an error.
func TestOfficialErrors(t *testing.T) {
	double := newEndpointDouble(t)
	connection := func(name string, calls int, lacks ...string) *connector.Connection {
		c := openTo(t, name, "http://"+double.address+"/models", officialModel, officialModel)
		c.Calls, c.RenewalPeriod = calls, time.Hour
		c.Deployments[0].Lacks = lacks
		return c
	}
	closed := connection("closed", 1)
	closed.Open = false
	used := connection("used", 1)
	known := &callers.List{}
	known.AddKey(connector.NewSecret(programKey), "closed", "app")
	surface := serveSurface(t, double, known, connection("models", 1<<20), connection("lacking", 1<<20, "seed"), closed, used)
	double.play(newMessage("200", http.Header{"Content-Type": {"application/json"}}, []byte(usualCompletion)))
	if answer := surface.send(t, chatTo("used", officialHi+"}", programChat)); answer.line != "200" {
		t.Fatalf("got status %s for a good call", answer.line)
	}
	files := readOfficial(t)
	for name, c := range officialErrors {
		t.Run(name, func(t *testing.T) {
			answer := surface.send(t, c.request)
			same(t, "status", answer.line, c.status)
			same(t, "x-ms-error-code", answer.header.Get("x-ms-error-code"), c.code)
			contains(t, "answer", string(answer.body()), `{"error":{"code":"`+c.code+`"`)
			for _, f := range files {
				for _, b := range f.breaches(t, errorResponse, answer.body()) {
					t.Errorf("%s: %+v in %s", f.version, b, answer.body())
				}
			}
		})
	}
}

// officialHi is the beginning of a good body.
const officialHi = `{"messages":[{"role":"user","content":"hi"}]`

var officialErrors = map[string]struct {
	request      *message
	status, code string
}{
	"JSON":         {chatTo("models", officialHi, programChat), "400", "InvalidJson"},
	"version":      {chatTo("models", officialHi+"}", "/chat/completions"), "400", "InvalidRequest"},
	"old version":  {chatTo("models", officialHi+"}", "/chat/completions?api-version=1"), "400", "UnsupportedApiVersion"},
	"extra":        {chatTo("models", officialHi+`,"n":2,"m":1}`, programChat), "400", "ExtraParameters"},
	"key":          {chatTo("closed", officialHi+"}", programChat), "401", "Unauthenticated"},
	"connection":   {chatTo("nowhere", officialHi+"}", programChat), "401", "Unauthenticated"},
	"route":        {chatTo("models", officialHi+"}", "/chats"), "404", "NotFound"},
	"model":        {chatTo("models", officialHi+`,"model":"other"}`, programChat), "404", "unknown_model"},
	"method":       {newMessage("GET /connections/models"+programChat, http.Header{}, nil), "405", "MethodNotAllowed"},
	"media type":   {newMessage("POST /connections/models"+programChat, http.Header{}, []byte(officialHi+"}")), "415", "UnsupportedMediaType"},
	"values":       {chatTo("models", `{"messages":[{"role":"x"},7],"seed":{},"top_p":2}`, programChat), "422", "ValidationFailed"},
	"capabilities": {chatTo("lacking", officialHi+`,"seed":1}`, programChat), "422", "parameter_not_supported"},
	"limit":        {chatTo("used", officialHi+"}", programChat), "429", "RateLimitExceeded"},
}

// chatTo is a chat request to a connection.
func chatTo(connection, body, path string) *message {
	return newMessage("POST /connections/"+connection+path, http.Header{"Content-Type": {"application/json"}}, []byte(body))
}
