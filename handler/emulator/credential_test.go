package emulator_test

import (
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

const (
	badKey = `{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide ` +
		`a valid key for an active subscription and use a correct regional API endpoint for your resource."}}`
	badToken = `{"statusCode":401,"message":"Unauthorized. Access token is missing, invalid, audience is incorrect ` +
		`(https://cognitiveservices.azure.com), or have expired."}`
	badFlat   = `{"error":"Unauthorized","message":"The access token is missing or is not this endpoint's.","status":401}`
	badGitHub = `{"error":{"code":"unauthorized","message":"Bad credentials","details":"Bad credentials"}}`
	badOpenAI = `{"error":{"message":"Incorrect API key provided.","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`
	noOpenAI  = `{"error":{"message":"You didn't provide an API key. Send it as Authorization: Bearer YOUR_KEY.",` +
		`"type":"invalid_request_error","param":null,"code":null}}`
	badServerless = `{"error":{"code":"Unauthorized","message":"auth token validation failed"}}`
	noServerless  = `{"error":{"code":"Bad Request","message":"Missing Authorization header"}}`
)

// Each family reads its own headers; the answers are to what stands in no other.
func TestKeys(t *testing.T) {
	guarded, open := serve(t, emulator.Config{Key: "secret"}), serve(t, emulator.Config{})
	for family, c := range map[string]struct {
		apiKey, bearer           bool // the header is read
		none, wrongKey, wrongOne string
	}{
		"serverless":         {false, true, noServerless, noServerless, badServerless},
		"managed-online":     {false, true, badFlat, badFlat, badFlat},
		"ai-services":        {true, true, badToken, badKey, badToken},
		"azure-openai":       {true, false, badToken, badKey, badToken},
		"azure-openai v1":    {true, true, badToken, badKey, badToken},
		"openai-compatible":  {false, true, noOpenAI, noOpenAI, badOpenAI},
		"github-models":      {false, true, badGitHub, badGitHub, badGitHub},
		"github-models, org": {false, true, badGitHub, badGitHub, badGitHub},
	} {
		for header, want := range map[string]string{
			"":                                             c.none,
			"api-key: wrong":                               c.wrongKey,
			"Authorization: Bearer wrong":                  c.wrongOne,
			"Authorization: Basic secret":                  c.wrongOne,
			"Authorization: Bearer ":                       c.wrongOne,
			"api-key: secret":                              unless(c.apiKey, c.none),
			"Authorization: bearer secret":                 unless(c.bearer, c.none),
			"api-key: secret|Authorization: Bearer ":       unless(c.apiKey, c.wrongOne),
			"api-key: secret|Authorization: Bearer secret": "",
			"api-key: wrong|Authorization: Bearer secret":  unless(c.bearer, c.wrongKey),
		} {
			t.Run(family+" "+header, func(t *testing.T) {
				response := guarded.ask(t, family, "echo", "", strings.Split(header, "|")...)
				if want == "" {
					equal(t, "status", response.StatusCode, 200)
					return
				}
				status := 401
				if want == noServerless {
					status = 400
				}
				equal(t, "status", response.StatusCode, status)
				equal(t, "body", parse(t, readAll(t, response)), parse(t, want))
				equal(t, "status without a key", open.ask(t, family, "echo", "", strings.Split(header, "|")...).StatusCode, 200)
			})
		}
	}
}

func unless(admitted bool, refused string) string {
	if admitted {
		return ""
	}
	return refused
}

// Lists and information are behind the same door.
func TestKeysElsewhere(t *testing.T) {
	e := serve(t, emulator.Config{Key: "secret"})
	for path, header := range map[string]string{
		"/info" + version:                       "Authorization: Bearer secret",
		"/managed-online/info" + version:        "Authorization: Bearer secret",
		"/models/info" + version:                "api-key: secret",
		"/models" + version:                     "api-key: secret",
		"/openai/models?api-version=2024-10-21": "api-key: secret",
		"/openai/v1/models":                     "api-key: secret",
		"/v1/models":                            "Authorization: Bearer secret",
		"/catalog/models":                       "Authorization: Bearer secret",
	} {
		equal(t, path, e.send(t, "GET", path, "", header).StatusCode, 200)
		equal(t, path, e.send(t, "GET", path, "", header+"x").StatusCode, 401)
	}
}
