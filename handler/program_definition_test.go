package main_test

import (
	"bytes"
	"image/png"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testDefinition: what is written is what the app itself serves, and what a person can see is there.
func (p program) testDefinition(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "new", "folder")
	got := p.run(t, nil, "", "definition", "--target", "power-platform", "--url", publicURL, "--out", folder)
	same(t, "exit code", got.code, 0)
	same(t, "standard error", got.stderr, "")
	same(t, "standard output", strings.ReplaceAll(got.stdout, folder, "OUT"), "OUT/apiDefinition.swagger.json (written)\n"+
		"OUT/icon.png (written)\nOUT/readme.md (written)\nOUT/apiProperties.json (written)\n")
	contains(t, "readme", readText(t, folder, "readme.md"), "# Model Inference\n", "### Get chat completions\n", "## Deployment Instructions\n")
	served := p.start(t, []string{"CONNECTOR_LISTEN=127.0.0.1:0", "CONNECTOR_PUBLIC_URL=" + publicURL}, "serve")
	for _, name := range []string{"apiDefinition.swagger.json", "apiProperties.json"} {
		same(t, name+" as served", served.fetch(t, "/connector/power-platform/"+name), readText(t, folder, name))
	}
	again := p.run(t, nil, "", "definition", "--target", "logic-apps", "--url", publicURL+"/", "--out", folder)
	same(t, "standard output, again", strings.ReplaceAll(again.stdout, folder, "OUT"), "OUT/apiDefinition.swagger.json (written anew)\n"+
		"OUT/icon.png (written anew)\nOUT/readme.md (written anew)\n")
	same(t, "the definition for Logic Apps as served", served.fetch(t, "/connector/logic-apps/apiDefinition.swagger.json"),
		readText(t, folder, "apiDefinition.swagger.json"))
}

// testDefinitionOptions: what is asked for is in the files.
func (p program) testDefinitionOptions(t *testing.T) {
	for line, want := range map[string]map[string]string{
		"":                {"apiDefinition.swagger.json": `"name": "api-key"`, "apiProperties.json": `"dynamichosturl"`, "readme.md": "callers of the app"},
		"--auth platform": {"apiDefinition.swagger.json": `"name": "x-functions-key"`, "apiProperties.json": "function app", "readme.md": "App keys"},
		"--brought --url " + publicURL: {
			"apiDefinition.swagger.json": `"host": "models.example.com"`, "apiProperties.json": `"setheader"`, "readme.md": "your model endpoint",
		},
		"--target logic-apps --brought --url " + publicURL: {
			"apiDefinition.swagger.json": `"x-model-endpoint"`, "readme.md": "each action for its address",
		},
		"--publisher Contoso --website https://contoso.example --privacy https://contoso.example/p --email a@contoso.example": {
			"apiDefinition.swagger.json": `"email": "a@contoso.example"`, "apiProperties.json": `"publisher": "Contoso"`, "readme.md": "## Publisher: Contoso\n\nhttps://contoso.example\n",
		},
	} {
		folder := t.TempDir()
		got := p.run(t, nil, "", append(strings.Fields("definition "+line), "--out", folder)...)
		same(t, line+": exit code", got.code, 0)
		for name, part := range want {
			contains(t, line+": "+name, readText(t, folder, name), part)
		}
	}
}

func (p program) testDefinitionMistakes(t *testing.T) {
	for line, want := range map[string]string{
		"":                                  "--out is missing; name the folder to write to",
		"--out o --target flow":             "--target must be power-platform or logic-apps",
		"--out o --auth none":               "--auth must be keys or platform",
		"--out o --target logic-apps":       "--url is missing; this definition names the app, such as https://contoso-inference.azurewebsites.net/api",
		"--out o --brought":                 "--url is missing; this definition names the app, such as https://contoso-inference.azurewebsites.net/api",
		"--out o --brought --auth platform": "--brought takes --auth keys: the key that is brought is that of the model endpoint",
		"--out o --url contoso":             "--url must be an address such as https://contoso-inference.azurewebsites.net/api, with no query in it",
	} {
		got := p.run(t, nil, "", strings.Fields("definition "+line)...)
		same(t, line+": exit code", got.code, 1)
		same(t, line+": standard output", got.stdout, "")
		same(t, line+": standard error", got.stderr, want+"\n")
	}
}

// testDefinitionOfTheListener: who sets nothing can import from where the program listens.
func (p program) testDefinitionOfTheListener(t *testing.T) {
	served := p.start(t, []string{"CONNECTOR_LISTEN=127.0.0.1:0"}, "serve")
	contains(t, "definition", served.fetch(t, "/connections/default/connector/logic-apps/apiDefinition.swagger.json"),
		`"host": "`+strings.TrimPrefix(served.url, "http://")+`"`, `"basePath": "/connections/default"`)
}

// testIcon: as the portal asks for it, and neither white nor transparent.
func (p program) testIcon(t *testing.T) {
	folder := t.TempDir()
	same(t, "exit code", p.run(t, nil, "", "definition", "--out", folder).code, 0)
	picture, err := png.Decode(bytes.NewReader([]byte(readText(t, folder, "icon.png"))))
	if err != nil {
		t.Fatal(err)
	}
	same(t, "size", picture.Bounds().String(), "(0,0)-(230,230)")
	colours := map[[3]uint32]int{}
	for y := range 230 {
		for x := range 230 {
			red, green, blue, alpha := picture.At(x, y).RGBA()
			if alpha != 0xffff {
				t.Fatalf("(%d,%d) is transparent", x, y)
			}
			colours[[3]uint32{red >> 8, green >> 8, blue >> 8}]++
		}
	}
	if ground := colours[[3]uint32{0x1f, 0x6f, 0x8b}]; ground < 230*230/2 || ground == 230*230 {
		t.Errorf("%d points have the brand colour", ground)
	}
	if len(colours) < 30 {
		t.Errorf("%d colours make no smooth edges", len(colours))
	}
}

func readText(t *testing.T, folder, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fetch gets a path that needs no key.
func (r *running) fetch(t *testing.T, path string) string {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	reply, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	same(t, path+" status", reply.StatusCode, http.StatusOK)
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
