package settings_test

import (
	"net/http"
	"testing"
	"time"
)

// example is that of the design, as far as this version knows its keys.
const example = `{"connections":{"default":{
   "displayName":"Team models",
   "endpoint":"https://team.services.ai.azure.com/models",
   "authentication":{"type":"Key","value":"@appsetting('AZUREAI_ENDPOINT_KEY')"},
   "callers":[{"name":"orders","key":"@appsetting('ORDERS_KEY')"}],
   "rateLimit":{"calls":100,"renewalPeriod":60},
   "deployments":{"mistral-large":{},
     "gpt-4o":{"endpoint":"https://team.openai.azure.com","authentication":{"type":"None"},"apiVersion":"2024-10-21"},
     "local":{"endpoint":"http://localhost:11434/v1","model":"llama3.2"}}}}}`

func TestTheExampleIsRead(t *testing.T) {
	s := mustLoad(t, example, "AZUREAI_ENDPOINT_KEY=secret", "ORDERS_KEY="+keyA)
	c := only(t, s)
	equal(t, "source", s.Source, "connections.json")
	equal(t, "name", c.Name, "default")
	equal(t, "display name", c.DisplayName, "Team models")
	equal(t, "open", c.Open, false)
	equal(t, "calls", c.Calls, 100)
	equal(t, "period", c.RenewalPeriod, time.Minute)
	equalList(t, "deployments", deployments(c), []string{"mistral-large", "gpt-4o", "local"})
	equalList(t, "endpoints", endpoints(s), []string{
		"default  ai-services team.services.ai.azure.com",
		"default gpt-4o azure-openai team.openai.azure.com",
		"default local openai-compatible localhost:11434",
	})
	equal(t, "model of mistral-large", c.Deployments[0].Model, "mistral-large")
	equal(t, "model of local", c.Deployments[2].Model, "llama3.2")
	equal(t, "endpoint of mistral-large", c.Deployments[0].Endpoint, c.Endpoint)
	caller, err := s.Callers.Identify(t.Context(), http.Header{"Api-Key": {keyA}})
	equal(t, "unknown", err, nil)
	equal(t, "its name", caller.Grants["default"], "orders")
}

func TestDefaults(t *testing.T) {
	s := mustLoad(t, `{"connections":{"a":{"endpoint":"https://a.models.ai.azure.com"}}}`)
	c := only(t, s)
	equal(t, "display name", c.DisplayName, "a")
	equal(t, "open", c.Open, true)
	equal(t, "one model", c.OneModel, true)
	equal(t, "calls", c.Calls, 100)
	equal(t, "period", c.RenewalPeriod, time.Minute)
	equal(t, "listen", s.Listen, "127.0.0.1:7071")
	equal(t, "body", s.MaxBodyBytes, 16<<20)
	equal(t, "calls at once", s.MaxCalls, 512)
	equal(t, "call timeout", s.CallTimeout, 100*time.Second)
	equal(t, "drain timeout", s.DrainTimeout, 25*time.Second)
}

func TestOrderOfTheFileIsKept(t *testing.T) {
	s := mustLoad(t, `{"connections":{
		"z":{"endpoint":"https://z.services.ai.azure.com/models","deployments":{"m9":{},"m1":{},"M5":{},"m10":{}}},
		"a":{"endpoint":"https://a.services.ai.azure.com/models"},
		"m":{"endpoint":"https://m.services.ai.azure.com/models"}}}`)
	var names []string
	for _, c := range s.Connections {
		names = append(names, c.Name)
	}
	equalList(t, "connections", names, []string{"z", "a", "m"})
	equalList(t, "deployments", deployments(s.Connections[0]), []string{"m9", "m1", "M5", "m10"})
}

func TestAppSettingsStandInsideAnyString(t *testing.T) {
	s := mustLoad(t, `{"connections":{"a":{
		"displayName":"@appsetting('TEAM') models of @appsetting('TEAM')",
		"endpoint":"https://@appsetting('RESOURCE').services.ai.azure.com/models",
		"apiVersion":"@appsetting('VERSION')",
		"callers":[{"name":"@appsetting('TEAM')","key":["@appsetting('NEW_KEY')","@appsetting('OLD_KEY')"]}],
		"egress":{"allowCidrs":["@appsetting('RANGE')"]},
		"deployments":{"m":{"model":"@appsetting('MODEL')"}}}}}`,
		"TEAM=blue", "RESOURCE=one", "VERSION=2025-04-01", "NEW_KEY="+keyA, "OLD_KEY="+keyB, "RANGE=10.0.0.0/8", "MODEL=large")
	c := only(t, s)
	equal(t, "display name", c.DisplayName, "blue models of blue")
	equal(t, "host", s.Endpoints[0].Host(), "one.services.ai.azure.com")
	equal(t, "model", c.Deployments[0].Model, "large")
	for _, key := range []string{keyA, keyB} {
		caller, _ := s.Callers.Identify(t.Context(), http.Header{"Api-Key": {key}})
		equal(t, "caller", caller.Grants["a"], "blue")
	}
}

