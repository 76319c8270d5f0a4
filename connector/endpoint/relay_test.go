package endpoint

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"inferenceconnector/connector"
)

// relay opens a stream whose body the endpoint has sent so far.
func relay(t testing.TB, c Config, r *connector.Request, body io.Reader) (*connector.Response, error) {
	t.Helper()
	e := newEndpoint(t, at(c, "http://localhost"))
	ctx, cancel := newCause(t)
	changes := e.shape(r)
	return e.openStream(ctx, &call{
		record: r.Record, begun: time.Now(), cancel: cancel, reached: true, stream: true,
		changes: changes,
	}, &http.Response{
		StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"text/event-stream"}}, Body: io.NopCloser(body),
	}, time.AfterFunc(time.Minute, func() {}))
}

// relayed returns what becomes of a body.
func relayed(t testing.TB, body io.Reader) (string, *connector.Request) {
	t.Helper()
	r := chat(t, streamedChat)
	response, err := relay(t, Config{}, r, body)
	if err != nil {
		t.Fatal(err)
	}
	return text(t, response), r
}

// Streams that end well, in every form the wire knows, come out in the one form that every client reads.
func TestRelay(t *testing.T) {
	const one, two = "data: {\"n\":1}\n\n", "data: {\"n\":2}\n\n"
	for name, test := range map[string]struct{ body, want string }{
		"as it should be":         {one + two + done, one + two + done},
		"nothing but the end":     {done, done},
		"CRLF":                    {"data: {\"n\":1}\r\n\r\ndata: [DONE]\r\n\r\n", one + done},
		"CRLF here, LF there":     {"data: {\"n\":1}\r\n\ndata: {\"n\":2}\n\r\n" + done, one + two + done},
		"no blank":                {"data:{\"n\":1}\n\ndata:[DONE]\n\n", one + done},
		"two blanks":              {"data:  {\"n\":1}\n\n" + done, "data:  {\"n\":1}\n\n" + done},
		"comments":                {": hello\n\n:\n" + one + ": ping\n: pong\n\n" + done, one + done},
		"comment in an event":     {"data: {\"n\":\n: ping\ndata: 1}\n\n" + done, "data: {\"n\": 1}\n\n" + done},
		"other fields":            {"id: 7\nretry: 10\nevent: message\nfoo: bar\nfoo\n" + one + done, one + done},
		"fields that look alike":  {"Data: {}\n data: {}\ndatax: {}\nxdata: {}\n\n" + one + done, one + done},
		"several lines":           {"data: {\ndata: \"n\"\ndata::1}\n\n" + done, "data: { \"n\" :1}\n\n" + done},
		"blank lines":             {"\n\n\n" + one + "\n\n\r\n" + two + "\n" + done, one + two + done},
		"end without blank line":  {one + "data: [DONE]\n", one + done},
		"end without end of line": {one + "data: [DONE]", one + done},
		"something behind":        {one + done + one + "\x00 anything " + done, one + done},
		"white space in JSON":     {"data: \t{ \"n\" : 1 } \n\n" + done, "data: \t{ \"n\" : 1 } \n\n" + done},
		"CR within JSON":          {"data: {\"n\":\r1}\r\r\n\n" + done, "data: {\"n\": 1}\n\n" + done},
		"error that is null":      {"data: {\"error\":null}\n\n" + done, "data: {\"error\":null}\n\n" + done},
		"an error's name only":    {"event: error\n\n" + one + done, one + done},
		"names twice":             {"data: {\"a\":1,\"a\":2}\n\n" + done, "data: {\"a\":1,\"a\":2}\n\n" + done},
		"not quite UTF-8":         {"data: {\"a\":\"\xff\"}\n\n" + done, "data: {\"a\":\"\xff\"}\n\n" + done},
		"empty events":            {"data:\n\ndata: \ndata:\n\n" + one + "data\n\n" + done, one + done},
		"byte order mark":         {"\ufeff" + one + done, one + done},
		"odd choices": {"data: {\"choices\":{\"finish_reason\":1}}\n\ndata: {\"choices\":[1,[{}],\"x\",null]}\n\n" + done,
			"data: {\"choices\":{\"finish_reason\":1}}\n\ndata: {\"choices\":[1,[{}],\"x\",null]}\n\n" + done},
	} {
		t.Run(name, func(t *testing.T) {
			for how, body := range map[string]io.Reader{
				"at once":     strings.NewReader(test.body),
				"in bytes":    iotest.OneByteReader(strings.NewReader(test.body)),
				"in halves":   iotest.HalfReader(strings.NewReader(test.body)),
				"with an end": iotest.DataErrReader(strings.NewReader(test.body)),
			} {
				got, r := relayed(t, body)
				if got != test.want || r.Record.Failure != nil {
					t.Errorf("%s: got %q, %v, want %q", how, got, r.Record.Failure, test.want)
				}
			}
		})
	}
}

