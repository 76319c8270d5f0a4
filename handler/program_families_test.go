package main_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
)

// served are the families, by name: where the emulator serves each, and what it puts before names of models.
var served = map[string]struct{ path, publisher string }{
	"ai-services":       {"/models", ""},
	"serverless":        {"", ""},
	"managed-online":    {"/managed-online", ""},
	"azure-openai":      {"", ""},
	"github-models":     {"/inference", "emulator/"},
	"openai-compatible": {"/v1", ""},
}

// behaviours are the deployments that every connection of these tests has.
var behaviours = []string{"echo", "tools", "json", "audio", "embeddings", "filtered", "throttled", "unavailable", "breaks"}

// startFamilies starts the program with a connection for each family, all to one emulator that asks for a key.
func (p program) startFamilies(t *testing.T, key string) *running {
	t.Helper()
	emulator := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0", "--key", programKey)
	connections := map[string]any{}
	for family, at := range served {
		deployments := map[string]any{}
		for _, name := range behaviours {
			deployments[name] = map[string]string{"model": at.publisher + name}
		}
		connections[family] = map[string]any{
			"family": family, "endpoint": emulator.url + at.path, "deployments": deployments,
			"authentication": map[string]string{"type": "Key", "value": key},
			"rateLimit":      map[string]int{"calls": 10000},
		}
	}
	text, err := json.Marshal(map[string]any{"connections": connections})
	if err != nil {
		t.Fatal(err)
	}
	return p.start(t, []string{"CONNECTOR_MAX_ATTEMPTS=1", "CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", string(text))})
}

// inboundForms are how an operation of a deployment is asked for.
var inboundForms = map[string]func(operation, deployment string) (path string){
	"Azure AI":     func(o, _ string) string { return o + "?api-version=2024-05-01-preview" },
	"OpenAI":       func(o, _ string) string { return "/v1" + o },
	"Azure OpenAI": func(o, d string) string { return "/openai/deployments/" + d + o + "?api-version=2024-10-21" },
}

// An operator moves a deployment to another family, and no caller notices, whichever form it speaks.
func (p program) testFamilies(t *testing.T) {
	r := p.startFamilies(t, programKey)
	for family := range served {
		for form, path := range inboundForms {
			t.Run(family+", "+form, func(t *testing.T) {
				c := conversation{r, family, form, path}
				c.testWhole(t)
				c.testStream(t)
				c.testTools(t)
				c.testRefusals(t)
				c.testEmbeddings(t)
				c.testPrompts(t)
				c.testAudio(t)
				if form == "Azure AI" { // OpenAI has no embeddings of images
					c.testImages(t)
				}
			})
		}
		t.Run(family+", info", func(t *testing.T) { testFamilyInfo(t, r, family) })
	}
}

// A conversation is with one family in one form.
type conversation struct {
	*running
	family, form string
	path         func(operation, deployment string) string
}

// send makes a call and reads the whole answer.
func (c conversation) send(t *testing.T, operation, deployment, body string) (*http.Response, string) {
	t.Helper()
	reply := c.post(t, "/connections/"+c.family+c.path(operation, deployment), body)
	return reply, readBody(t, reply)
}

func (c conversation) ask(t *testing.T, deployment, text, more string) (*http.Response, string) {
	t.Helper()
	return c.send(t, "/chat/completions", deployment, say(deployment, text, more))
}

func testFamilyInfo(t *testing.T, r *running, family string) {
	response, err := http.Get(r.url + "/connections/" + family + "/info?api-version=2024-05-01-preview&model=echo")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text := readBody(t, response)
	if slices.Contains([]string{"ai-services", "serverless", "managed-online"}, family) {
		same(t, "status", response.StatusCode, http.StatusOK)
		contains(t, "info", text, `"model_name":`, `"model_type":"chat-completion"`, `"model_provider_name":`)
		return
	}
	same(t, "status", response.StatusCode, http.StatusNotFound)
	contains(t, "info", text, "ModelInfoUnavailable", family)
}

// Each family's way to refuse a key is understood: the caller hears that the operator has to act.
func (p program) testFamiliesWrongKey(t *testing.T) {
	r := p.startFamilies(t, "wrong-"+programKey)
	for family := range served {
		reply := r.post(t, "/connections/"+family+programChat, say("echo", "x", ""))
		same(t, family+": status", reply.StatusCode, http.StatusFailedDependency)
		same(t, family+": code", reply.Header.Get("x-ms-error-code"), "UpstreamAuthFailed")
		readBody(t, reply)
	}
}
