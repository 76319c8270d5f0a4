package emulator_test

import (
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

const notAllowed = ` are not allowed when extra-parameters is not set or set to be 'error'. Set extra-parameters to 'pass-through' to pass to the model."}`

func TestExtraParameters(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	for _, family := range []string{"serverless", "managed-online", "ai-services", "github-models"} {
		for name, c := range map[string]struct {
			fields, header string
			want           string // the body of the refusal; empty: the words of the answer
			words          string
		}{
			"one":          {`,"n":1`, "", `{"detail":"Extra parameters ['n']` + notAllowed, ""},
			"several":      {`,"stream_options":{},"seed":1,"n":null`, "extra-parameters: error", `{"detail":"Extra parameters ['stream_options', 'n']` + notAllowed, ""},
			"option":       {``, "extra-parameters: allow", `{"detail":"Unexpected EXTRA_PARAMETERS option allow, expected options are ['error', 'drop', 'pass-through']"}`, ""},
			"pass-through": {`,"max_completion_tokens":1`, "extra-parameters: pass-through", "", "one"},
			"drop":         {`,"max_completion_tokens":1,"max_tokens":2`, "extra-parameters: drop", "", "one two"},
			"all known": {`,"frequency_penalty":0,"presence_penalty":0,"temperature":0,"top_p":1,"max_tokens":1,"stop":["x"],"stream":false,"seed":1,
				"response_format":{"type":"text"},"tools":[],"tool_choice":"none","modalities":["text"],"user_security_context":{}`, "", "", "one"},
		} {
			t.Run(family+" "+name, func(t *testing.T) {
				response := e.ask(t, family, "echo", c.fields, c.header)
				got := parse(t, readAll(t, response))
				if c.want != "" {
					equal(t, "status", response.StatusCode, 400)
					equal(t, "body", got, parse(t, c.want))
					return
				}
				equal(t, "content", at(t, got, "choices", 0, "message", "content"), any(c.words))
			})
		}
	}
}

func TestOpenAITakesEveryParameter(t *testing.T) {
	e := serve(t, emulator.Config{})
	for _, family := range []string{"azure-openai", "azure-openai v1", "openai-compatible"} {
		response := e.ask(t, family, "echo", `,"n":1,"max_completion_tokens":1`, "extra-parameters: of no meaning")
		equal(t, family, at(t, parse(t, readAll(t, response)), "choices", 0, "message", "content"), any("one"))
	}
}

// What is dropped is not refused by the model, and what is no JSON is not taken for less of it.
func TestDropped(t *testing.T) {
	e := serve(t, emulator.Config{})
	response := e.ask(t, "ai-services", "unsupported", `,"n":1,"seed":7`, "extra-parameters: drop")
	equal(t, "loc", at(t, parse(t, readAll(t, response)), "detail", 0, "loc"), any([]any{"body", "seed"}))
	for _, body := range []string{request("echo", `,"n":1`) + "}", strings.TrimSuffix(request("echo", `,"n":1`), "}")} {
		response := e.chat(t, body, "extra-parameters: drop")
		equal(t, "status", response.StatusCode, 400)
		equal(t, "code", at(t, parse(t, readAll(t, response)), "error", "code"), any("BadRequest"))
	}
}
