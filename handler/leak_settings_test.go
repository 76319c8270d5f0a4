package main_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"
)

// testSecretsOfIdentities has secrets, tokens of identities and tokens of callers, good ones and bad ones.
func (p program) testSecretsOfIdentities(t *testing.T) {
	for name, secret := range map[string]string{"good": identitySecret, "bad": "n0-" + identitySecret} {
		i := newIdentities(t)
		environment := append(i.environment(t, secret), "CONNECTOR_LOG_LEVEL=DEBUG")
		r := p.start(t, environment)
		told := ""
		for _, model := range []string{"m", "managed"} {
			response := r.post(t, programChat, say(model, "hi", ""))
			told += readBody(t, response) + fmt.Sprint(response.Header)
			same(t, name+", "+model, response.StatusCode, map[bool]int{true: 503, false: 200}[name == "bad" && model == "m"])
		}
		checked := p.run(t, environment, "", "check", "--probe")
		invoked := p.run(t, environment, say("m", "hi", ""), "invoke", "GetChatCompletions", "--input", "-")
		quiet(t, told+r.stdout.String()+r.stderr.String()+checked.stdout+checked.stderr+invoked.stdout+invoked.stderr,
			secret[8:], entraToken, platformToken, platformHeader) // it begins with a word that is everywhere
	}
	own := newTenant(t)
	r := own.start(t, p)
	told, tokens := "", []string{own.token(t, programApp, time.Hour), own.token(t, programApp, -time.Hour), own.token(t, "other", time.Hour), "Authorization: Bearer eyJub25lIjoxfQ.e30."}
	for _, token := range tokens {
		response := r.post(t, "/connections/orders"+programChat, say("m", "hi", ""), token)
		told += readBody(t, response) + fmt.Sprint(response.Header)
	}
	waitUntil(t, "the calls are logged", func() bool { return strings.Count(r.stdout.String(), `"msg":"call"`) == len(tokens) })
	for _, token := range tokens {
		quiet(t, told+r.stdout.String()+r.stderr.String(), strings.TrimPrefix(token, "Authorization: Bearer "), token[strings.LastIndex(token, ".")-20:])
	}
}

// testSecretsInWrongSettings has secrets where they may not be, and secrets that may not be as they are.
func (p program) testSecretsInWrongSettings(t *testing.T) {
	hidden := regexp.MustCompile(`hush-[a-z]+[0-9a-f]*`).FindAllString(mistakes, -1)
	file := writeInto(t, "connections.json", mistakes)
	const secret = "S3cret+of/the~operator=0123456789abcdef"
	for name, environment := range map[string][]string{
		"a file":           {"CONNECTOR_CONNECTIONS_FILE=" + file, "SHORT_KEY=hush-short"},
		"a user":           {"AZUREAI_ENDPOINT_URL=https://user:" + url.QueryEscape(secret) + "@h/models"},
		"a raw user":       {"AZUREAI_ENDPOINT_URL=https://user:" + secret + "@h/models"},
		"a query":          {"AZUREAI_ENDPOINT_URL=https://h/models?code=" + secret},
		"a fragment":       {"AZUREAI_ENDPOINT_URL=https://h/models#" + secret},
		"a broken address": {"AZUREAI_ENDPOINT_URL=https://h/%zz" + secret},
		"a port":           {"AZUREAI_ENDPOINT_URL=https://h:" + secret},
		"a key as address": {"AZUREAI_ENDPOINT_URL=" + secret},
		"a key in pieces":  {"AZUREAI_ENDPOINT_URL=https://h/models", "AZUREAI_ENDPOINT_KEY=" + secret + "\n" + secret},
		"a short key":      {"AZUREAI_ENDPOINT_URL=https://h/models", "CONNECTOR_CALLER_KEY=" + secret[:20]},
		"a key with a gap": {"AZUREAI_ENDPOINT_URL=https://h/models", "CONNECTOR_CALLER_KEY=" + secret + " " + secret},
		"a broken file":    {"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", `{"connections":{"a":{"endpoint":"https://h","`+secret)},
		"a name":           {"CONNECTOR_CONNECTIONS_FILE=" + writeInto(t, "connections.json", `{"connections":{"a":{"endpoint":"@appsetting('NONE')","authentication":{"type":"Key","value":"@appsetting('`+secret+`')"}}}}`)},
	} {
		for _, line := range []string{"serve", "check", "check --probe", "check --host functions", "check --host lambda", "invoke ListModels", "schedules"} {
			got := p.run(t, append(environment, "CONNECTOR_LISTEN=127.0.0.1:0", "CONNECTOR_LOG_LEVEL=DEBUG"), "", strings.Fields(line)...)
			same(t, name+", "+line, got.code, 1)
			quiet(t, got.stdout+got.stderr, append(hidden, secret)...)
		}
	}
}

// testSecretsOfCommands has receivers of schedules whose addresses are secrets, and that do not answer well.
func (p program) testSecretsOfCommands(t *testing.T) {
	receivers := map[string]http.HandlerFunc{
		"takes": func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusAccepted) },
		"repeats": func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "no "+r.URL.String(), http.StatusBadRequest)
		},
		"redirects": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "http://"+r.Host+r.URL.String(), http.StatusFound)
		},
		"garbage":  func(w http.ResponseWriter, r *http.Request) { raw(w, r.URL.String()+"\r\n\r\n") },
		"hangs up": func(w http.ResponseWriter, r *http.Request) { panic(http.ErrAbortHandler) },
		"gone":     nil,
	}
	const path, query = "/s3cret-path-of-the-flow", "sig=s1gnature+of/the~flow"
	for name, answer := range receivers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			receiver := httptest.NewServer(answer)
			t.Cleanup(receiver.Close)
			if name == "gone" {
				receiver.Close()
			}
			f := newFlow(t, morning, atOnce)
			environment := append(f.environment[:1:1], "CONNECTOR_LOG_LEVEL=DEBUG", "FLOW="+receiver.URL+path+"?"+query)
			for _, line := range []string{"invoke --schedule morning", "check", "check --probe", "schedules"} {
				got := p.run(t, environment, "", strings.Fields(line)...)
				same(t, line, got.code, map[bool]int{true: 1}[name != "takes" && strings.HasPrefix(line, "invoke")])
				quiet(t, got.stdout+got.stderr, path[1:], query, strings.TrimPrefix(query, "sig="), programKey, "hush-prompt")
			}
		})
	}
}
