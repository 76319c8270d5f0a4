package main_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// infoWith is a good request with more lines, each of which ends with CRLF.
func infoWith(lines string) string { return attackedInfo + lines + "\r\n" }

// The HTTP library refuses these, and closes.
func (p program) testRefusedHeads(t *testing.T) {
	a := p.attack(t, nil)
	for name, test := range map[string]struct {
		request string
		status  int
	}{
		"HTTP/0.9":                    {"GET /info?api-version=2024-05-01-preview\r\n\r\n", 400},
		"HTTP/2 without a word":       {strings.Replace(infoWith(""), "HTTP/1.1", "HTTP/2.0", 1), 505},
		"HTTP/2 preface":              {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00", 404},
		"a version in small letters":  {strings.Replace(infoWith(""), "HTTP/1.1", "http/1.1", 1), 400},
		"no host":                     {"GET /healthz HTTP/1.1\r\n\r\n", 400},
		"two hosts":                   {infoWith("Host: connector.example\r\n"), 400},
		"a host with a user":          {"GET /healthz HTTP/1.1\r\nHost: user:password@connector.example\r\n\r\n", 400},
		"a host with a blank":         {"GET /healthz HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
		"a line without a colon":      {infoWith("garbage\r\n"), 400},
		"a first line that is folded": {"GET /healthz HTTP/1.1\r\n X: y\r\nHost: connector.example\r\n\r\n", 400},
		"a name with a blank":         {infoWith("X A: b\r\n"), 400},
		"a name with NUL":             {infoWith("X\x00A: b\r\n"), 400},
		"no name":                     {infoWith(": b\r\n"), 400},
		"a value with NUL":            {infoWith("X-A: a\x00b\r\n"), 400},
		"a value with DEL":            {infoWith("X-A: a\x7fb\r\n"), 400},
		"a bare carriage return":      {infoWith("X-A: a\rapi-key: b\r\n"), 400},
		"an escape sequence":          {infoWith("X-A: \x1b[2J\r\n"), 400},
		"a method with NUL":           {"G\x00T /healthz HTTP/1.1\r\nHost: connector.example\r\n\r\n", 400},
		"a method with a blank":       {"GET GET /healthz HTTP/1.1\r\nHost: connector.example\r\n\r\n", 400},
		"another expectation":         {attackedChat + helloLength + "Expect: a miracle\r\n\r\n" + hello, 417},
		"40 KB of headers":            {infoWith(strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 40)), 431},
	} {
		t.Run(name, func(t *testing.T) {
			w := a.dial(t)
			w.write(test.request)
			answer, body := w.read(t, http.MethodGet)
			same(t, "status", answer.StatusCode, test.status)
			if strings.Contains(body, "goroutine") || strings.Contains(body, "garbage") {
				t.Errorf("it says too much: %s", body)
			}
			w.over(t)
			same(t, "calls of the model", len(a.sent()), 0)
		})
	}
}

// testOddHeads has heads that HTTP allows. A refusal is ours, and the connection goes on.
func (p program) testOddHeads(t *testing.T) {
	a := p.attack(t, nil)
	id := "x-ms-client-request-id: "
	for name, test := range map[string]struct {
		request, code string
	}{
		"bare line ends":             {strings.ReplaceAll(infoWith(""), "\r\n", "\n"), ""},
		"a folded line":              {infoWith("X-A: 1\r\n 2\r\n"), ""},
		"a value of 8 KiB":           {infoWith("X-A: " + strings.Repeat("a", 8<<10) + "\r\n"), ""},
		"16 KiB of headers":          {infoWith(strings.Repeat("X-A: "+strings.Repeat("a", 1000)+"\r\n", 17)), "HeadersTooLarge"},
		"names in odd case":          {strings.NewReplacer("api-key", "aPI-kEY", "Host", "hOST").Replace(infoWith("")), ""},
		"letters that fold to ASCII": {strings.Replace(infoWith(""), "api-key", "api-\u212aey", 1), "400"}, // the sign for Kelvin
		"an id of 8 KiB":             {infoWith(id + strings.Repeat("a", 8<<10) + "\r\n"), ""},
		"ids":                        {infoWith(id + "a\r\n" + id + "b\r\n"), ""},
		"a deployment of 8 KiB":      {infoWith("azureml-model-deployment: " + strings.Repeat("a", 8<<10) + "\r\n"), "InvalidRequest"},
		"deployments":                {infoWith("azureml-model-deployment: a\r\nAzureML-Model-Deployment: b\r\n"), "InvalidRequest"},
		"a deployment that is none":  {infoWith("azureml-model-deployment: a\xffb\r\n"), "InvalidRequest"},
		"C1 controls":                {infoWith("azureml-model-deployment: a\u0085b\r\n"), "InvalidRequest"},
		"a tab in a deployment":      {infoWith("azureml-model-deployment: a\tb\r\n"), "InvalidRequest"},
		"an upgrade to HTTP/2":       {infoWith("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n"), "InvalidRequest"},
		"a method in small letters":  {strings.Replace(infoWith(""), "GET", "get", 1), "MethodNotAllowed"},
		"a method of ours overruled": {infoWith("X-HTTP-Method-Override: DELETE\r\n"), ""},
		"a version to come":          {strings.Replace(infoWith(""), "HTTP/1.1", "HTTP/1.2", 1), ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := a.dial(t)
			w.write(test.request)
			answer, body := w.read(t, http.MethodGet)
			if test.code == "400" { // the library's
				same(t, "status", answer.StatusCode, http.StatusBadRequest)
				return
			}
			same(t, "code", answer.Header.Get("x-ms-error-code"), test.code)
			same(t, "calls of the model", len(a.sent()), map[bool]int{true: 1}[test.code == ""])
			if test.code != "" && len(body) > 1000 {
				t.Errorf("it repeats %d bytes", len(body))
			}
			w.goesOn(t)
		})
	}
}

