package main_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"
)

func (p program) testDefaultStart(t *testing.T) {
	r := p.start(t, nil)
	contains(t, "banner", r.stderr.String(), "Inference Connector listens on "+r.url, "nothing configured: the embedded emulator")
	whole := r.post(t, programChat, say("echo", "Hello", ""))
	same(t, "status", whole.StatusCode, http.StatusOK)
	same(t, "reply", content(t, readBody(t, whole)), "Hello")
	stream := r.post(t, programChat, say("echo", "one two three", `,"stream":true`))
	same(t, "status of the stream", stream.StatusCode, http.StatusOK)
	text := readBody(t, stream)
	if events := strings.Count(text, "data: {"); events < 4 || !strings.HasSuffix(text, "\n\ndata: [DONE]\n\n") {
		t.Errorf("got %d events, ending with %q", events, text[max(0, len(text)-100):])
	}
	waitUntil(t, "both calls are logged", func() bool { return strings.Count(r.stdout.String(), `"msg":"call"`) == 2 })
	for line := range strings.Lines(r.stdout.String()) {
		if !json.Valid([]byte(line)) {
			t.Errorf("standard output holds %q", line)
		}
	}
}

var quoted = regexp.MustCompile(`"([^"]*)"|'([^']*)'`)

// testBanner carries out the command that the program prints: with curl if there is one, and by reading it.
func (p program) testBanner(t *testing.T) {
	const callers = `"callers":[{"name":"x","key":"` + programKey + `"}]`
	file := writeInto(t, "connections.json", `{"connections":{
		"first":{"endpoint":"`+p.start(t, nil, "emulator", "--listen", "127.0.0.1:0").url+`/models","deployments":{"echo":{}},`+callers+`},
		"second":{"endpoint":"https://h/models",`+callers+`}}}`)
	for name, environment := range map[string][]string{
		"nothing":     nil,
		"a key":       {"CONNECTOR_CALLER_KEY=" + programKey},
		"connections": {"CONNECTOR_CONNECTIONS_FILE=" + file},
	} {
		t.Run(name, func(t *testing.T) {
			r := p.start(t, environment)
			_, command, _ := strings.Cut(r.stderr.String(), "Try it:\n\n")
			if curl, err := exec.LookPath("curl"); err == nil {
				shell := exec.Command("sh", "-c", command)
				shell.Env = append(os.Environ(), "YOUR_CALLER_KEY="+programKey)
				reply, err := shell.Output()
				if err != nil {
					t.Fatalf("%s: %v", curl, err)
				}
				same(t, "reply to curl", content(t, string(reply)), "Hello")
			}
			var words []string
			for _, match := range quoted.FindAllStringSubmatch(os.Expand(command, func(string) string { return programKey }), -1) {
				words = append(words, match[1]+match[2])
			}
			path, last := strings.TrimPrefix(words[0], r.url), len(words)-1
			response := r.post(t, path, words[last], words[1:last]...)
			same(t, "status", response.StatusCode, http.StatusOK)
			same(t, "reply", content(t, readBody(t, response)), "Hello")
		})
	}
}

func (p program) testLimit(t *testing.T) {
	r := p.start(t, nil)
	for i := range 100 {
		response := r.post(t, programChat, say("echo", "hi", ""))
		readBody(t, response)
		if response.StatusCode != http.StatusOK {
			t.Fatalf("call %d: got status %d", i+1, response.StatusCode)
		}
	}
	response := r.post(t, programChat, say("echo", "hi", ""))
	same(t, "status of call 101", response.StatusCode, http.StatusTooManyRequests)
	same(t, "code", response.Header.Get("x-ms-error-code"), "RateLimitExceeded")
	if wait, err := strconv.Atoi(response.Header.Get("Retry-After")); err != nil || wait < 1 || wait > 60 {
		t.Errorf("got Retry-After %q", response.Header.Get("Retry-After"))
	}
	contains(t, "body", readBody(t, response), "Connection 'default' allows 100 calls per 60 seconds; try again in ")
}

// testWrongSettings gives an address that is taken: a program that listened before it complained would
// complain about that.
func (p program) testWrongSettings(t *testing.T) {
	const secret = "never-print-this-0123456789abcdef-0123"
	taken := listen(t)
	bad := writeInto(t, "connections.json", `{"connections":{"a":{"endpoint":"http://`+secret+`","keys":"`+secret+`"}}}`)
	environment := []string{
		"CONNECTOR_LISTEN=" + taken, "CONNECTOR_CONNECTIONS_FILE=" + bad, "CONNECTOR_MAX_CALLS=" + secret,
		"CONNECTOR_SECRET=" + secret, "AZUREAI_ENDPOINT_KEY=" + secret,
	}
	want := strings.Join([]string{
		"CONNECTOR_MAX_CALLS must be a whole number",
		"CONNECTOR_SECRET is not a known setting; see the table of settings in the README",
		"connections.a.endpoint must begin with https://; egress.allowPlainHttp permits http",
		"connections.a.keys is not a known name here; known here: apiVersion, authentication, callers, deployments, displayName, egress, endpoint, family, rateLimit",
	}, "\n") + "\n"
	for _, line := range []string{"serve", "check", "invoke ListModels"} {
		start := time.Now()
		got := p.run(t, environment, "", strings.Fields(line)...)
		if took := time.Since(start); took > 2*time.Second+patience { // the promise is 2 s, the rest is for a busy machine
			t.Errorf("%s: took %s", line, took)
		}
		same(t, line+": exit code", got.code, 1)
		same(t, line+": standard output", got.stdout, "")
		same(t, line+": standard error", got.stderr, want)
	}
}

func (p program) testAddressInUse(t *testing.T) {
	got := p.run(t, []string{"CONNECTOR_LISTEN=" + listen(t)}, "", "serve")
	same(t, "exit code", got.code, 1)
	contains(t, "standard error", got.stderr, "CONNECTOR_LISTEN: ", "address already in use")
}

// listen returns an address on which the test listens.
func listen(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	return listener.Addr().String()
}

// untilEvent reads a stream up to its first event that holds text.
func untilEvent(t *testing.T, stream io.Reader, text string) {
	t.Helper()
	var got strings.Builder
	piece := make([]byte, 1024)
	for !strings.Contains(got.String(), text) {
		n, err := stream.Read(piece)
		got.Write(piece[:n])
		if err != nil {
			t.Fatalf("%v before %q came, after %q", err, text, got.String())
		}
	}
}
