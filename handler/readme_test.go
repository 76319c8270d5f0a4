package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/connector/endpoint"
	"inferenceconnector/handler/emulator"
	"inferenceconnector/handler/settings"
	"inferenceconnector/schema"
)

const readme = "../README.md"

// TestReadmeTablesAreCurrent generates the tables of the README from their sources. With UPDATE_README=1
// in the environment it writes them.
func TestReadmeTablesAreCurrent(t *testing.T) {
	text := readFile(t, readme)
	current := text
	for name, table := range map[string]string{
		"settings": settingsTable(), "errors": errorsTable(), "actions": actionsTable(t), "capabilities": capabilitiesList(),
		"emulator": emulatorTable(), "behaviours": behavioursTable(),
	} {
		block := regexp.MustCompile(`(?s)(<!-- ` + name + ` -->\n).*?(<!-- end -->)`)
		if !block.MatchString(text) {
			t.Errorf("the README has no place for the table of %s", name)
		}
		current = block.ReplaceAllString(current, "${1}"+strings.ReplaceAll(table, "$", "$$")+"${2}")
	}
	if current == text {
		return
	}
	if os.Getenv("UPDATE_README") != "1" {
		t.Fatal("a table of the README is out of date; UPDATE_README=1 go test ./handler -run Readme writes it")
	}
	if err := os.WriteFile(readme, []byte(current), 0o644); err != nil {
		t.Fatal(err)
	}
}

func settingsTable() string {
	var b strings.Builder
	b.WriteString("| variable | default | what it sets |\n| --- | --- | --- |\n")
	for _, v := range settings.Variables() {
		preset := v.Default
		if preset != "" {
			preset = "`" + preset + "`"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", v.Name, preset, v.Description)
	}
	return b.String()
}

func errorsTable() string {
	var b strings.Builder
	b.WriteString("| status | code | when |\n| --- | --- | --- |\n")
	for _, f := range connector.Failures {
		fmt.Fprintf(&b, "| %d | `%s` | %s |\n", f.Status, f.Code, f.When)
	}
	return b.String()
}

func emulatorTable() string {
	var b strings.Builder
	b.WriteString("| family | address |\n| --- | --- |\n")
	for _, a := range emulator.Addresses() {
		fmt.Fprintf(&b, "| `%s` | `http://127.0.0.1:8081%s` |\n", a.Family, a.Path)
	}
	return b.String()
}

func behavioursTable() string {
	var b strings.Builder
	b.WriteString("| deployment | what it does |\n| --- | --- |\n")
	for _, d := range emulator.Behaviours() {
		fmt.Fprintf(&b, "| `%s` | %s |\n", d.Name, d.Description)
	}
	return b.String()
}

func capabilitiesList() string {
	return "`" + strings.Join(connector.Capabilities, "`, `") + "`\n"
}

func actionsTable(t *testing.T) string {
	t.Helper()
	actions, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, a := range actions {
		fmt.Fprintf(&b, "### %s: `%s %s`\n\n%s%s\n\n| parameter | in | default | what it is |\n| --- | --- | --- | --- |\n",
			a.ID, a.Method, a.Path, a.Description, formsOf(a))
		for _, p := range a.Parameters {
			name := "`" + p.Name + "`"
			if p.Required {
				name += " (required)"
			}
			preset := ""
			if p.SendDefault {
				preset = "`" + p.Default + "`"
			}
			fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", name, p.In, preset, p.Description)
		}
		b.WriteString("\n")
	}
	return b.String()
}

// formsOf tells in which of OpenAI's forms an action is served.
func formsOf(a *schema.Action) string {
	switch {
	case a.In(schema.AzureOpenAI) != nil:
		return " Also in OpenAI's forms."
	case a.In(schema.OpenAI) != nil:
		return " Also below `/v1`, as OpenAI's clients read it."
	}
	return ""
}

// TestReadmeNamesEveryFamily: an operator finds each by its address.
func TestReadmeNamesEveryFamily(t *testing.T) {
	text := readFile(t, readme)
	for _, family := range endpoint.Families() {
		if !strings.Contains(text, "` | `"+family+"` | ") {
			t.Errorf("the table of endpoints in the README has no %s", family)
		}
	}
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(path))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
