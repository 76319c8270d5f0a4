package main_test

import (
	"encoding/pem"
	"io"
	"log"
	"net/http/httptest"
	"strings"
	"syscall"
	"testing"

	"inferenceconnector/handler/emulator"
)

func (p program) testCheck(t *testing.T) {
	file := writeInto(t, "connections.json", `{"connections":{
		"team":{"endpoint":"https://team.services.ai.azure.com/models","authentication":{"type":"Key","value":"`+programKey+`"},
			"callers":[{"name":"orders","key":"`+programKey+`"},{"name":"hr","key":"`+programKey+`-2"}],
			"rateLimit":{"calls":5,"renewalPeriod":10},
			"deployments":{"large":{},"mini":{"lacks":["tools","seed"]},
				"gpt":{"endpoint":"https://team.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21"},
				"thinks":{"model":"o3","reasoning":true,"lacks":["stop"]}}},
		"own":{"endpoint":"http://localhost:11434/v1","deployments":{"local":{"model":"llama3.2"}}},
		"other":{"endpoint":"http://localhost:11434/v1"}},
		"byo":{"any":{"allowHosts":["*.models.ai.azure.com","models.example.org:8443"]},
			"ours":{"allowHosts":["*.openai.azure.com"],"callers":[{"name":"orders","key":"`+programKey+`"}],"rateLimit":{"calls":7}}}}`)
	got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file}, "", "check")
	same(t, "exit code", got.code, 0)
	same(t, "standard error", got.stderr, "")
	same(t, "standard output", columns(got.stdout), `The settings are in order (connections: `+file+`).

CONNECTION LIMIT CALLERS
team 5 calls per 10 s orders, hr
own 100 calls per 60 s anyone on this machine
other 100 calls per 60 s anyone on this machine
any 100 calls per 60 s with each endpoint and key anyone who brings an endpoint and its key
ours 7 calls per 60 s with each endpoint and key orders

DEPLOYMENT FAMILY API-VERSION AUTH ADDRESS
team/large ai-services 2024-05-01-preview Key https://team.services.ai.azure.com/models
team/mini ai-services 2024-05-01-preview Key https://team.services.ai.azure.com/models
team/gpt azure-openai 2024-10-21 None https://team.openai.azure.com/openai/deployments/gpt
team/thinks ai-services 2024-05-01-preview Key https://team.services.ai.azure.com/models
own/local openai-compatible - None http://localhost:11434/v1
other/(any name) openai-compatible - None http://localhost:11434/v1

DEPLOYMENT MODEL THERE REMARKS
team/mini mini lacks tools, seed
team/thinks o3 reasoning; lacks stop
own/local llama3.2 -

BROUGHT TO ALLOWED HOSTS
any *.models.ai.azure.com
models.example.org:8443
ours *.openai.azure.com`)
	for line := range strings.Lines(got.stdout) {
		if len(line) > 120 && !strings.Contains(line, file) {
			t.Errorf("%d columns: %s", len(line), line)
		}
	}
	if strings.Contains(got.stdout, programKey) {
		t.Error("a key is printed")
	}
	for _, host := range []string{"functions", "lambda"} { // where the same file is not enough
		got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file}, "", "check", "--host", host)
		same(t, host+": exit code", got.code, 1)
		contains(t, host+": standard error", got.stderr, "CONNECTOR_RATE_LIMIT_SCOPE is missing", "connections.own.callers is missing", "connections.own.endpoint")
		if strings.Contains(got.stderr, "byo") {
			t.Errorf("%s: a brought connection needs no callers\n%s", host, got.stderr)
		}
	}
	same(t, "exit code", p.run(t, nil, "", "check", "--host", "azure").code, 1)
}

// testCheckHosts checks files that are enough where others see who calls.
func (p program) testCheckHosts(t *testing.T) {
	for name, test := range map[string]struct{ file, want string }{
		"only brought": {`{"byo":{"any":{"allowHosts":["*.models.ai.azure.com"]}}}`, "any 100 calls per 60 s with each endpoint and key anyone who brings an endpoint and its key"},
		"trust": {`{"auth":{"trustPlatform":true},"connections":{"a":{"endpoint":"https://h/models","callers":[{"name":"x","key":"` + programKey + `"}]}}}`,
			"a 100 calls per 60 s whom the platform lets in, x"},
	} {
		file := writeInto(t, "connections.json", test.file)
		for _, host := range []string{"functions", "lambda"} {
			got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file, "CONNECTOR_RATE_LIMIT_SCOPE=process"}, "", "check", "--host", host)
			same(t, name+": exit code", got.code, 0)
			same(t, name+": standard error", got.stderr, "")
			contains(t, name, columns(got.stdout), test.want)
		}
	}
}

