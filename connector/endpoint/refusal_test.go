package endpoint

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// said is all of an error's body that anybody reads.
type said struct {
	Error struct {
		Code, Message, Target string
		Status                int
		Details               []struct{ Code, Message, Target string }
	}
	Status        int
	Code, Message string
	Detail        []struct {
		Type  string
		Loc   []string
		Msg   string
		Input any
	}
}

// refused returns what a caller gets for an endpoint's error.
func refused(t testing.TB, c Config, status int, raw string) (response *connector.Response, body string, read said) {
	t.Helper()
	response = serve(t, c, typed(status, "text/plain", raw)).must(t, chat(t, plainChat))
	body = text(t, response)
	if response.Status != status || response.Length != int64(len(body)) {
		t.Errorf("got %d with length %d, want %d with %d", response.Status, response.Length, status, len(body))
	}
	var odd *json.UnmarshalTypeError // of what travels as it came
	if err := json.Unmarshal([]byte(body), &read); err != nil && !errors.As(err, &odd) {
		t.Fatalf("%q: %v", body, err)
	}
	return response, body, read
}

const asItCame = true

// The forms of contract section 8 but those of 422: the code to branch on, the words, and whether the body
// travels as it is.
func TestRefusal(t *testing.T) {
	const policy = `"content_filter_result":{"hate":{"filtered":true,"severity":"high"}}`
	for name, test := range map[string]struct {
		status   int
		raw      string
		code     connector.Code
		message  string
		asItCame bool
	}{
		"filter (a)": {400, `{"status":400,"code":"content_filter","message":"The response was filtered","param":"messages","type":null}`,
			"content_filter", "The response was filtered", !asItCame},
		"filter (b)": {400, `{"error":{"message":"The response was filtered","type":null,"param":"prompt","code":"content_filter","status":400}}`,
			"content_filter", "The response was filtered", asItCame},
		"filter (c)": {400, `{"error":{"message":"No.","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation",` + policy + `}}}`,
			"content_filter", "No.", asItCame},
		"filter (c), another code": {400, `{"error":{"message":"No.","code":"400","innererror":{"code":"ResponsibleAIPolicyViolation"}}}`,
			"content_filter", "No.", !asItCame},
		"filter (c), without words": {400, `{"error":{"code":"400","innererror":{"code":"ResponsibleAIPolicyViolation"}}}`,
			"content_filter", "The model endpoint's content filter refused the call.", !asItCame},
		"filter (d)": {400, `{"error":{"message":"No.","code":null,"inner_error":{"code":"ResponsibleAIPolicyViolation","content_filter_results":{}}}}`,
			"content_filter", "No.", !asItCame},
		"filter (e)": {400, `{"error":{"code":"Bad Request","message":"request input violates azure ai content safety setting.","status":400}}`,
			"content_filter", "request input violates azure ai content safety setting.", !asItCame},
		"filter, another status": {500, `{"error":{"message":"No.","code":"Oops","innererror":{"code":"ResponsibleAIPolicyViolation"}}}`,
			"Oops", "No.", !asItCame},
		"a filter only mentioned": {400, `{"error":{"code":"Oops","message":"your content safety setting is odd"}}`, "Oops", "your content safety setting is odd", asItCame},
		"no model": {400, `{"error":{"code":"no_model_name","message":"No model specified in request.","details":"No model specified in request."}}`,
			"no_model_name", "No model specified in request.", asItCame},
		"unknown model":          {404, `{"error":{"code":"unknown_model","message":"Unknown model: X","details":null}}`, "unknown_model", "Unknown model: X", asItCame},
		"not found, flat":        {404, `{"error":"Not Found","message":"no such route","status":404}`, "UpstreamError", "no such route", !asItCame},
		"not found":              {404, `{"error":{"code":"404","message":"Resource not found"}}`, "UpstreamError", "Resource not found", asItCame},
		"no deployment":          {404, `{"error":{"code":"DeploymentNotFound","message":"It does not exist."}}`, "DeploymentNotFound", "It does not exist.", asItCame},
		"no endpoint":            {404, `{"status":"Serverless endpoint not found"}`, "UpstreamError", "Serverless endpoint not found", !asItCame},
		"missing header":         {400, `{"message":"Missing Authorization header","statusCode":400}`, "UpstreamError", "Missing Authorization header", !asItCame},
		"method":                 {405, `{"detail":"Method Not Allowed"}`, "UpstreamError", "Method Not Allowed", !asItCame},
		"older compute":          {424, `{"detail":"Not Found"}`, "UpstreamError", "Not Found", !asItCame},
		"rate, flat":             {429, `{"error":"Too Many Requests","message":"slow down","status":429}`, "UpstreamThrottled", "slow down", !asItCame},
		"rate":                   {429, `{"error":{"code":"RateLimitReached","message":"Please wait 29 seconds.","details":"x"}}`, "UpstreamThrottled", "Please wait 29 seconds.", asItCame},
		"rate, OpenAI":           {429, `{"error":{"code":"429","message":"Please retry after 6 seconds."}}`, "UpstreamThrottled", "Please retry after 6 seconds.", asItCame},
		"time-out":               {408, `{"error":{"code":"Timeout","message":"too slow"}}`, "Timeout", "too slow", asItCame},
		"internal":               {500, `{"error":{"code":"Internal Server Error","message":"oh","status":500}}`, "UpstreamError", "oh", asItCame},
		"bad gateway":            {502, `{"error":"Downstream unavailable"}`, "UpstreamError", "Downstream unavailable", !asItCame},
		"unavailable":            {503, `{"error":{"code":"Service Unavailable","message":"later","status":503}}`, "UpstreamUnavailable", "later", asItCame},
		"gateway time-out":       {504, `{"error":{"code":"Gateway Timeout","message":"late","status":504}}`, "UpstreamTimeout", "late", asItCame},
		"no code":                {500, `{"error":{"message":"oh"}}`, "UpstreamError", "oh", asItCame},
		"a number for a code":    {400, `{"error":{"code":400,"message":"oh"}}`, "UpstreamError", "oh", asItCame},
		"no message":             {500, `{"error":{"code":"x"}}`, "x", "The model endpoint answered with status 500. Try again later.", !asItCame},
		"a number for a message": {503, `{"error":{"message":5}}`, "UpstreamUnavailable", "The model endpoint answered with status 503. Try again later.", !asItCame},
		"flat code":              {409, `{"code":"Conflict","message":"both at once"}`, "Conflict", "both at once", !asItCame},
		"nothing":                {500, ``, "UpstreamError", "The model endpoint answered with status 500. Try again later.", !asItCame},
		"a page":                 {502, `<html>Bad Gateway</html>`, "UpstreamError", "The model endpoint answered with status 502. Try again later.", !asItCame},
		"a list":                 {400, `[{"error":{"code":"x"}}]`, "UpstreamError", "The model endpoint answered with status 400. Check the request, and the endpoint's address; a repeat cannot help.", !asItCame},
		"half of it":             {400, `{"error":{"code":"x"`, "UpstreamError", "The model endpoint answered with status 400. Check the request, and the endpoint's address; a repeat cannot help.", !asItCame},
		"names twice":            {400, `{"error":{"code":"x"},"error":{"code":"y"}}`, "UpstreamError", "The model endpoint answered with status 400. Check the request, and the endpoint's address; a repeat cannot help.", !asItCame},
		"code with blanks":       {400, `{"error":{"code":"two words","message":"m"}}`, "UpstreamError", "m", asItCame},
		"code with a line break": {400, `{"error":{"code":"x\r\nSet-Cookie: y","message":"m"}}`, "UpstreamError", "m", asItCame},
		"code not in ASCII":      {400, `{"error":{"code":"erreur_é","message":"m"}}`, "UpstreamError", "m", asItCame},
		"long code":              {400, `{"error":{"code":"` + strings.Repeat("x", 65) + `","message":"m"}}`, "UpstreamError", "m", asItCame},
		"a status at the end":    {599, `{"message":"odd"}`, "UpstreamError", "odd", !asItCame},
	} {
		t.Run(name, func(t *testing.T) {
			response, body, read := refused(t, Config{}, test.status, test.raw)
			if response.ErrorCode != test.code {
				t.Errorf("got code %s, want %s", response.ErrorCode, test.code)
			}
			if test.asItCame {
				if body != test.raw {
					t.Errorf("got %s, want it as it came", body)
				}
				return
			}
			if read.Error.Code != string(test.code) || read.Error.Message != test.message {
				t.Errorf("got %s, want %s: %s", body, test.code, test.message)
			}
			if details := read.Error.Details; test.raw == "" && details != nil ||
				test.raw != "" && (len(details) != 1 || details[0].Message != test.raw || details[0].Code != "UpstreamError") {
				t.Errorf("got %s, want the original text in its details", body)
			}
		})
	}
}

