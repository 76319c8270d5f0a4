package main_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A block is commands that a page shows, with what it says around them.
type block struct {
	commands    []string
	notRun      []string // beginnings of commands that are not run, in each <!-- not run: BEGINNING, REASON --> above
	connections string   // the last connections file shown before, in the same section
	answer      string   // the JSON right behind
}

var (
	notRun   = regexp.MustCompile(`^<!-- not run: (.+?), .+ -->$`)
	fence    = regexp.MustCompile("^```(\\w*)$")
	indented = regexp.MustCompile(`^ {4}\S`)
	shells   = []string{"sh", "bash", "shell", "console"}
)

// readBlocks finds the blocks of commands on a page of Markdown: fenced ones of a shell, and indented ones that are no
// picture.
func readBlocks(t *testing.T, page string) (blocks []block) {
	t.Helper()
	var next block
	lines := strings.Split(page, "\n")
	for i := 0; i < len(lines); i++ {
		language, inside, end := blockAt(lines, i)
		shown := strings.Join(inside, "\n")
		switch line := lines[i]; {
		case strings.HasPrefix(line, "## "):
			next.connections = ""
		case notRun.MatchString(line):
			next.notRun = append(next.notRun, notRun.FindStringSubmatch(line)[1])
		case language == "json" && strings.Contains(shown, `"connections"`):
			next.connections = shown
		case slices.Contains(shells, language):
			next.commands = commandsOf(inside)
			if language, answer, _ := blockAt(lines, end); language == "json" {
				next.answer = strings.Join(answer, "\n")
			}
			blocks = append(blocks, next)
			next = block{connections: next.connections}
		}
		i = max(i, end-1)
	}
	if len(next.notRun) > 0 {
		t.Errorf("no block follows what is not run: %q", next.notRun)
	}
	return blocks
}

// blockAt returns the block that begins in a line, if one does: its language, its lines, and the line after it.
func blockAt(lines []string, i int) (language string, inside []string, end int) {
	switch {
	case i == len(lines):
		return "", nil, i
	case fence.MatchString(lines[i]):
		language, end = fence.FindStringSubmatch(lines[i])[1], i+1+slices.Index(lines[i+1:], "```")
		return language, lines[i+1 : end], end + 1
	case indented.MatchString(lines[i]) && lines[i-1] == "" && !strings.Contains(lines[i], "──>"):
		for end = i; strings.HasPrefix(lines[end], "    "); end++ {
			inside = append(inside, lines[end][4:])
		}
		return "sh", inside, end
	}
	return "", nil, i
}

// commandsOf joins the lines of each command. It goes on behind a backslash, and within quotes.
func commandsOf(lines []string) (commands []string) {
	command := ""
	for _, line := range lines {
		command += line
		if strings.HasSuffix(command, `\`) || strings.Count(command, "'")%2 == 1 {
			command += "\n"
			continue
		}
		if command != "" {
			commands = append(commands, command)
		}
		command = ""
	}
	return commands
}
