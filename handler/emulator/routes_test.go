package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

func TestRoutes(t *testing.T) {
	e := serve(t, emulator.Config{})
	const hello = `{"messages":[{"role":"user","content":"hello"}]}`
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		status             int
		contains           string
	}{
		"serverless needs no model":    {"POST", "/chat/completions" + version, hello, nil, 200, `"model":"emulator/echo"`},
		"serverless takes a model":     {"POST", "/chat/completions" + version, request("JSON", ""), nil, 200, `"model":"emulator/json"`},
		"services take a model":        {"POST", "/models/chat/completions" + version, request("Echo", ""), nil, 200, `"model":"emulator/echo"`},
		"services need a model":        {"POST", "/models/chat/completions" + version, hello, nil, 400, `"code":"no_model_name"`},
		"unknown model":                {"POST", "/models/chat/completions" + version, request("gpt", ""), nil, 400, `{"error":{"code":"unknown_model","details":null,"message":"Unknown model: gpt"}}`},
		"deployment header wins":       {"POST", "/models/chat/completions" + version, request("gpt", ""), []string{"azureml-model-deployment: echo"}, 200, `"model":"emulator/echo"`},
		"mesh header wins":             {"POST", "/chat/completions" + version, request("gpt", ""), []string{"x-ms-model-mesh-model-name: json"}, 200, `"model":"emulator/json"`},
		"info":                         {"GET", "/info" + version, "", nil, 200, `{"model_name":"emulator/echo","model_provider_name":"emulator","model_type":"chat-completion"}`},
		"info of services":             {"GET", "/models/info" + version, "", nil, 200, `"model_name":"emulator/echo"`},
		"info of a model":              {"GET", "/models/info" + version + "&model=Tools", "", nil, 200, `"model_name":"emulator/tools"`},
		"info of an unknown model":     {"GET", "/info" + version + "&model=gpt", "", nil, 400, `"code":"unknown_model"`},
		"unknown route":                {"POST", "/embedding" + version, "", nil, 404, `"message":"Resource not found"`},
		"wrong method":                 {"GET", "/chat/completions" + version, "", nil, 405, `"code":"405"`},
		"no api-version":               {"POST", "/chat/completions", hello, nil, 400, `api-version is required`},
		"no api-version for the list":  {"GET", "/models", "", nil, 400, `api-version is required`},
		"no body":                      {"POST", "/chat/completions" + version, "", nil, 400, `The body is not valid`},
		"not JSON":                     {"POST", "/chat/completions" + version, hello + "}", nil, 400, `The body is not valid`},
		"not an object":                {"POST", "/chat/completions" + version, "[]", nil, 400, `'body' cannot be of JSON type array.`},
		"no messages":                  {"POST", "/chat/completions" + version, "{}", nil, 400, `at least one message`},
		"empty messages":               {"POST", "/chat/completions" + version, `{"messages":[]}`, nil, 400, `at least one message`},
		"null":                         {"POST", "/chat/completions" + version, "null", nil, 400, `at least one message`},
		"wrong type":                   {"POST", "/chat/completions" + version, request("echo", `,"stream":"yes"`), nil, 400, `'stream' cannot be of JSON type string.`},
		"wrong content":                {"POST", "/chat/completions" + version, `{"messages":[{"content":1}]}`, nil, 400, `'content' must be`},
		"wrong stop":                   {"POST", "/chat/completions" + version, request("echo", `,"stop":1`), nil, 400, `'stop' must be`},
		"wrong tool_choice":            {"POST", "/chat/completions" + version, request("echo", `,"tool_choice":{}`), nil, 400, `'tool_choice' must`},
		"too large":                    {"POST", "/chat/completions" + version, strings.Repeat(" ", 32<<20+1), nil, 413, `larger than 33554432 bytes`},
		"nulls are as good as nothing": {"POST", "/chat/completions" + version, request("echo", `,"stop":null,"stream":null,"tool_choice":null,"max_tokens":null`), nil, 200, `"finish_reason":"stop"`},
	} {
		t.Run(name, func(t *testing.T) {
			response := e.send(t, c.method, c.path, c.body, append(c.header, "x-ms-client-request-id: mine")...)
			equal(t, "status", response.StatusCode, c.status)
			equal(t, "content type", response.Header.Get("Content-Type"), "application/json")
			equal(t, "client request id", response.Header.Get("x-ms-client-request-id"), "mine")
			body := readAll(t, response)
			if !strings.Contains(body, c.contains) {
				t.Errorf("got %s, want it to contain %s", body, c.contains)
			}
			unknown := strings.Contains(body, "unknown_model")
			equal(t, "x-ms-error-code", response.Header.Get("x-ms-error-code") == "unknown_model", unknown)
		})
	}
}

func TestModelsListEveryDeployment(t *testing.T) {
	response := serve(t, emulator.Config{}).send(t, "GET", "/models"+version, "")
	equal(t, "status", response.StatusCode, http.StatusOK)
	list := parse(t, readAll(t, response))
	equal(t, "object", at(t, list, "object"), any("list"))
	var names []string
	for _, model := range at(t, list, "data").([]any) {
		names = append(names, at(t, model, "id").(string))
		if at(t, model, "object") != "model" || at(t, model, "owned_by") != "emulator" || at(t, model, "description") == "" {
			t.Errorf("incomplete: %v", model)
		}
	}
	equal(t, "names", names, emulator.Deployments())
	equal(t, "first", names[0], "echo")
}