func TestOwnDefaultsOfADeployment(t *testing.T) {
	s := mustLoad(t, `{"connections":{"a":{"endpoint":"https://a.services.ai.azure.com/models","deployments":{
		"own":{"defaults":{"temperature":null,"top_p":0.50}},"thinks":{"reasoning":true}}}}}`)
	own, thinks := only(t, s).Deployments[0], only(t, s).Deployments[1]
	equal(t, "temperature", own.Defaults["temperature"], "null")
	equal(t, "top_p", own.Defaults["top_p"], "0.50")
	equal(t, "reasoning of own", own.Reasoning, false)
	equal(t, "reasoning of thinks", thinks.Reasoning, true)
}

func TestWhatADeploymentLacks(t *testing.T) {
	s := mustLoad(t, `{"connections":{"a":{"endpoint":"https://a.services.ai.azure.com/models","deployments":{
		"weak":{"lacks":["tools","response_format.json_schema","input_type"]},"all":{"lacks":[]},"strong":{}}}}}`)
	c := only(t, s)
	equalList(t, "weak", c.Deployments[0].Lacks, []string{"tools", "response_format.json_schema", "input_type"})
	equalList(t, "all", c.Deployments[1].Lacks, nil)
	equalList(t, "strong", c.Deployments[2].Lacks, nil)
}

// Who describes the same endpoint shares it, and its pool of connections.
func TestTheSameEndpointIsShared(t *testing.T) {
	const there = `"endpoint":"https://a.openai.azure.com"`
	const key = `,"authentication":{"type":"Key","value":"k"}`
	s := mustLoad(t, `{"connections":{"a":{`+there+key+`,"deployments":{"inherits":{},"repeats":{`+there+key+`},
		"keyless":{`+there+`},"older":{"apiVersion":"2024-06-01"},"private":{`+there+key+`,"egress":{"allowCidrs":["10.0.0.0/8"]}}}}}}`)
	c := only(t, s)
	for i, shared := range []bool{true, true, false, false, false} {
		d := c.Deployments[i]
		equal(t, d.Name+" shares", d.Endpoint == c.Endpoint, shared)
	}
	equal(t, "endpoints", len(s.Endpoints), 4)
	equal(t, "authentication", s.Endpoints[0].Authentication, "Key")
	equal(t, "authentication of keyless", s.Endpoints[1].Authentication, "None")
}

func TestAVersionOfItsOwnMakesADeploymentsEndpoint(t *testing.T) {
	s := mustLoad(t, `{"connections":{"a":{"endpoint":"https://a.services.ai.azure.com/models","deployments":{
		"old":{"apiVersion":"2024-05-01-preview"},"new":{}}}}}`)
	c := only(t, s)
	equal(t, "shares the endpoint of the connection: old", c.Deployments[0].Endpoint == c.Endpoint, false)
	equal(t, "shares the endpoint of the connection: new", c.Deployments[1].Endpoint == c.Endpoint, true)
	equalList(t, "endpoints", endpoints(s), []string{
		"a  ai-services a.services.ai.azure.com", "a old ai-services a.services.ai.azure.com",
	})
}

func TestSeveralConnectionsMayShareACallersKey(t *testing.T) {
	s := mustLoad(t, `{"connections":{
		"a":{"endpoint":"https://a.services.ai.azure.com/models","callers":[{"name":"x","key":"`+keyA+`"}]},
		"b":{"endpoint":"https://b.services.ai.azure.com/models","callers":[{"name":"y","key":"`+keyA+`"}]}}}`)
	caller, _ := s.Callers.Identify(t.Context(), http.Header{"Api-Key": {keyA}})
	equal(t, "grants", len(caller.Grants), 2)
	equal(t, "name at a", caller.Grants["a"], "x")
	equal(t, "name at b", caller.Grants["b"], "y")
}

func TestTheFileMayBeElsewhere(t *testing.T) {
	path := t.TempDir() + "/other.json"
	write(t, path, `{"$schema":"https://example.org/connections.schema.json","connections":{"other":{"endpoint":"https://o.models.ai.azure.com"}}}`)
	s := mustLoad(t, example, "CONNECTOR_CONNECTIONS_FILE="+path)
	equal(t, "name", only(t, s).Name, "other")
	equal(t, "source", s.Source, path)
}
