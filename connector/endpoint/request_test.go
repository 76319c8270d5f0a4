package endpoint

import (
	"io"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"inferenceconnector/connector"
)

// arrived is a request as an endpoint got it.
type arrived struct {
	*http.Request
	body string
}

// sent returns what an endpoint so configured gets.
func sent(t testing.TB, c Config, r *connector.Request) (got arrived) {
	t.Helper()
	e := serve(t, c, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		got = arrived{r, string(body)}
		startJSON(w)
		write(w, `{}`)
	})
	response, err := e.invoke(t.Context(), t, r)
	if err == nil {
		text(t, response)
	} else if !r.Stream { // where a stream is wanted, JSON is no answer
		t.Error(err)
	}
	return got
}

// The headers an endpoint gets, and no others (S15): the key in the one that its family reads.
func TestHeader(t *testing.T) {
	key := map[string]string{
		"serverless": "Authorization", "managed-online": "Authorization", "ai-services": "Api-Key", "azure-openai": "Api-Key",
		"github-models": "Authorization", "openai-compatible": "Authorization",
	}
	for _, family := range Families() {
		t.Run(family, func(t *testing.T) {
			r := chat(t, plainChat)
			r.Correlation.Traceparent, r.Correlation.Tracestate = "00-1-2-01", "a=b"
			got := sent(t, Config{Family: family, Key: secret}, r)
			want := http.Header{
				"Accept": {"application/json"}, "Content-Type": {"application/json"}, "Content-Length": {strconv.Itoa(len(got.body))},
				"User-Agent": {"inference-connector"}, "X-Ms-Client-Request-Id": {"test-1"},
				"Traceparent": {"00-1-2-01"}, "Tracestate": {"a=b"}, key[family]: {secretText},
			}
			if key[family] == "Authorization" {
				want["Authorization"] = []string{"Bearer " + secretText}
			}
			if family == "github-models" {
				want["X-Github-Api-Version"] = []string{"2022-11-28"}
			}
			if !maps.EqualFunc(got.Header, want, slices.Equal) {
				t.Errorf("got %v, want %v", got.Header, want)
			}
			if got.Method != http.MethodPost || got.ContentLength != int64(len(got.body)) || got.TransferEncoding != nil {
				t.Errorf("got %s with length %d, %v for %d bytes", got.Method, got.ContentLength, got.TransferEncoding, len(got.body))
			}
		})
	}
}

// No key, no credential: neither an empty header nor another's.
func TestHeaderWithoutKey(t *testing.T) {
	for _, family := range Families() {
		got := sent(t, Config{Family: family}, chat(t, plainChat)).Header
		for _, name := range []string{"Authorization", "Api-Key", "Traceparent", "Tracestate", "Extra-Parameters", "Accept-Encoding", "Cookie"} {
			if got.Values(name) != nil {
				t.Errorf("%s: got %s: %q", family, name, got.Values(name))
			}
		}
	}
}

func TestHeaderOfStream(t *testing.T) {
	if got := sent(t, Config{}, chat(t, streamedChat)).Header.Get("Accept"); got != "text/event-stream" {
		t.Errorf("got Accept: %q", got)
	}
}

// pass-through travels on to the families that know the header; a request without a body has no length.
func TestHeaderOfPassThrough(t *testing.T) {
	want := map[string]string{
		"serverless": "pass-through", "managed-online": "pass-through", "ai-services": "pass-through", "github-models": "pass-through",
	}
	for _, family := range Families() {
		r := chat(t, `{"messages":[],"model":"m","extra":1}`)
		r.PassThrough = true
		if got := sent(t, Config{Family: family}, r).Header.Get("Extra-Parameters"); got != want[family] {
			t.Errorf("%s: got %q, want %q", family, got, want[family])
		}
	}
}

func TestRequestWithoutBody(t *testing.T) {
	got := sent(t, Config{}, &connector.Request{Action: getInfo, Model: "m", Record: &connector.Record{}})
	if got.Method != http.MethodGet || got.ContentLength != 0 || got.Header.Get("Content-Type") != "" {
		t.Errorf("got %s with length %d and %v", got.Method, got.ContentLength, got.Header)
	}
}

// Azure's hosts want a key in their own header, whichever way they are spoken to.
func TestKeyOfAzureHosts(t *testing.T) {
	for url, want := range map[string]http.Header{
		"https://team.openai.azure.com/openai/v1":                 {"Api-Key": {secretText}},
		"https://team.cognitiveservices.azure.com/openai/v1":      {"Api-Key": {secretText}},
		"https://team.services.ai.azure.com/openai/v1":            {"Api-Key": {secretText}},
		"https://team.services.ai.azure.com/openai/deployments/d": {"Api-Key": {secretText}},
		"https://team.services.ai.azure.com":                      {"Api-Key": {secretText}},
		"https://phi.eastus2.inference.ml.azure.com":              {"Authorization": {"Bearer " + secretText}},
		"https://models.github.ai":                                {"Authorization": {"Bearer " + secretText}},
		"https://models.inference.ai.azure.com":                   {"Authorization": {"Bearer " + secretText}},
		"https://phi.eastus2.models.ai.azure.com/openai/v1":       {"Authorization": {"Bearer " + secretText}},
		"https://gateway.example.com/openai/v1":                   {"Authorization": {"Bearer " + secretText}},
	} {
		got := newEndpoint(t, Config{URL: url, Key: secret}).header(chat(t, plainChat))
		for _, name := range []string{"Api-Key", "Authorization"} {
			if !slices.Equal(got[name], want[name]) {
				t.Errorf("%s: got %s: %q, want %q", url, name, got[name], want[name])
			}
		}
	}
}

// What the caller asked about usage in a stream decides what the endpoint is asked.
func TestStreamOptions(t *testing.T) {
	const asked = `,"stream_options":{"include_usage":true}`
	for name, test := range map[string]struct{ family, options, want string }{
		"OpenAI":           {"openai-compatible", "", asked},
		"OpenAI, asked":    {"openai-compatible", asked, asked},
		"OpenAI, declined": {"openai-compatible", `,"stream_options":{"include_usage":false}`, `,"stream_options":{"include_usage":false}`},
		"Azure OpenAI":     {"azure-openai", "", asked},
		"unasked":          {"serverless", "", ""},
		"GitHub, unasked":  {"github-models", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			r := chat(t, `{"messages":[],"stream":true`+test.options+`}`)
			r.Model = ""
			if test.family == "azure-openai" {
				r.Model = "m"
			}
			if got, want := sent(t, Config{Family: test.family}, r).body, `{"messages":[],"stream":true`+test.want+`}`; got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		})
	}
}
