package main_test

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A message is a request or a reply as text: a first line, header lines, a blank line, the body. The
// newline at the very end is part of the body of an event stream only. In a body, a line can be
//
//	# bytes "\xef\xbb\xbf"   these bytes, and no newline
//	# pause                  what was written so far arrives, and the rest a moment later
//	# cut                    the connection is cut
//	# hang                   nothing more comes, and the connection stays open
//	# exact                  JSON is compared byte for byte, not by its values
//
// ${x*100} stands for x a hundred times, ${endpoint} for the endpoint's address, ${closed} for one where
// nobody listens, ${now+90} for the date in 90 seconds. A reply that begins with such a line has no head:
// its body is written to the connection as it is.
type message struct {
	line   string
	header http.Header
	steps  []step
	exact  bool
}

// step is a piece of a body, or something that happens there.
type step struct {
	data      []byte
	directive string
}

const eventStream = "text/event-stream"

func newMessage(line string, header http.Header, body []byte) *message {
	return &message{line: line, header: header, steps: []step{{data: body}}}
}

func parseMessage(text string) (*message, error) {
	m := &message{header: http.Header{}}
	head, body, _ := strings.Cut(text, "\n\n")
	if strings.HasPrefix(text, "#") {
		head, body = "", text
	}
	lines := strings.Split(strings.TrimSuffix(head, "\n"), "\n")
	m.line = lines[0]
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("%q is not a header line", line)
		}
		m.header.Add(name, strings.TrimSpace(value))
	}
	return m, m.parseBody(body)
}

func (m *message) parseBody(text string) error {
	plain := false
	for line := range strings.SplitAfterSeq(text, "\n") {
		word, rest, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(line, "#")), " ")
		switch {
		case line == "":
		case !strings.HasPrefix(line, "# "):
			plain = true
			m.steps = append(m.steps, step{data: []byte(line)})
		case word == "exact":
			m.exact = true
		case word == "bytes":
			data, err := strconv.Unquote(rest)
			if err != nil {
				return fmt.Errorf("%q is not a quoted string", rest)
			}
			plain = false
			m.steps = append(m.steps, step{data: []byte(data)})
		case word == "pause", word == "cut", word == "hang":
			plain = false
			m.steps = append(m.steps, step{directive: word})
		default:
			return fmt.Errorf("%q is not a directive", word)
		}
	}
	if last := len(m.steps) - 1; plain && !m.isStream() {
		m.steps[last].data = bytes.TrimSuffix(m.steps[last].data, []byte("\n"))
	}
	return nil
}

func (m *message) isStream() bool {
	return strings.HasPrefix(m.header.Get("Content-Type"), eventStream)
}

func (m *message) body() (body []byte) {
	for _, s := range m.steps {
		body = append(body, s.data...)
	}
	return body
}

// String writes the message as a case file has it.
func (m *message) String() string {
	var b strings.Builder
	b.WriteString(m.line + "\n")
	names := make([]string, 0, len(m.header))
	for name := range m.header {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		for _, value := range m.header[name] {
			fmt.Fprintf(&b, "%s: %s\n", name, value)
		}
	}
	if body := m.body(); len(body) > 0 {
		b.WriteString("\n" + m.written(body))
	}
	return b.String()
}

// written returns a body as lines, quoted where lines cannot show it.
func (m *message) written(body []byte) string {
	text := string(body)
	unprintable := func(r rune) bool { return r != '\n' && r != '\t' && !unicode.IsPrint(r) }
	odd := !utf8.Valid(body) || strings.ContainsFunc(text, unprintable) || strings.Contains("\n"+text, "\n#") ||
		strings.Contains("\n"+text, "\n-- ") || m.isStream() != strings.HasSuffix(text, "\n")
	switch {
	case odd:
		return "# bytes " + strconv.Quote(text) + "\n"
	case m.isStream():
		return text
	case m.exact:
		return "# exact\n" + text + "\n"
	}
	return text + "\n"
}
