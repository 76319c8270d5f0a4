package endpoint

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"io"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"inferenceconnector/connector"
	"inferenceconnector/connector/throttle"
	"inferenceconnector/schema"
)

// A kind of call, and what a good answer to it has.
type kind struct{ action, input, media, body, half string }

func (k kind) length() string { return fmt.Sprintf("Content-Length: %d\r\n", len(k.body)) }

// What must not be seen of an answer that is not whole says hidden.
var kinds = map[string]kind{
	"JSON": {"GetChatCompletions", `{"model":"m","messages":[{"role":"user","content":"Hi"}]}`,
		"application/json", `{"id":"hidden","choices":[]}`, `{"id":"hidden"`},
	"stream": {"GetChatCompletions", `{"model":"m","messages":[{"role":"user","content":"Hi"}],"stream":true}`,
		"text/event-stream", event1 + done, event1 + `data: {"id":"hidden"`},
	"info": {"GetModelInfo", `{"model":"m"}`,
		"application/json", `{"model_name":"hidden","model_type":"chat-completion","model_provider_name":"p"}`, `{"model_name":"hidden"`},
}

// wants are what is to come of the kinds of calls that are made.
type wants map[string]outcome

// An outcome is what comes of a call.
type outcome struct {
	code     connector.Code // "" for the good answer
	attempts int
	status   int  // 0 for that of the code
	begun    bool // a stream had begun
}

// everywhere is the same outcome of calls of all kinds, after one attempt.
func everywhere(code connector.Code) wants {
	o := outcome{code: code, attempts: 1}
	return wants{"JSON": o, "stream": o, "info": o}
}

// but returns the wants with another outcome for a kind.
func (w wants) but(kind string, o outcome) wants {
	w[kind] = o
	return w
}

// A faultCall is one call to a faulty endpoint.
type faultCall struct {
	*faulty
	endpoint  *Endpoint
	connector *connector.Connector
	want      outcome

	took     time.Duration
	record   *connector.Record
	response *connector.Response
	err      error
	text     string // that the caller sees
}

var ownActions = sync.OnceValues(schema.Load)

// maxFaultyReply is small, so that many replies can be read at once.
const maxFaultyReply = 1 << 20

func newFaultCall(t testing.TB, f fault, name string) *faultCall {
	t.Helper()
	c := prepareFault(f, name)
	c.reach(newEndpoint(t, at(c.endpointConfig(), c.scheme()+"://"+c.listen(t))))
	return c
}

func prepareFault(f fault, name string) *faultCall {
	c := &faultCall{faulty: &faulty{fault: f, kind: kinds[name], over: make(chan struct{})}, want: f.want[name]}
	if c.scheme() == "https" && !f.plain {
		c.config = &tls.Config{Certificates: faultCertificate().TLS.Certificates}
		if f.frames != nil {
			c.config.NextProtos = []string{"h2"}
		}
	}
	return c
}

func (f fault) scheme() string {
	if f.tls || f.frames != nil {
		return "https"
	}
	return "http"
}

func (f fault) endpointConfig() Config {
	roots := x509.NewCertPool()
	roots.AddCert(faultCertificate().Certificate())
	return Config{Key: secret, Roots: roots, Budgets: Budgets{MaxReplySize: maxFaultyReply, Call: f.budget, FirstByte: f.budget, Gap: f.budget}}
}

// faultCertificate is what faulty endpoints show.
var faultCertificate = sync.OnceValue(func() *httptest.Server {
	server := httptest.NewTLSServer(nil)
	server.Close()
	return server
})

// reach makes an endpoint that of the call.
func (c *faultCall) reach(e *Endpoint) {
	c.endpoint = e
	c.connector = connector.New([]*connector.Connection{{
		Name: "default", Open: true, Calls: 100, RenewalPeriod: time.Minute, Endpoint: e,
		Retries: connector.Retries{Attempts: 3, Wait: 10 * time.Second},
	}}, throttle.NewMemory())
}

// make makes the call, and reads what comes of it to its end.
func (c *faultCall) make(t testing.TB) {
	actions, err := ownActions()
	if err != nil {
		t.Error(err)
		return
	}
	call, err := connector.FromInput(actions, c.action, "default", []byte(c.input), nil)
	if err != nil {
		t.Error(err)
		return
	}
	c.record = call.Record
	start := time.Now()
	if c.response, c.err = c.connector.Invoke(t.Context(), call); c.err != nil {
		c.text = string(connector.AsError(c.err).JSON())
	} else {
		text, err := io.ReadAll(c.response.Body)
		if err != nil || c.response.Body.Close() != nil {
			t.Errorf("an answer cannot be read: %v", err)
		}
		c.text = string(text)
	}
	c.took = time.Since(start)
}

// got is the outcome, in the form in which it is wanted.
func (c *faultCall) got() outcome {
	o := outcome{attempts: c.record.Attempts}
	switch {
	case c.err != nil:
		o.code = connector.AsError(c.err).Code
	case c.record.Failure != nil:
		o.code, o.begun = c.record.Failure.Code, true
	default:
		if o.code = c.response.ErrorCode; o.code != "" {
			o.status = c.response.Status
		}
	}
	return o
}

// causes is all that a log would tell.
func (c *faultCall) causes() string {
	var all strings.Builder
	if c.err != nil {
		all.WriteString(c.err.Error())
	}
	if c.record.Failure != nil {
		all.WriteString(c.record.Failure.Error())
	}
	return all.String()
}
