package emulator_test

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/handler/emulator"
)

// refused is what a family answers to a call that it refuses.
type refused struct {
	status int
	body   string
	header string // one that must be there, and the value
}

const (
	optional  = `,"temperature":0.70`
	policy    = "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry."
	verdicts  = some + calm + `}`
	limitText = "Rate limit of 10 per 60s exceeded for UserByModelByMinute. Please wait 7 seconds before retrying."
	nameText  = "No model specified in request. Please provide a model name in the request body or as a x-ms-model-mesh-model-name header."
	outage    = `{"error":{"code":"Service Unavailable","message":"The emulator's deployment 'unavailable' is never there.","status":503}}`
	notFound  = `{"error":{"code":"404","message":"Resource not found"}}`
	flatLimit = `{"error":"RateLimitReached","message":"Rate limit is exceeded. Try again in 7 seconds.","status":429}`
	rateLimit = `{"error":{"code":"RateLimitReached","message":"` + limitText + `","details":"` + limitText + `"}}`
	noName    = `{"error":{"code":"no_model_name","message":"` + nameText + `","details":"` + nameText + `"}}`
	invalid   = `"type":"invalid_request_error"`
)

// refusals are by what askRefused asks for: "" is no model, other an unknown one, the rest speaks for itself.
var refusals = map[string]map[string]refused{
	"serverless": {
		"other":       {400, `{"error":{"code":"unknown_model","message":"Unknown model: other","details":null}}`, "x-ms-error-code: unknown_model"},
		"route":       {404, `{"error":"Not Found","message":"Resource not found","status":404}`, ""},
		"filtered":    {400, `{"status":400,"code":"content_filter","message":"The response was filtered","param":"messages","type":null}`, ""},
		"parameter":   {422, `{"status":422,"code":"parameter_not_supported","detail":{"loc":["body","temperature"],"input":0.7},"message":"One of the parameters contain invalid values."}`, ""},
		"unsupported": {422, `{"status":422,"code":"parameter_not_supported","detail":{"loc":["body","messages","0","role"],"value":"user"},"message":"One of the parameters contain invalid values."}`, ""},
		"throttled":   {429, flatLimit, "Retry-After: 7"},
		"unavailable": {503, outage, "Retry-After: 3"},
	},
	"managed-online": {
		"other":       {404, `{"error":"Not Found","message":"Unknown model: other","status":404}`, ""},
		"route":       {424, `{"detail":"Not Found"}`, ""},
		"filtered":    {400, `{"error":{"code":"Bad Request","message":"request input violates azure ai content safety setting.","status":400}}`, ""},
		"parameter":   {422, `{"error":{"code":"Invalid input","status":422,"message":"invalid input error","details":[{"type":"extra_forbidden","loc":["body","temperature"],"msg":"Extra inputs are not permitted","input":0.7}]}}`, ""},
		"unsupported": {422, `{"detail":[{"type":"value_error","loc":["body","messages",0,"role"],"msg":"This role is not supported by the model","input":"user"}]}`, ""},
		"throttled":   {429, flatLimit, "Retry-After: 7"},
		"unavailable": {503, outage, "Retry-After: 3"},
	},
	"ai-services": {
		"":            {400, noName, ""},
		"other":       {400, `{"error":{"code":"unknown_model","message":"Unknown model: other","details":null}}`, "x-ms-error-code: unknown_model"},
		"route":       {404, notFound, ""},
		"filtered":    {400, `{"error":{"message":"` + policy + `","type":null,"param":"prompt","code":"content_filter","status":400}}`, ""},
		"parameter":   {422, `{"status":422,"code":"parameter_not_supported","detail":[{"loc":["body","temperature"],"input":0.7}],"message":"One of the parameters contain invalid values."}`, ""},
		"unsupported": {422, `{"status":422,"code":"parameter_not_supported","detail":[{"loc":["body","messages","0","role"],"input":"user"}],"message":"One of the parameters contain invalid values."}`, ""},
		"throttled":   {429, rateLimit, "Retry-After: 7"},
		"unavailable": {503, outage, "Retry-After: 3"},
	},
	"github-models": {
		"":            {400, noName, ""},
		"other":       {404, `{"error":{"code":"unknown_model","message":"Unknown model: other","details":"Unknown model: other"}}`, "Content-Type: text/plain"},
		"route":       {404, notFound, ""},
		"filtered":    {400, `{"error":{"message":"` + policy + `","type":null,"param":"prompt","code":"content_filter","status":400,"inner_error":{"code":"ResponsibleAIPolicyViolation","content_filter_results":` + verdicts + `}}}`, ""},
		"parameter":   {422, `{"error":{"code":"Invalid input","message":"{\"detail\":[{\"input\":0.70,\"loc\":[\"body\",\"temperature\"],\"msg\":\"Extra inputs are not permitted\",\"type\":\"extra_forbidden\"}]}","status":422}}`, ""},
		"unsupported": {422, `{"error":{"code":"Invalid input","message":"{\"detail\":[{\"input\":\"user\",\"loc\":[\"body\",\"messages\",0,\"role\"],\"msg\":\"This role is not supported by the model\",\"type\":\"value_error\"}]}","status":422}}`, ""},
		"throttled":   {429, rateLimit, "Retry-After: 7"},
		"unavailable": {503, outage, "Retry-After: 3"},
	},
	"azure-openai":    azureRefusals("2024-10-21", "Retry-After: 7"),
	"azure-openai v1": azureRefusals("v1", "retry-after-ms: 7000", unnamed),
	"openai-compatible": {
		"":            unnamed,
		"other":       {404, "{\"error\":{\"message\":\"The model `other` does not exist or you do not have access to it.\"," + invalid + `,"param":null,"code":"model_not_found"}}`, ""},
		"route":       {404, `{"error":{"message":"Invalid URL (POST /v1/chat/completions/route)",` + invalid + `,"param":null,"code":null}}`, ""},
		"filtered":    {400, `{"error":{"message":"The response was filtered",` + invalid + `,"param":"prompt","code":"content_filter"}}`, ""},
		"parameter":   unsupportedParameter,
		"unsupported": unsupportedRole,
		"throttled":   {429, `{"error":{"message":"Rate limit reached for requests. Please try again in 7s.","type":"requests","param":null,"code":"rate_limit_exceeded"}}`, "x-ratelimit-reset-requests: 7s"},
		"unavailable": {503, `{"error":{"message":"The engine is currently overloaded, please try again later","type":"server_error","param":null,"code":null}}`, "Retry-After: 3"},
	},
}

