package main_test

import (
	"net/http"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

func (p program) testHelp(t *testing.T) {
	for line, want := range map[string][]string{
		"--help":            {"Usage: handler [command] [flags]", "serve", "invoke ACTION", "check", "definition", "schedules", "emulator", "version"},
		"-h":                {"Usage: handler [command] [flags]"},
		"help":              {"Usage: handler [command] [flags]"},
		"serve --help":      {"handler serve [flags]"},
		"help invoke":       {"handler invoke ACTION|--schedule NAME [flags]"},
		"invoke --help":     {"handler invoke ACTION|--schedule NAME [flags]", "--connection string", "--input string", "--schedule NAME"},
		"check --help":      {"handler check [flags]", "--probe"},
		"definition --help": {"handler definition [flags]", "--target string", "--brought", "--out string"},
		"schedules --help":  {"handler schedules [flags]", "--count int"},
		"emulator --help":   {"handler emulator [flags]", "--listen string", "--key string"},
		"version --help":    {"handler version [flags]"},
	} {
		got := p.run(t, nil, "", strings.Fields(line)...)
		same(t, line+": exit code", got.code, 0)
		same(t, line+": standard error", got.stderr, "")
		contains(t, line, got.stdout, want...)
	}
}

func (p program) testMistakes(t *testing.T) {
	for line, want := range map[string]string{
		"sreve":                         `there is no command "sreve"; see handler --help`,
		"--port 80":                     "unknown flag: --port; see handler serve --help",
		"serve --port 80":               "unknown flag: --port; see handler serve --help",
		"check --prob":                  "unknown flag: --prob; see handler check --help",
		"invoke":                        "usage: handler invoke ACTION|--schedule NAME [flags]",
		"invoke A B":                    "usage: handler invoke ACTION|--schedule NAME [flags]",
		"invoke A --input":              "flag needs an argument: --input; see handler invoke --help",
		"check everything":              "usage: handler check [flags]",
		"emulator --listen":             "flag needs an argument: --listen; see handler emulator --help",
		"emulator --listen 127.0.0.1:x": "--listen: listen tcp: lookup tcp/x: unknown port",
	} {
		got := p.run(t, nil, "", strings.Fields(line)...)
		same(t, line+": exit code", got.code, 1)
		same(t, line+": standard output", got.stdout, "")
		same(t, line+": standard error", got.stderr, want+"\n")
	}
}

func (p program) testVersion(t *testing.T) {
	got := p.run(t, nil, "", "version")
	same(t, "exit code", got.code, 0)
	if form := regexp.MustCompile(`^inferenceconnector \S+ \(go1\.\S+ \w+/\w+\)\n$`); !form.MatchString(got.stdout) {
		t.Errorf("got %q", got.stdout)
	}
}

func (p program) testEmulator(t *testing.T) {
	e := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0", "--key", programKey)
	contains(t, "standard error", e.stderr.String(), "echo", "throttled", e.url+"/models")
	for header, status := range map[string]int{
		"Accept: */*": http.StatusUnauthorized, "api-key: wrong": http.StatusUnauthorized,
		"api-key: " + programKey: http.StatusOK, "Authorization: Bearer " + programKey: http.StatusOK,
	} {
		same(t, header, e.post(t, "/models"+programChat, say("echo", "hi", ""), header).StatusCode, status)
	}
	if strings.Contains(e.stderr.String()+e.stdout.String(), programKey) {
		t.Error("the key is printed")
	}
	http.DefaultClient.CloseIdleConnections()
	e.signal(t, syscall.SIGTERM)
	same(t, "end", e.end(t, 0), nil)
}
