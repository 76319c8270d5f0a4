package double

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// description is that of the process in host.json.
type description struct {
	DefaultExecutablePath string
	Arguments             []string
	WorkingDirectory      string
}

// command makes the command that starts the handler, without its environment.
func (a *App) command(settings map[string]string) (*exec.Cmd, error) {
	d := a.file.CustomHandler.Description
	program, err := a.program(expand(d.DefaultExecutablePath, settings))
	if err != nil {
		return nil, err
	}
	line := expand(strings.Join(d.Arguments, " "), settings)
	command := exec.Command(program, splitArguments(line)...)
	command.Dir, command.WaitDelay = filepath.Join(a.root, d.WorkingDirectory), killGrace
	if filepath.IsAbs(d.WorkingDirectory) {
		command.Dir = d.WorkingDirectory
	}
	return command, nil
}

// killGrace is how long the host waits for a process that it has killed, and here for what that has left.
const killGrace = time.Second

// program finds the file to start: below the root of the app, else where programs are.
func (a *App) program(path string) (string, error) {
	if filepath.IsAbs(path) {
		return path, nil
	}
	below := filepath.Join(a.root, path)
	if _, err := os.Stat(below); !errors.Is(err, fs.ErrNotExist) {
		return below, err
	}
	return exec.LookPath(path)
}

var placeholder = regexp.MustCompile(`%([^%]+)%`)

// expand puts app settings in the places of %NAME%, nothing for one that is not set.
func expand(text string, settings map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(name string) string { return settings[strings.Trim(name, "%")] })
}

// splitArguments cuts a command line where .NET does: at blanks that are not in quotation marks.
func splitArguments(line string) (arguments []string) {
	var word strings.Builder
	begun, quoted := false, false
	for _, r := range line {
		switch {
		case r == '"':
			begun, quoted = true, !quoted
		case (r == ' ' || r == '\t') && !quoted:
			if begun {
				arguments = append(arguments, word.String())
			}
			word.Reset()
			begun = false
		default:
			begun = true
			word.WriteRune(r)
		}
	}
	if begun {
		arguments = append(arguments, word.String())
	}
	return arguments
}