var (
	unnamed              = refused{400, `{"error":{"message":"you must provide a model parameter",` + invalid + `,"param":null,"code":null}}`, ""}
	unsupportedParameter = refused{400, `{"error":{"message":"Unsupported parameter: 'temperature' is not supported with this model.",` + invalid + `,"param":"temperature","code":"unsupported_parameter"}}`, ""}
	unsupportedRole      = refused{400, `{"error":{"message":"Unsupported value: 'messages[0].role' does not support 'user' with this model.",` + invalid + `,"param":"messages[0].role","code":"unsupported_value"}}`, ""}
)

func azureRefusals(version, limitHeader string, unnamed ...refused) map[string]refused {
	all := map[string]refused{
		"other":       {404, `{"error":{"code":"DeploymentNotFound","message":"The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again."}}`, ""},
		"route":       {404, notFound, ""},
		"filtered":    {400, `{"error":{"message":"` + policy + `","type":null,"param":"prompt","code":"content_filter","status":400,"innererror":{"code":"ResponsibleAIPolicyViolation","content_filter_result":` + verdicts + `}}}`, ""},
		"parameter":   unsupportedParameter,
		"unsupported": unsupportedRole,
		"throttled":   {429, `{"error":{"code":"429","message":"Requests to the ChatCompletions_Create Operation under Azure OpenAI API version ` + version + ` have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 7 seconds."}}`, limitHeader},
		"unavailable": {503, `{"error":{"code":"503","message":"The emulator's deployment 'unavailable' is never there."}}`, "Retry-After: 3"},
	}
	for _, r := range unnamed { // where the path names a model, there always is one
		all[""] = r
	}
	return all
}

func TestDialects(t *testing.T) {
	e := serve(t, emulator.Config{})
	for _, family := range dialects() {
		equal(t, family+" refuses in", len(refusals[family]) >= 7, true)
		for name, want := range refusals[family] {
			for form, stream := range map[string]string{"whole": "", "stream": `,"stream":true`} {
				t.Run(family+" "+name+" "+form, func(t *testing.T) {
					response := e.askRefused(t, family, name, stream)
					equal(t, "status", response.StatusCode, want.status)
					equal(t, "body", parse(t, readAll(t, response)), parse(t, want.body))
					if header, value, _ := strings.Cut(want.header, ": "); header != "" {
						equal(t, header, response.Header.Get(header), value)
					}
					if !strings.HasPrefix(want.header, "Content-Type") {
						equal(t, "content type", response.Header.Get("Content-Type"), "application/json")
					}
				})
			}
		}
	}
}

// askRefused asks for a deployment, or for what else a row of refusals stands for.
func (e endpoint) askRefused(t testing.TB, family, name, stream string) *http.Response {
	t.Helper()
	switch name {
	case "route":
		path, query, _ := strings.Cut(strings.ReplaceAll(chats[family], "MODEL", "echo"), "?")
		return e.send(t, http.MethodPost, path+"/route?"+query, request("echo", ""))
	case "parameter":
		return e.ask(t, family, "unsupported", optional+stream)
	case "unsupported": // stream would be a parameter
		return e.ask(t, family, name, "")
	}
	return e.ask(t, family, name, stream)
}

// OpenAI's own servers say when to come back in their own header only.
func TestOpenAISaysNoRetryAfter(t *testing.T) {
	response := serve(t, emulator.Config{}).ask(t, "openai-compatible", "throttled", "")
	equal(t, "Retry-After", response.Header.Get("Retry-After"), "")
}

func TestBadRequestsInEachDialect(t *testing.T) {
	e := serve(t, emulator.Config{})
	const native = `{"error":{"code":"BadRequest","message":"'stream' cannot be of JSON type string."}}`
	const openAI = `{"error":{"message":"'stream' cannot be of JSON type string.",` + invalid + `,"param":null,"code":null}}`
	for family, want := range map[string]string{
		"serverless": native, "managed-online": native, "ai-services": native, "github-models": native,
		"azure-openai": openAI, "azure-openai v1": openAI, "openai-compatible": openAI,
	} {
		response := e.ask(t, family, "echo", `,"stream":"yes"`)
		equal(t, family, response.StatusCode, 400)
		equal(t, family, parse(t, readAll(t, response)), parse(t, want))
	}
}
