package main_test

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestAttacks attacks the program from outside, byte by byte.
func TestAttacks(t *testing.T) {
	p := program{buildHandler(t)}
	for name, test := range map[string]func(*testing.T){
		"framing":                        p.testFraming,
		"framing behind a proxy":         p.testSmuggling,
		"heads that HTTP refuses":        p.testRefusedHeads,
		"heads that we refuse":           p.testOddHeads,
		"credentials":                    p.testOddCredentials,
		"paths":                          p.testOddPaths,
		"nothing chooses the endpoint":   p.testNothingChoosesTheEndpoint,
		"decompression":                  p.testDecompression,
		"JSON at its limits":             p.testJSONAtItsLimits,
		"hostile strings":                p.testHostileStrings,
		"injection into the request":     p.testRequestInjection,
		"injection into the answer":      p.testAnswerInjection,
		"a second parser reads the same": p.testSecondParser,
		"log lines":                      p.testForgedLines,
		"log lines of platforms' events": p.testForgedEvents,
		"secrets":                        p.testSecrets,
		"secrets of identities":          p.testSecretsOfIdentities,
		"secrets in wrong settings":      p.testSecretsInWrongSettings,
		"secrets of commands":            p.testSecretsOfCommands,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(t)
		})
	}
}

const (
	attackedKey  = "tangerine-is-the-key-of-the-attacked"
	attackedChat = "POST " + programChat + " HTTP/1.1\r\nHost: connector.example\r\napi-key: " + attackedKey + "\r\nContent-Type: application/json\r\n"
	attackedInfo = "GET /info?api-version=2024-05-01-preview HTTP/1.1\r\nHost: connector.example\r\napi-key: " + attackedKey + "\r\n"
)

// An attacked program has two connections, to a model that keeps what it is sent.
type attacked struct {
	*running
	mu   sync.Mutex
	seen []sent
}

// sent is what the model was sent.
type sent struct {
	target string
	header http.Header
	body   string
}

// attack starts the program before a model that answers as it is told; nil stands for a usual answer.
func (p program) attack(t *testing.T, answer http.HandlerFunc, environment ...string) *attacked {
	t.Helper()
	a := &attacked{}
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a.note(r)
		if answer != nil {
			answer(w, r)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, usualCompletion)
	}))
	t.Cleanup(model.Close)
	file := writeInto(t, "connections.json", `{"connections":{"default":{"endpoint":"`+model.URL+`/models","rateLimit":{"calls":1000000},
		"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},"callers":[{"name":"x","key":"`+attackedKey+`"}]},
		"azure":{"endpoint":"`+model.URL+`/base","family":"azure-openai","rateLimit":{"calls":1000000},
		"egress":{"allowPlainHttp":true,"allowCidrs":["127.0.0.0/8"]},"callers":[{"name":"y","key":"azure-`+attackedKey+`"}]}}}`)
	a.running = p.start(t, append(environment, "CONNECTOR_CONNECTIONS_FILE="+file, "CONNECTOR_LOG_LEVEL=DEBUG", "CONNECTOR_MAX_ATTEMPTS=1"))
	return a
}

func (a *attacked) note(r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen = append(a.seen, sent{r.Host + r.RequestURI, r.Header, string(body)})
}

// sent returns what the model was sent since it was asked before.
func (a *attacked) sent() []sent {
	a.mu.Lock()
	defer a.mu.Unlock()
	seen := a.seen
	a.seen = nil
	return seen
}

// An attackWire is a connection on which a test writes every byte itself.
type attackWire struct {
	net.Conn
	in *bufio.Reader
}

func (a *attacked) dial(t *testing.T) attackWire {
	t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(a.url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	return attackWire{c, bufio.NewReader(c)}
}

// write writes text; whoever answers early need not read it all.
func (w attackWire) write(text string) { _, _ = io.WriteString(w, text) }

// read reads one answer, as the answer to method.
func (w attackWire) read(t *testing.T, method string) (*http.Response, string) {
	t.Helper()
	answer, err := http.ReadResponse(w.in, &http.Request{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer, readBody(t, answer)
}

// over reports that nothing more comes, not even an answer.
func (w attackWire) over(t *testing.T) {
	t.Helper()
	rest, err := io.ReadAll(w.in)
	if len(rest) > 0 || err != nil && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("the connection goes on: %q, %v", rest, err)
	}
}

// goesOn reports that the connection takes another request, and that nothing lies between.
func (w attackWire) goesOn(t *testing.T) {
	t.Helper()
	w.write("GET /healthz HTTP/1.1\r\nHost: connector.example\r\n\r\n")
	if answer, body := w.read(t, http.MethodGet); answer.StatusCode != http.StatusOK || body != `{"status":"ok"}`+"\n" {
		t.Errorf("behind it: got %d %s", answer.StatusCode, body)
	}
}

// exchange sends a request on a connection of its own, and returns the answer.
func (a *attacked) exchange(t *testing.T, request string) (*http.Response, string) {
	t.Helper()
	w := a.dial(t)
	w.write(request)
	method, _, _ := strings.Cut(request, " ")
	return w.read(t, method)
}

// chat sends a chat with header lines, each of which ends with CRLF.
func (a *attacked) chat(t *testing.T, lines, body string) (*http.Response, string) {
	t.Helper()
	return a.exchange(t, attackedChat+lines+"Content-Length: "+strconv.Itoa(len(body))+"\r\n\r\n"+body)
}
