package main_test

import (
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// A caseFile shows one behaviour: a sentence, then one exchange or several, each of these sections (the
// second exchange's end in -2, and so on):
//
//	request           what the caller sends
//	endpoint-request  what must arrive at the endpoint; without it nothing may arrive
//	endpoint-reply    what the endpoint answers
//	reply             what must come back
//
// Headers are compared as a whole set: one too many is a failure. The value * stands for any, and {55..60}
// for a number in that range. Where only the way to the endpoint matters, endpoint-reply and reply can be
// left out: the endpoint answers the usual completion, which must come back.
type caseFile struct {
	comment   []byte
	exchanges []*exchange
}

type exchange struct {
	request, endpointRequest, endpointReply, reply section
}

// section is a part of a case file; message is nil where it is left out.
type section struct {
	name    string
	text    string // as it stands in the file
	message *message
}

const (
	usualCompletion = `{"id":"c-1","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,` +
		`"finish_reason":"stop","message":{"role":"assistant","content":"Lima."}}],` +
		`"usage":{"prompt_tokens":9,"completion_tokens":2,"total_tokens":11}}` + "\n"
	usualEndpointReply = "200\nContent-Type: application/json\n\n" + usualCompletion
	usualReply         = "200\nContent-Type: application/json\nX-Content-Type-Options: nosniff\n" +
		"X-Ms-Request-Id: *\nX-Ratelimit-Limit-Requests: 10000\nX-Ratelimit-Remaining-Requests: *\n\n# exact\n" + usualCompletion
)

func readCase(t *testing.T, path string, endpoint *endpointDouble) *caseFile {
	t.Helper()
	archive, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	for _, f := range archive.Files {
		texts[f.Name] = string(f.Data)
	}
	c := &caseFile{comment: archive.Comment}
	if strings.Count(strings.TrimSpace(string(c.comment)), "\n") > 0 || len(c.comment) < 10 {
		t.Errorf("%s does not begin with one line that says what it shows", path)
	}
	for number := 1; ; number++ {
		e := newExchange(number)
		for _, s := range e.sections() {
			s.read(t, texts, endpoint)
		}
		if e.request.message == nil {
			break
		}
		if e.endpointRequest.message != nil && e.endpointReply.message == nil {
			e.endpointReply.message = mustParse(t, usualEndpointReply)
			if e.reply.message == nil {
				e.reply.message = mustParse(t, usualReply)
			}
		}
		c.exchanges = append(c.exchanges, e)
	}
	if len(texts) > 0 || len(c.exchanges) == 0 {
		t.Fatalf("%s has sections with unknown names, or no request: %q", path, texts)
	}
	return c
}

func newExchange(number int) *exchange {
	suffix := ""
	if number > 1 {
		suffix = "-" + strconv.Itoa(number)
	}
	return &exchange{
		request:         section{name: "request" + suffix},
		endpointRequest: section{name: "endpoint-request" + suffix},
		endpointReply:   section{name: "endpoint-reply" + suffix},
		reply:           section{name: "reply" + suffix},
	}
}

func (e *exchange) sections() []*section {
	return []*section{&e.request, &e.endpointRequest, &e.endpointReply, &e.reply}
}

// read takes the section out of texts.
func (s *section) read(t *testing.T, texts map[string]string, endpoint *endpointDouble) {
	t.Helper()
	text, ok := texts[s.name]
	if !ok {
		return
	}
	delete(texts, s.name)
	s.text = text
	s.message = mustParse(t, endpoint.expand(repeat(text)))
}

func mustParse(t *testing.T, text string) *message {
	t.Helper()
	m, err := parseMessage(text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

var repetition = regexp.MustCompile(`\$\{(.+?)\*(\d+)\}`)

// repeat writes out every ${x*100}.
func repeat(text string) string {
	return repetition.ReplaceAllStringFunc(text, func(short string) string {
		parts := repetition.FindStringSubmatch(short)
		n, _ := strconv.Atoi(parts[2]) // the expression lets only digits through
		return strings.Repeat(parts[1], n)
	})
}

// settle compares a section with what happened, nil for nothing. origin is the request that it came of.
// With -update it is what happened from then on.
func (s *section) settle(t *testing.T, got, origin *message) {
	t.Helper()
	problems := s.message.differences(got)
	if len(problems) == 0 {
		return
	}
	if *update {
		if got != nil && s.message != nil {
			got.exact = s.message.exact
		}
		s.message, s.text = got, ""
		if got != nil {
			s.text = got.masked(origin).String()
		}
		return
	}
	t.Errorf("%s:\n\t%s\ngot\n%s", s.name, strings.Join(problems, "\n\t"), got)
}

// write writes the file with the sections as they are now.
func (c *caseFile) write(t *testing.T, path string) {
	t.Helper()
	archive := &txtar.Archive{Comment: c.comment}
	for _, e := range c.exchanges {
		for _, s := range e.sections() {
			if s.text != "" {
				archive.Files = append(archive.Files, txtar.File{Name: s.name, Data: []byte(s.text)})
			}
		}
	}
	if err := os.WriteFile(path, txtar.Format(archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
