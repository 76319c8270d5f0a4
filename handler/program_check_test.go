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
		"team":{"endpoint":"https://team.services.ai.azure.com/models","callers":[{"name":"x","key":"`+programKey+`"}],
			"rateLimit":{"calls":5,"renewalPeriod":10},
			"deployments":{"large":{},"gpt":{"endpoint":"https://team.openai.azure.com/openai/deployments/gpt/chat/completions?api-version=2024-10-21"}}},
		"own":{"endpoint":"http://localhost:11434/v1"}}}`)
	got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file}, "", "check")
	same(t, "exit code", got.code, 0)
	same(t, "standard error", got.stderr, "")
	contains(t, "standard output", columns(got.stdout),
		"The settings are in order (connections: "+file+").",
		"team large, gpt by key 5 calls per 10 s",
		"own any name anyone on this machine 100 calls per 60 s",
		"team ai-services https://team.services.ai.azure.com/models 2024-05-01-preview",
		"team/gpt azure-openai https://team.openai.azure.com/openai/deployments/gpt 2024-10-21",
		"own openai-compatible http://localhost:11434/v1 -")
	if strings.Contains(got.stdout, programKey) {
		t.Error("a key is printed")
	}
	for _, host := range []string{"functions", "lambda"} { // where the same file is not enough
		got := p.run(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file}, "", "check", "--host", host)
		same(t, host+": exit code", got.code, 1)
		contains(t, host+": standard error", got.stderr, "CONNECTOR_RATE_LIMIT_SCOPE is missing", "connections.own.callers is missing", "connections.own.endpoint")
	}
	same(t, "exit code", p.run(t, nil, "", "check", "--host", "azure").code, 1)
}

// columns joins the words of a line by one blank, however wide the columns are.
func columns(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		lines = append(lines, strings.Join(strings.Fields(line), " "))
	}
	return strings.Join(lines, "\n")
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
		contains(t, name, columns(got.stdout), "default ai-services "+test.url+"/models 2024-05-01-preview "+test.want)
		same(t, name+": standard error", got.stderr, map[int]string{0: "", 1: "not every endpoint answered\n"}[test.code])
		if strings.Contains(got.stdout+got.stderr, test.key) {
			t.Errorf("%s: the key is printed", name)
		}
	}
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
