package schema

import (
	"fmt"
	"strings"
)

// Readme returns readme.md, with the sections that reviewers of connectors look for.
func (d Definition) Readme(actions []*Action) []byte {
	source := d.sources()
	var operations strings.Builder
	for _, a := range actions {
		if a.Visibility != internal { // the designer's own are nobody's to pick
			fmt.Fprintf(&operations, "### %s\n\n%s\n\n", a.Summary, a.Description)
		}
	}
	words := []string{"{operations}", strings.TrimSpace(operations.String())}
	for _, texts := range []*object{d.patched(source, "readme"), d.patched(source, "swagger").object("info")} {
		for _, name := range texts.names {
			words = append(words, "{"+name+"}", text(texts.values[name]))
		}
	}
	page := must(files.ReadFile("definition.md"))
	return []byte(strings.NewReplacer(words...).Replace(string(page)))
}

// text is the string that a value is, "" when it is none.
func text(value any) string {
	s, _ := value.(string)
	return s
}