// columns joins the words of a line by one blank, however wide the columns are.
func columns(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
}

// sameLines compares texts line by line, so that a difference in a long one can be found.
func sameLines(t *testing.T, what, got, want string) {
	t.Helper()
	lines, wanted := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range max(len(lines), len(wanted)) {
		switch {
		case i >= len(lines):
			t.Errorf("%s: missing: %s", what, wanted[i])
		case i >= len(wanted):
			t.Errorf("%s: one too many: %s", what, lines[i])
		case lines[i] != wanted[i]:
			t.Fatalf("%s: line %d: got\n\t%s\nwant\n\t%s", what, i+1, lines[i], wanted[i])
		}
	}
}

func (p program) testProbe(t *testing.T) {
	e := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0", "--key", programKey)
	nowhere := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0")
	nowhere.signal(t, syscall.SIGKILL)
	_ = nowhere.end(t, 0)
	for name, test := range map[string]struct {
		url, key string
		code     int
		want     string
	}{
		"good":        {e.url, programKey, 0, "answers (200)"},
		"wrong path":  {e.url + "/elsewhere", programKey, 0, "answers, but not this call (404); if chats fail, correct the path of the address"},
		"wrong key":   {e.url, "wrong-key-that-nobody-sees", 1, "UpstreamAuthFailed"},
		"unreachable": {nowhere.url, "wrong-key-that-nobody-sees", 1, "UpstreamUnreachable"},
	} {
		environment := []string{"AZUREAI_ENDPOINT_URL=" + test.url + "/models", "AZUREAI_ENDPOINT_KEY=" + test.key}
		got := p.run(t, environment, "", "check", "--probe")
		same(t, name+": exit code", got.code, test.code)
		contains(t, name, columns(got.stdout), "ENDPOINT OF ADDRESS ANSWER\ndefault "+test.url+"/models "+test.want)
		same(t, name+": standard error", got.stderr, map[int]string{0: "", 1: "not every endpoint answered\n"}[test.code])
		if strings.Contains(got.stdout+got.stderr, test.key) {
			t.Errorf("%s: the key is printed", name)
		}
	}
}

// testProbeOnce has one endpoint that three deployments share, however they come to it, and two that they do not.
func (p program) testProbeOnce(t *testing.T) {
	e := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0", "--key", programKey)
	own := `{"endpoint":"` + e.url + `/models","authentication":{"type":"Key","value":"` + programKey + `"}}`
	file := writeInto(t, "connections.json", `{"connections":{"team":{"endpoint":"`+e.url+`/models","authentication":{"type":"Key","value":"`+programKey+`"},
		"deployments":{"inherits":{},"repeats":`+own+`,"again":`+own+`,"newer":{"apiVersion":"2025-04-01"},"keyless":{"endpoint":"`+e.url+`/models"}}}}}`)
	got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file}, "", "check", "--probe")
	same(t, "exit code", got.code, 1)
	same(t, "standard error", got.stderr, "not every endpoint answered\n")
	_, probes, _ := strings.Cut(columns(got.stdout), "ENDPOINT OF ADDRESS ANSWER\n")
	address := e.url + "/models "
	lines := strings.SplitAfter(probes, "\n")
	same(t, "answers", strings.Join(lines[:2], ""), "team "+address+"answers (200)\nteam/newer "+address+"answers (200)\n")
	contains(t, "the last", strings.Join(lines[2:], ""), "team/keyless "+address+"UpstreamAuthFailed")
	same(t, "lines", len(lines), 3)
}

func (p program) testExtraCA(t *testing.T) {
	server := httptest.NewUnstartedServer(emulator.Handler(emulator.Config{}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // a refused certificate is what is tested
	server.StartTLS()
	t.Cleanup(server.Close)
	authority := writeInto(t, "ca.pem", string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})))
	environment := []string{"AZUREAI_ENDPOINT_URL=" + server.URL + "/models"}
	contains(t, "without", p.run(t, environment, "", "check", "--probe").stdout, "UpstreamUnreachable")
	contains(t, "with", p.run(t, append(environment, "CONNECTOR_EXTRA_CA_FILE="+authority), "", "check", "--probe").stdout, "answers (200)")
}