// The code in the endpoint's header is a code, too.
func TestRefusalCodeOfHeader(t *testing.T) {
	for name, test := range map[string]struct {
		status       int
		header, body string
		want         connector.Code
	}{
		"beside a number":      {404, "unknown_model", "404", "unknown_model"},
		"before the body's":    {404, "unknown_model", "NotFound", "unknown_model"},
		"before ours":          {429, "RateLimitReached", "429", "RateLimitReached"},
		"no word":              {404, "not found", "NotFound", "NotFound"},
		"not for the filter":   {400, "BadRequest", "content_filter", "content_filter"},
		"not for a 422":        {422, "Invalid", "x", "parameter_not_supported"},
		"the key, of all":      {404, "K" + plainKey, "x", "x"},
		"the endpoint's limit": {503, "", "Busy", "UpstreamUnavailable"},
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t, Config{Key: connector.NewSecret(plainKey)}, headed("X-Ms-Error-Code", test.header,
				typed(test.status, "application/json", `{"error":{"code":"`+test.body+`","message":"m"}}`)))
			if got := e.must(t, chat(t, plainChat)).ErrorCode; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// GitHub calls its errors plain text; they are read by what they are.
func TestRefusalInPlainText(t *testing.T) {
	const raw = `{"error":{"code":"unknown_model","message":"Unknown model: x","details":"Unknown model: x"}}`
	for _, kind := range []string{"text/plain; charset=utf-8", "text/html", "application/problem+json", ""} {
		response := serve(t, Config{Family: "github-models"}, typed(404, kind, raw)).must(t, chat(t, plainChat))
		if got := text(t, response); response.Status != 404 || response.ErrorCode != connector.UnknownModel || got != raw {
			t.Errorf("%s: got %d %s %s", kind, response.Status, response.ErrorCode, got)
		}
	}
}

const plainKey = "abcdefghijklmnopqrstuvwxyz"

// The endpoint's refusal of our credential is told in our words: its own may hold the credential (S18).
func TestRefusedCredential(t *testing.T) {
	for _, status := range []int{401, 403} {
		e := serve(t, Config{Key: secret}, typed(status, "application/json", `{"error":{"code":"401","message":"bad key `+secretText+`"}}`))
		for _, body := range []string{plainChat, streamedChat} {
			if failure := e.fails(t, chat(t, body), connector.UpstreamAuthFailed); failure.Status() != 424 {
				t.Errorf("got %d, want 424", failure.Status())
			}
		}
	}
}

// A refusal is long enough at 8 KiB (S18).
func TestLongRefusal(t *testing.T) {
	message := strings.Repeat("é", 16<<10)
	for name, raw := range map[string]string{
		"standard": `{"error":{"code":"x","message":"` + message + `"}}`,
		"flat":     `{"message":"` + message + `"}`,
		"a page":   "<html>" + message,
		"endless":  "<html>" + strings.Repeat("x", 1<<20),
	} {
		for _, status := range []int{400, 422} {
			_, body, read := refused(t, Config{}, status, raw)
			if len(body) > 10<<10 || len(read.Error.Message) > 1<<10 || strings.ContainsRune(body, '\ufffd') {
				t.Errorf("%s: got %d bytes and a message of %d: %.100s", name, len(body), len(read.Error.Message), body)
			}
			if original := read.Error.Details; len(original) == 0 || original[0].Code != "UpstreamError" || !strings.HasPrefix(raw, original[0].Message) {
				t.Errorf("%s: got the details %.100v", name, original)
			}
		}
	}
	fits := `{"error":{"code":"x","message":"` + strings.Repeat("x", 8<<10-35) + `"}}`
	if _, body, _ := refused(t, Config{}, 400, fits); body != fits || len(fits) != 8<<10 {
		t.Errorf("got %d bytes, want all %d", len(body), len(fits))
	}
}
