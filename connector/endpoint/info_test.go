package endpoint

import (
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// GetModelInfo names its model in the query, and only where the family has it.
func TestTargetOfInfo(t *testing.T) {
	for name, test := range map[string]struct{ url, model, want string }{
		"one model":      {"https://phi.eastus2.models.ai.azure.com", "", "/info?api-version=2024-05-01-preview"},
		"a model":        {"https://team.services.ai.azure.com/models", "phi-4", "/models/info?api-version=2024-05-01-preview&model=phi-4"},
		"hostile model":  {"https://team.services.ai.azure.com/models", "a&api-version=1#?/..", "/models/info?api-version=2024-05-01-preview&model=a%26api-version%3D1%23%3F%2F.."},
		"managed online": {"https://phi.eastus2.inference.ml.azure.com", "phi-4", "/info?api-version=2024-05-01-preview&model=phi-4"},
		"GitHub":         {"https://models.github.ai", "m", ""},
		"GitHub, old":    {"https://models.inference.ai.azure.com", "m", ""},
		"Azure OpenAI":   {"https://team.openai.azure.com", "m", ""},
		"OpenAI":         {"https://api.openai.com/v1", "m", ""},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEndpoint(t, Config{URL: test.url})
			r := &connector.Request{Action: getInfo, Model: test.model, Record: &connector.Record{}}
			_, err := e.Prepare(t.Context(), r)
			if test.want == "" {
				failure := wantCode(t, err, connector.ModelInfoUnavailable)
				if failure.Status() != 404 || !strings.Contains(failure.Message, " "+e.Family()+" ") || !strings.Contains(failure.Message, "GetModelInfo") {
					t.Errorf("got %d %s, want 404 with the names of the family and the action", failure.Status(), failure.Message)
				}
			} else if got := e.target(r).RequestURI(); err != nil || got != test.want {
				t.Errorf("got %s, %v, want %s", got, err, test.want)
			}
		})
	}
}

// notFound are the answers of endpoints that have no /info.
var notFound = map[string]struct {
	status int
	body   string
}{
	"AI Services":         {404, `{"error":{"code":"404","message":"Resource not found"}}`},
	"flat":                {404, `{"error":"Not Found","message":"no such route","status":404}`},
	"plain":               {404, `404 page not found`},
	"empty":               {404, ``},
	"code":                {404, `{"error":{"code":"NotFound","message":"m"}}`},
	"method":              {405, `{"detail":"Method Not Allowed"}`},
	"managed online":      {404, `{"detail":"Not Found"}`},
	"managed online, old": {424, `{"detail":"Not Found"}`},
}

// Where a family has /info, some endpoints still lack it: that is told as clearly as where none has it.
func TestInfoIsNotThere(t *testing.T) {
	for _, family := range []string{"ai-services", "managed-online", "serverless"} {
		for name, answer := range notFound {
			e := serve(t, Config{Family: family, Key: secret}, typed(answer.status, "application/json", answer.body))
			failure := e.fails(t, infoRequest(), connector.ModelInfoUnavailable)
			if failure.Status() != 404 || !strings.Contains(failure.Message, " "+family+" ") {
				t.Errorf("%s, %s: got %d %s", family, name, failure.Status(), failure.Message)
			}
			if answer.body != "" && (len(failure.Details) != 1 || failure.Details[0].Message != answer.body) {
				t.Errorf("%s, %s: got the details %v, want the endpoint's words", family, name, failure.Details)
			}
			if response := e.must(t, chat(t, plainChat)); response.Status != answer.status {
				t.Errorf("%s, %s: a chat got %d, want %d", family, name, response.Status, answer.status)
			}
		}
	}
}

func infoRequest() *connector.Request {
	return &connector.Request{Action: getInfo, Model: "m", Record: &connector.Record{}}
}

// A refusal of /info that is about something else is relayed as any other.
func TestInfoRefusedOtherwise(t *testing.T) {
	for name, test := range map[string]struct {
		status       int
		header, body string
		want         connector.Code
	}{
		"unknown model":            {404, "", `{"error":{"code":"unknown_model","message":"Unknown model: m"}}`, connector.UnknownModel},
		"unknown model, in header": {404, "unknown_model", `{"error":{"code":"404","message":"m"}}`, connector.UnknownModel},
		"unknown model, beside":    {404, "NotFound", `{"error":{"code":"unknown_model","message":"m"}}`, "NotFound"},
		"no deployment":            {404, "", `{"error":{"code":"DeploymentNotFound","message":"m"}}`, "DeploymentNotFound"},
		"OpenAI's":                 {404, "", `{"error":{"code":"model_not_found","message":"m"}}`, "model_not_found"},
		"another 424":              {424, "", `{"detail":"Model error"}`, connector.UpstreamError},
		"400":                      {400, "", `{"detail":"Not Found"}`, connector.UpstreamError},
		"410":                      {410, "", ``, connector.UpstreamError},
		"503":                      {503, "", ``, connector.UpstreamUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t, Config{}, headed("X-Ms-Error-Code", test.header, typed(test.status, "text/plain", test.body)))
			if response := e.must(t, infoRequest()); response.Status != test.status || response.ErrorCode != test.want {
				t.Errorf("got %d %s, want %d %s", response.Status, response.ErrorCode, test.status, test.want)
			}
		})
	}
}
