package emulator_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

// chats are the addresses under which each family takes chats; MODEL stands for the name of a deployment.
var chats = map[string]string{
	"serverless":         "/chat/completions?api-version=2024-05-01-preview",
	"managed-online":     "/managed-online/chat/completions?api-version=2024-05-01-preview",
	"ai-services":        "/models/chat/completions?api-version=2024-05-01-preview",
	"azure-openai":       "/openai/deployments/MODEL/chat/completions?api-version=2024-10-21",
	"azure-openai v1":    "/openai/v1/chat/completions",
	"openai-compatible":  "/v1/chat/completions",
	"github-models":      "/inference/chat/completions",
	"github-models, org": "/orgs/acme/inference/chat/completions",
}

// ask sends a family a chat for a deployment, named as its callers do.
func (e endpoint) ask(t testing.TB, family, model, fields string, header ...string) *http.Response {
	t.Helper()
	if model != "" && family == "managed-online" {
		header = append(header, "azureml-model-deployment: "+model)
	}
	return e.send(t, http.MethodPost, strings.ReplaceAll(chats[family], "MODEL", model), request(model, fields), header...)
}

func TestAddresses(t *testing.T) {
	var names []string
	for _, a := range emulator.Addresses() {
		names = append(names, a.Family)
		served := false
		for _, path := range chats {
			served = served || strings.HasPrefix(path, strings.ReplaceAll(a.Path, "{deployment}", "MODEL")+"/chat/completions")
		}
		equal(t, a.Path+" is tested", served, true)
	}
	slices.Sort(names)
	equal(t, "families", slices.Compact(names),
		[]string{"ai-services", "azure-openai", "github-models", "managed-online", "openai-compatible", "serverless"})
}

func TestModelNames(t *testing.T) {
	e := serve(t, emulator.Config{})
	for name, c := range map[string]struct {
		family, inBody string
		header         string
		want           string // the deployment, or the status
	}{
		"serverless, none":              {"serverless", "", "", "echo"},
		"serverless, body":              {"serverless", "JSON", "", "json"},
		"managed, none":                 {"managed-online", "", "", "echo"},
		"managed, body is ignored":      {"managed-online", "other", "", "echo"},
		"managed, header":               {"managed-online", "", "azureml-model-deployment: json", "json"},
		"managed, unknown":              {"managed-online", "", "azureml-model-deployment: other", "404"},
		"services, none":                {"ai-services", "", "", "400"},
		"services, body":                {"ai-services", "json", "", "json"},
		"services, mesh header":         {"ai-services", "", "x-ms-model-mesh-model-name: json", "json"},
		"services, publisher":           {"ai-services", "emulator/json", "", "400"},
		"Azure, path":                   {"azure-openai", "json", "", "json"},
		"Azure, unknown":                {"azure-openai", "other", "", "404"},
		"Azure v1, none":                {"azure-openai v1", "", "", "400"},
		"Azure v1, body":                {"azure-openai v1", "json", "", "json"},
		"OpenAI, none":                  {"openai-compatible", "", "", "400"},
		"OpenAI, body":                  {"openai-compatible", "json", "", "json"},
		"OpenAI, header is ignored":     {"openai-compatible", "", "x-ms-model-mesh-model-name: json", "400"},
		"OpenAI, publisher":             {"openai-compatible", "emulator/json", "", "404"},
		"GitHub, none":                  {"github-models", "", "", "400"},
		"GitHub, publisher":             {"github-models", "emulator/json", "", "json"},
		"GitHub, publisher, for an org": {"github-models, org", "emulator/json", "", "json"},
		"GitHub, old name":              {"github-models", "json", "", "json"},
	} {
		t.Run(name, func(t *testing.T) {
			path := strings.ReplaceAll(chats[c.family], "MODEL", c.inBody)
			response := e.send(t, http.MethodPost, path, request(c.inBody, ""), c.header)
			body := readAll(t, response)
			equal(t, "Server", response.Header.Get("Server"), "emulator")
			if strings.HasPrefix(c.want, "40") {
				equal(t, "status", response.Status[:3], c.want)
				return
			}
			equal(t, "model", at(t, parse(t, body), "model"), any("emulator/"+c.want))
		})
	}
}

// The path of Azure OpenAI decides, whatever the body says.
func TestPathWins(t *testing.T) {
	e := serve(t, emulator.Config{})
	response := e.send(t, http.MethodPost, strings.ReplaceAll(chats["azure-openai"], "MODEL", "json"), request("other", ""))
	equal(t, "model", at(t, parse(t, readAll(t, response)), "model"), any("emulator/json"))
}

func TestVersions(t *testing.T) {
	e := serve(t, emulator.Config{})
	for family, status := range map[string]int{
		"serverless": 400, "managed-online": 400, "ai-services": 400, "azure-openai": 404,
		"azure-openai v1": 200, "openai-compatible": 200, "github-models": 200, "github-models, org": 200,
	} {
		path, _, _ := strings.Cut(strings.ReplaceAll(chats[family], "MODEL", "echo"), "?")
		response := e.send(t, http.MethodPost, path, request("echo", ""))
		equal(t, family+" without a version", response.StatusCode, status)
		body := readAll(t, response)
		equal(t, family+" says so", strings.Contains(body, "api-version is required"), status == 400)
		equal(t, family+" with one", e.send(t, http.MethodPost, path+"?api-version=2025-04-01", request("echo", "")).StatusCode, 200)
	}
}

func TestInfoAndLists(t *testing.T) {
	e := serve(t, emulator.Config{})
	const (
		list    = `{"data":[{"created":0,`
		catalog = `[{"id":"emulator/echo","name":"echo","publisher":"emulator","summary":"`
		nothing = `{"error":{"code":"404","message":"Resource not found"}}`
		invalid = `{"error":{"code":null,"message":"Invalid URL (GET `
	)
	for path, want := range map[string]struct {
		status int
		begins string
	}{
		"/info?api-version=2025-04-01":                         {200, `{"model_name":"emulator/echo"`},
		"/models/info?api-version=2025-04-01&model=json":       {200, `{"model_name":"emulator/json"`},
		"/managed-online/info?api-version=2025-04-01":          {200, `{"model_name":"emulator/echo"`},
		"/openai/deployments/echo/info?api-version=2024-10-21": {404, nothing},
		"/openai/v1/info":                               {404, nothing},
		"/v1/info":                                      {404, invalid + "/v1/info)"},
		"/inference/info":                               {404, nothing},
		"/orgs/acme/inference/info":                     {404, nothing},
		"/models?api-version=2025-04-01":                {200, list},
		"/openai/models?api-version=2024-10-21":         {200, list},
		"/openai/models":                                {404, nothing},
		"/openai/v1/models":                             {200, list},
		"/v1/models":                                    {200, list},
		"/catalog/models":                               {200, catalog},
		"/managed-online/models?api-version=2025-04-01": {424, `{"detail":"Not Found"}`},
		"/inference/models":                             {404, nothing},
		"/v1":                                           {404, invalid + "/v1)"},
		"/openai":                                       {404, nothing},
		"/openai/deployments/echo/chat/other?api-version=2024-10-21": {404, nothing},
	} {
		response := e.send(t, http.MethodGet, path, "")
		equal(t, path, response.StatusCode, want.status)
		if body := readAll(t, response); !strings.HasPrefix(body, want.begins) {
			t.Errorf("%s: got %s, want it to begin with %s", path, body, want.begins)
		}
	}
}

// dialects are the families whose words differ from one another's.
func dialects() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(chats)), func(name string) bool { return strings.Contains(name, ", ") })
}
