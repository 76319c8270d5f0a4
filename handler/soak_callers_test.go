//go:build soak && linux

package main_test

import (
	"context"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"
)

// A caller makes one call after another, all of its kind.
type caller struct {
	kind   string
	path   string
	body   func(id string) string // none for GET
	header map[string]string
	alone  bool  // each on a connection that it watches
	leaves bool  // before the answer, mostly
	may    []int // statuses of its answers
}

// mayFail are the statuses of calls whose endpoint has faults.
var mayFail = []int{200, 429, 502, 503, 504}

var (
	withKey = map[string]string{"api-key": programKey}
	whole   = func(id string) string { return say("m", id, "") }
	stream  = func(id string) string { return say("m", id, `,"stream":true`) }
)

func callersOf(f *failing) []caller {
	picture := strings.Repeat("A", 256<<10)
	image := func(id string) string {
		return `{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"` + id + `"},{"type":"image_url","image_url":{"url":"data:image/png;base64,` + picture + `"}}]}]}`
	}
	bring := map[string]string{
		"x-model-endpoint": strings.Replace(f.tls.URL, "127.0.0.1", "localhost", 1) + "/models", "api-key": "brought-key", "x-connector-key": programKey,
	}
	azure, openai := "/connections/default"+programChat, "/connections/openai/v1/chat/completions"
	return []caller{
		{kind: "whole", path: azure, body: whole, header: withKey, may: mayFail},
		{kind: "stream", path: azure, body: stream, header: withKey, may: mayFail},
		{kind: "openai", path: openai, body: whole, header: withKey, may: mayFail},
		{kind: "openai-stream", path: openai, body: stream, header: withKey, may: mayFail},
		{kind: "alone", path: azure, body: whole, header: withKey, alone: true, may: mayFail},
		{kind: "alone-stream", path: azure, body: stream, header: withKey, alone: true, may: mayFail},
		{kind: "image", path: azure, body: image, header: withKey, may: mayFail},
		{kind: "info", path: "/connections/default/info?api-version=2024-05-01-preview&model=m", header: withKey, may: mayFail},
		{kind: "brought", path: "/connections/brought" + programChat, body: whole, header: bring, may: mayFail},
		{kind: "brought-stream", path: "/connections/brought" + programChat, body: stream, header: bring, may: mayFail},
		{kind: "limited", path: "/connections/limited" + programChat, body: whole, header: withKey, may: mayFail},
		{kind: "leaves", path: azure, body: whole, header: withKey, leaves: true, may: mayFail},
		{kind: "leaves-stream", path: azure, body: stream, header: withKey, leaves: true, may: mayFail},
		{kind: "broken", path: azure, body: func(string) string { return `{"messages":[` }, header: withKey, may: []int{400}},
		{kind: "wrong", path: azure, body: func(id string) string { return say("m", id, `,"temperature":7`) }, header: withKey, may: []int{422}},
		{kind: "stranger", path: azure, body: whole, may: []int{401}},
	}
}

// call makes one call and enters its answer into the ledger. An answer that is none is a mistake.
func (s *soak) call(c caller, transport http.RoundTripper) (status int, code string) {
	id := s.ledger.open(c)
	ctx, leave := context.WithTimeout(context.Background(), 2*patience)
	defer leave()
	if c.leaves {
		time.AfterFunc(rand.N(60*time.Millisecond), leave)
	}
	reply, err := transport.RoundTrip(s.request(ctx, c, id))
	if err != nil {
		s.unanswered(ctx, c, id, err)
		return 0, ""
	}
	defer reply.Body.Close()
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		s.unanswered(ctx, c, id, err)
		return 0, ""
	}
	if got := reply.Header.Get("x-ms-client-request-id"); got != id {
		s.ledger.mistake("the answer to %s is for %q", id, got)
	}
	code, wrong := understand(reply, string(text), id)
	if wrong != "" {
		s.ledger.mistake("%s: %s: ...%q", id, wrong, text[max(0, len(text)-150):])
	}
	s.ledger.answered(id, reply.StatusCode, code)
	return reply.StatusCode, code
}

func (s *soak) unanswered(ctx context.Context, c caller, id string, err error) {
	if c.leaves && ctx.Err() == context.Canceled {
		s.ledger.gone()
		return
	}
	s.ledger.mistake("%s has no answer: %v", id, err)
}

func (s *soak) request(ctx context.Context, c caller, id string) *http.Request {
	method, body := http.MethodGet, ""
	if c.body != nil {
		method, body = http.MethodPost, c.body(id)
	}
	request, err := http.NewRequestWithContext(ctx, method, s.process.url+c.path, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("x-ms-client-request-id", id)
	for name, value := range c.header {
		request.Header.Set(name, value)
	}
	return request
}
