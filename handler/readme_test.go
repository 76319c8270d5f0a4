package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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

// markdown is a table. Columns and the cells of a row are joined by " | ".
func markdown(columns string, rows []string) string {
	rule := strings.Repeat("| --- ", strings.Count(columns, " | ")+1) + "|"
	return "| " + columns + " |\n" + rule + "\n| " + strings.Join(rows, " |\n| ") + " |\n"
}

func settingsTable() string {
	var rows []string
	for _, v := range settings.Variables() {
		preset := v.Default
		if preset != "" {
			preset = "`" + preset + "`"
		}
		rows = append(rows, fmt.Sprintf("`%s` | %s | %s", v.Name, preset, v.Description))
	}
	return markdown("variable | default | what it sets", rows)
}

func errorsTable() string {
	var rows []string
	for _, f := range connector.Failures {
		rows = append(rows, fmt.Sprintf("%d | `%s` | %s", f.Status, f.Code, f.When))
	}
	return markdown("status | code | when", rows)
}

func emulatorTable() string {
	var rows []string
	for _, a := range emulator.Addresses() {
		rows = append(rows, fmt.Sprintf("`%s` | `http://127.0.0.1:8081%s`", a.Family, a.Path))
	}
	return markdown("family | address", rows)
}

func behavioursTable() string {
	var rows []string
	for _, d := range emulator.Behaviours() {
		rows = append(rows, fmt.Sprintf("`%s` | %s", d.Name, d.Description))
	}
	return markdown("deployment | what it does", rows)
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
		fmt.Fprintf(&b, "### %s: `%s %s`\n\n%s%s\n\n", a.ID, a.Method, a.Path, a.Description, formsOf(a))
		if takesTheSame(a, a.Sent) {
			fmt.Fprintf(&b, "Its parameters are those of `%s`; the version may be left out.\n\n", a.Sent.ID)
			continue
		}
		b.WriteString("| parameter | in | default | what it is |\n| --- | --- | --- | --- |\n")
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

// takesTheSame reports whether an action is another one in other clothes.
func takesTheSame(a, other *schema.Action) bool {
	return a != other && slices.EqualFunc(a.Parameters, other.Parameters, func(p, q *schema.Parameter) bool {
		return p.Name == q.Name && p.In == q.In && p.Description == q.Description
	})
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
