package endpoint

import (
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// Names that would like to be something else than one segment of a path.
var hostileModels = map[string]string{ // the segment by name
	"gpt-4o":                 "gpt-4o",
	"../x":                   "..%2Fx",
	"..\\x":                  "..%5Cx",
	"a/b":                    "a%2Fb",
	"/":                      "%2F",
	"//evil.example.com":     "%2F%2Fevil.example.com",
	"@evil.example.com":      "@evil.example.com",
	"http://evil/":           "http:%2F%2Fevil%2F",
	"a?b#c":                  "a%3Fb%23c",
	"a?api-version=1":        "a%3Fapi-version=1",
	"%2e%2e":                 "%252e%252e",
	"%":                      "%25",
	"...":                    "...",
	"a;b,c":                  "a%3Bb%2Cc",
	"a b\r\nHost: evil":      "a%20b%0D%0AHost:%20evil",
	"modèle-日本":              "mod%C3%A8le-%E6%97%A5%E6%9C%AC",
	"\xff\x00":               "%FF%00",
	strings.Repeat("é", 128): strings.Repeat("%C3%A9", 128),
}

// A model's name cannot leave its segment of the path, nor lead to another host (S1).
func TestModelInPath(t *testing.T) {
	var got *http.Request
	e := serve(t, Config{Family: "azure-openai"}, func(w http.ResponseWriter, r *http.Request) {
		got = r
		startJSON(w)
		write(w, `{}`)
	})
	e.address.base = "/team"
	for model, segment := range hostileModels {
		r := chat(t, plainChat)
		r.Model = model
		if body := text(t, e.must(t, r)); body != `{}` {
			t.Errorf("%q: got %s", model, body)
		}
		want := "/team/openai/deployments/" + segment + "/chat/completions?api-version=2024-10-21"
		if got.RequestURI != want || got.Host != e.Host() {
			t.Errorf("%q: got %s at %s, want %s", model, got.RequestURI, got.Host, want)
		}
	}
}

// A segment of dots is one that servers and proxies resolve, escaped or not.
func TestModelOfDots(t *testing.T) {
	for _, model := range []string{".", ".."} {
		e := newEndpoint(t, Config{URL: "https://team.openai.azure.com"})
		r := chat(t, plainChat)
		r.Model = model
		_, err := e.Prepare(t.Context(), r)
		wantCode(t, err, connector.UnknownModel)
	}
}

// An endpoint fixed to one deployment by its path takes no other.
func TestModelOfFixedPath(t *testing.T) {
	e := newEndpoint(t, Config{URL: "https://team.openai.azure.com/openai/deployments/gpt"})
	for model := range hostileModels {
		r := chat(t, plainChat)
		r.Model = model
		if got, want := e.target(r).EscapedPath(), "/openai/deployments/gpt/chat/completions"; got != want {
			t.Errorf("%q: got %s, want %s", model, got, want)
		}
	}
}

// Where the body names the model, it is the endpoint's name of it, in its place; elsewhere it is left out.
func TestModelInBody(t *testing.T) {
	for name, test := range map[string]struct{ family, model, body, want string }{
		"renamed":               {"ai-services", "phi-4", `{"model":"alias","messages":[],"seed":1.50}`, `{"model":"phi-4","messages":[],"seed":1.50}`},
		"added":                 {"openai-compatible", "phi-4", `{"messages":[]}`, `{"messages":[],"model":"phi-4"}`},
		"quoted":                {"serverless", `a"\/b` + "\n", `{"messages":[]}`, `{"messages":[],"model":"a\"\\/b\n"}`},
		"the endpoint's own":    {"serverless", "", `{"messages":[]}`, `{"messages":[]}`},
		"as the caller has it":  {"serverless", "", `{"model":"x"}`, `{"model":"x"}`},
		"GitHub's":              {"github-models", "openai/gpt-4o", `{"model":"alias"}`, `{"model":"openai/gpt-4o"}`},
		"ignored there":         {"managed-online", "phi-4", `{"model":"phi-4"}`, `{"model":"phi-4"}`},
		"left out":              {"azure-openai", "phi-4", `{"model":"alias","messages":[]}`, `{"messages":[]}`},
		"left out of the front": {"azure-openai", "phi-4", `{ "model" : "alias" , "messages":[] , "seed":1 }`, `{"messages":[] , "seed":1}`},
	} {
		t.Run(name, func(t *testing.T) {
			r := chat(t, test.body)
			r.Model = test.model
			if got := sent(t, Config{Family: test.family}, r).body; got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