// Streams that break in the middle end with the reason, and never with [DONE].
func TestRelayBreaks(t *testing.T) {
	for name, test := range map[string]struct {
		body   io.Reader
		reason string
	}{
		"no end":             {strings.NewReader(""), "it ended too early"},
		"half an event":      {strings.NewReader("data: {\"n\":2}\n"), "it ended too early"},
		"half a line":        {strings.NewReader("data: {\"n\""), "it ended too early"},
		"half the end":       {strings.NewReader("data: [DON"), "it ended too early"},
		"no JSON":            {strings.NewReader("data: hello\n\n" + done), "breaks the protocol"},
		"no whole JSON":      {strings.NewReader("data: {\"n\":\n\n" + done), "breaks the protocol"},
		"a list":             {strings.NewReader("data: []\n\n" + done), "breaks the protocol"},
		"two objects":        {strings.NewReader("data: {}{}\n\n" + done), "breaks the protocol"},
		"end and more":       {strings.NewReader("data: [DONE] x\n\n"), "breaks the protocol"},
		"end of two lines":   {strings.NewReader("data: [DONE]\ndata: {}\n\n"), "breaks the protocol"},
		"cut by the network": {iotest.ErrReader(io.ErrUnexpectedEOF), "the connection was closed"},
		"any other error":    {iotest.ErrReader(errors.New("dial tcp 192.0.2.1:443: secret")), "breaks the protocol"},
	} {
		t.Run(name, func(t *testing.T) {
			got, r := relayed(t, io.MultiReader(strings.NewReader(event1), test.body))
			before, message := broke(t, r, got, connector.UpstreamStreamBroken)
			if before != event1 || !strings.Contains(message, test.reason) || strings.Contains(got, "192.0.2.1") {
				t.Errorf("got %q, want %q in it", got, test.reason)
			}
		})
	}
}

// What the endpoint says of its own failure is passed on, without its address and key.
func TestRelayReportedError(t *testing.T) {
	for name, test := range map[string]struct{ body, want string }{
		"error":          {`data: {"error":{"message":"out of memory at localhost:80","code":"500"}}`, "It said: out of memory"},
		"flat":           {`data: {"error":"Downstream unavailable"}`, "It said: Downstream unavailable"},
		"event of it":    {"event: error\ndata: {\"message\":\"no luck\"}", "It said: no luck"},
		"without words":  {`data: {"error":{}}`, "reported an error, so the reply is incomplete. Try again."},
		"with the key":   {`data: {"error":{"message":"bad key ` + secretText + `"}}`, "bad key [secret]"},
		"and with usage": {`data: {"error":{"message":"no luck"},"choices":[],"usage":{"prompt_tokens":1}}`, "It said: no luck"},
	} {
		t.Run(name, func(t *testing.T) {
			r := chat(t, streamedChat)
			response, err := relay(t, Config{Key: secret}, r, strings.NewReader(event1+test.body+"\n\n"+done))
			if err != nil {
				t.Fatal(err)
			}
			before, message := broke(t, r, text(t, response), connector.UpstreamStreamBroken)
			if before != event1 || !strings.Contains(message, test.want) || strings.Contains(message, secretText) {
				t.Errorf("got %q and %q, want %q in it", before, message, test.want)
			}
		})
	}
}

// All that has arrived is there at once; a reader with a small buffer gets the same in more pieces.
func TestRelayReads(t *testing.T) {
	all := strings.Repeat(event1, 100) + done
	buffer := make([]byte, 64<<10)
	var response *connector.Response
	for _, body := range []string{all, strings.ReplaceAll(all, "\n", "\r\n")} {
		var err error
		if response, err = relay(t, Config{}, chat(t, streamedChat), strings.NewReader(body)); err != nil {
			t.Fatal(err)
		}
		if n, err := response.Body.Read(buffer); err != nil || string(buffer[:n]) != all {
			t.Errorf("got %d bytes, %v, want all %d", n, err, len(all))
		}
	}
	for range 2 {
		if n, err := response.Body.Read(buffer); n != 0 || err != io.EOF {
			t.Errorf("got %d, %v at the end", n, err)
		}
	}
	response, err := relay(t, Config{}, chat(t, streamedChat), strings.NewReader(all))
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if _, err := io.Copy(&got, iotest.OneByteReader(response.Body)); err != nil || got.String() != all {
		t.Errorf("got %d bytes, %v, want %d", got.Len(), err, len(all))
	}
}
