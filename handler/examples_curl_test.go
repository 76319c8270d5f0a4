package main_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestShownCommands runs the commands that the README shows, as they stand there. An answer shown right behind a block
// is the answer of its command. What cannot be run is said, with the reason.
func TestShownCommands(t *testing.T) {
	p := program{buildHandler(t)}
	shell := newShell(t, p, p.start(t, nil).url)
	ran := 0
	for _, b := range readBlocks(t, readText(t, "..", "README.md")) {
		needed := map[string]bool{}
		for _, command := range b.commands {
			i := slices.IndexFunc(b.notRun, func(beginning string) bool { return strings.HasPrefix(command, beginning) })
			if i >= 0 {
				needed[b.notRun[i]] = true
				continue
			}
			ran++
			name, _, _ := strings.Cut(command, "\n")
			t.Run(name, func(t *testing.T) { shell.run(t, command, b) })
		}
		for _, beginning := range b.notRun {
			if !needed[beginning] {
				t.Errorf("the README does not run %q, which its block does not have", beginning)
			}
		}
	}
	if ran == 0 {
		t.Error("the README has no commands that can be run")
	}
}

// A shell knows the program as handler, and curl fails there where an answer is an error.
type shell struct {
	bash   program
	folder string
	words  *strings.Replacer
}

func newShell(t *testing.T, p program, url string) shell {
	t.Helper()
	folder := t.TempDir()
	if err := os.Symlink(p.binary, filepath.Join(folder, "handler")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, ".curlrc"), []byte("fail-with-body\nsilent\nshow-error\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	address := strings.TrimPrefix(url, "http://")
	return shell{program{bash}, folder, strings.NewReplacer("go run ./handler", "handler", "bin/handler", "handler", "127.0.0.1:7071", address)}
}

var (
	runnable = regexp.MustCompile(`^((?:\w+=\S+[\s\\]+)*)(?:curl|handler)(?:\s|$)`)
	serving  = regexp.MustCompile(`\bhandler(?:\s+serve|\s+emulator.*)?$`)
)

// run carries out a command. One that serves has to say where, and to end well when it is told to.
func (s shell) run(t *testing.T, command string, b block) {
	t.Helper()
	command = s.words.Replace(command)
	if !runnable.MatchString(command) {
		t.Fatal("this is not known here; say in the README <!-- not run: BEGINNING OF THE COMMAND, REASON -->")
	}
	environment := []string{"PATH=" + s.folder + string(os.PathListSeparator) + os.Getenv("PATH"), "CURL_HOME=" + s.folder}
	if b.connections != "" {
		environment = append(environment, shownEnvironment(t, b.connections)...)
	}
	if place := serving.FindStringIndex(command); place != nil {
		r := s.bash.start(t, environment, "-c", command[:place[0]]+"exec "+command[place[0]:])
		r.signal(t, syscall.SIGTERM)
		if err := r.end(t, patience); err != nil {
			t.Errorf("%v: %s", err, r.stderr)
		}
		return
	}
	got := s.bash.run(t, environment, "", "-c", command)
	if got.code != 0 {
		t.Fatalf("exit code %d: %s%s", got.code, got.stdout, got.stderr)
	}
	if b.answer != "" {
		sameJSON(t, got.stdout, b.answer)
	}
}

func sameJSON(t *testing.T, got, want string) {
	t.Helper()
	var values [2]any
	for i, text := range []string{got, want} {
		if err := json.Unmarshal([]byte(text), &values[i]); err != nil {
			t.Fatalf("%v in %s", err, text)
		}
	}
	if !reflect.DeepEqual(values[0], values[1]) {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
