package main_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestShownConnector follows the readme of every rendering of the connector: what it says is there is there, and what
// it says to do works.
func TestShownConnector(t *testing.T) {
	p := program{buildHandler(t)}
	served := p.start(t, nil)
	for _, line := range []string{
		"--target power-platform", "--auth platform", "--brought --url " + publicURL,
		"--target logic-apps --url " + publicURL, "--target logic-apps --auth platform --url " + publicURL, "--target logic-apps --brought --url " + publicURL,
	} {
		t.Run(line, func(t *testing.T) {
			folder := t.TempDir()
			same(t, "exit code", p.run(t, nil, "", append(strings.Fields("definition --out "+folder), strings.Fields(line)...)...).code, 0)
			readme := readText(t, folder, "readme.md")
			checkNamedFiles(t, folder, readme)
			var d shownDefinition
			decodeFile(t, filepath.Join(folder, "apiDefinition.swagger.json"), &d)
			checkHeadings(t, readme, d)
			checkAskedFor(t, folder, readme)
			followGettingStarted(t, served, readme, d)
		})
	}
}

// checkNamedFiles looks for the files that the readme names.
func checkNamedFiles(t *testing.T, folder, readme string) {
	t.Helper()
	named := regexp.MustCompile(`[\w.]+\.(?:json|png)`).FindAllString(readme, -1)
	if len(named) == 0 {
		t.Error("the readme names no file")
	}
	for _, name := range named {
		if _, err := os.Stat(filepath.Join(folder, name)); err != nil {
			t.Errorf("the readme names %s: %v", name, err)
		}
	}
}

// A shownDefinition is what a designer reads of a definition.
type shownDefinition struct {
	Paths map[string]map[string]shownOperation
}

type shownOperation struct {
	Summary    string
	Visibility string `json:"x-ms-visibility"`
	Parameters []struct {
		Name, In, Default string
		Required          bool
		Summary           string `json:"x-ms-summary"`
		Schema            shownFields
	}
	Responses map[string]struct{ Schema shownFields }
}

type shownFields struct {
	Required   []string
	Properties map[string]struct {
		Summary string `json:"x-ms-summary"`
	}
}

// find returns the operation with a title, and its path.
func (d shownDefinition) find(t *testing.T, title string) (string, shownOperation) {
	t.Helper()
	for path, methods := range d.Paths {
		for _, o := range methods {
			if o.Summary == title {
				return path, o
			}
		}
	}
	t.Fatalf("the definition has no %q", title)
	return "", shownOperation{}
}

func checkHeadings(t *testing.T, readme string, d shownDefinition) {
	t.Helper()
	var got, want []string
	for _, heading := range regexp.MustCompile(`(?m)^### (.+)$`).FindAllStringSubmatch(readme, -1) {
		got = append(got, heading[1])
	}
	for _, methods := range d.Paths {
		for _, o := range methods {
			if o.Visibility != "internal" {
				want = append(want, o.Summary)
			}
		}
	}
	slices.Sort(want)
	same(t, "operations in the readme", strings.Join(got, ", "), strings.Join(want, ", "))
}

// checkAskedFor holds the readme against the form in which a connection is made, where the files have it.
func checkAskedFor(t *testing.T, folder, readme string) {
	t.Helper()
	path := filepath.Join(folder, "apiProperties.json")
	if _, err := os.Stat(path); err != nil {
		return
	}
	var form struct {
		Properties struct {
			ConnectionParameters map[string]struct{ UIDefinition struct{ DisplayName string } }
		}
	}
	decodeFile(t, path, &form)
	for _, asked := range form.Properties.ConnectionParameters {
		contains(t, "readme", readme, asked.UIDefinition.DisplayName)
	}
}

var (
	gettingStarted = regexp.MustCompile(`add the action ([\w ]+) to a workflow, and fill in the ([\w ]+)\.`)
	withSchema     = regexp.MustCompile(`With a schema in ([\w ]+),`)
	outputs        = regexp.MustCompile("[Tt]he output `(\\w+)`")
)

// followGettingStarted fills in what the readme says, nothing else but the hidden defaults, and looks for the outputs.
func followGettingStarted(t *testing.T, served *running, readme string, d shownDefinition) {
	t.Helper()
	steps, schema := gettingStarted.FindStringSubmatch(readme), withSchema.FindStringSubmatch(readme)
	named := outputs.FindAllStringSubmatch(readme, -1)
	if steps == nil || schema == nil || len(named) != 2 {
		t.Fatalf("the readme does not say how to start:\n%s", readme)
	}
	path, operation := d.find(t, steps[1])
	query, fields := operation.fields(t, readme)
	prompt := fields.named(t, steps[2])
	same(t, "fields that must be filled in", strings.Join(fields.Required, ", "), prompt)
	input := map[string]any{prompt: `{"queue":"billing"}`}
	for i, want := range []string{`"{\"queue\":\"billing\"}"`, `{"queue":"billing"}`} {
		output := named[i][1]
		if _, ok := operation.Responses["200"].Schema.Properties[output]; !ok {
			t.Errorf("the definition has no output %s", output)
		}
		same(t, output, string(outputsOf(t, served, path+"?"+query.Encode(), input)[output]), want)
		input[fields.named(t, schema[1])] = map[string]any{"type": "object", "required": []string{"queue"}}
	}
}

// fields returns what a designer sends by itself, and what it asks for. The readme names what is asked for besides.
func (o shownOperation) fields(t *testing.T, readme string) (query url.Values, asked shownFields) {
	t.Helper()
	query = url.Values{}
	for _, parameter := range o.Parameters {
		switch {
		case parameter.In == "body":
			asked = parameter.Schema
		case parameter.In == "query" && parameter.Default != "":
			query.Set(parameter.Name, parameter.Default)
		case parameter.Required:
			contains(t, "readme", readme, "("+parameter.Summary+")")
		}
	}
	return query, asked
}

// named returns the field with a title, however that is written.
func (f shownFields) named(t *testing.T, title string) string {
	t.Helper()
	for name, property := range f.Properties {
		if strings.EqualFold(property.Summary, title) {
			return name
		}
	}
	t.Fatalf("the definition has no field %q", title)
	return ""
}

func outputsOf(t *testing.T, served *running, path string, input map[string]any) (reply map[string]json.RawMessage) {
	t.Helper()
	body, err := json.Marshal(input)
	if err != nil {
		t.Fatal(err)
	}
	response := served.post(t, path, string(body))
	text := readBody(t, response)
	same(t, "status of "+text, response.StatusCode, 200)
	if err := json.Unmarshal([]byte(text), &reply); err != nil {
		t.Fatal(err)
	}
	return reply
}