// testOddCredentials has keys that two readers could read differently.
func (p program) testOddCredentials(t *testing.T) {
	a := p.attack(t, nil)
	key, bearer := "api-key: "+attackedKey+"\r\n", "Authorization: Bearer "+attackedKey+"\r\n"
	for name, test := range map[string]struct {
		lines  string
		status int
	}{
		"key":                       {key, 200},
		"bearer":                    {bearer, 200},
		"bearer in odd case":        {strings.Replace(bearer, "Bearer", "bEARER", 1), 200},
		"both":                      {key + bearer, 200},
		"key that Connection names": {key + "Connection: api-key\r\n", 200}, // a hop may drop it; we do not, and it is not sent on
		"twice":                     {key + key, 401},
		"twice in odd case":         {key + strings.ToUpper(key[:7]) + key[7:], 401},
		"a wrong one behind it":     {key + "api-key: wrong\r\n", 401},
		"an empty one before it":    {"api-key:\r\n" + key, 401},
		"joined by a comma":         {"api-key: " + attackedKey + ", " + attackedKey + "\r\n", 401},
		"folded":                    {"api-key: " + attackedKey + "\r\n wrong\r\n", 401},
		"with a tab in it":          {"api-key: " + attackedKey[:9] + "\t" + attackedKey[9:] + "\r\n", 401},
		"two bearers":               {bearer + bearer, 401},
		"two bearers beside a key":  {key + bearer + bearer, 401},
		"bearers joined by a comma": {"Authorization: Bearer " + attackedKey + ", Bearer x\r\n", 401},
		"as Basic":                  {"Authorization: Basic " + attackedKey + "\r\n", 401},
		"its first half":            {"api-key: " + attackedKey[:16] + "\r\n", 401},
		"with more behind it":       {"api-key: " + attackedKey + "x\r\n", 401},
		"of 8 KiB":                  {"api-key: " + strings.Repeat(attackedKey, 234) + "\r\n", 401},
		"as a cookie":               {"Cookie: api-key=" + attackedKey + "\r\n", 401},
		"with an underscore":        {"api_key: " + attackedKey + "\r\n", 401},
		"of a gateway":              {"Ocp-Apim-Subscription-Key: " + attackedKey + "\r\n", 401},
		"of the platform":           {"x-functions-key: " + attackedKey + "\r\nX-MS-CLIENT-PRINCIPAL-ID: admin\r\nX-MS-CLIENT-PRINCIPAL: e30=\r\n", 401},
		"of an authorizer":          {"x-amzn-request-context: {\"authorizer\":{}}\r\nx-amz-security-token: x\r\n", 401},
	} {
		t.Run(name, func(t *testing.T) {
			request := strings.Replace(attackedInfo, key, test.lines, 1) + "\r\n"
			answer, body := a.exchange(t, request)
			same(t, "status", answer.StatusCode, test.status)
			if strings.Contains(body, attackedKey[:8]) {
				t.Errorf("the key is in %s", body)
			}
			for _, sent := range a.sent() {
				if text := fmt.Sprint(sent); strings.Contains(text, "tangerine") {
					t.Errorf("the model was sent the caller's key: %s", text)
				}
			}
		})
	}
}
