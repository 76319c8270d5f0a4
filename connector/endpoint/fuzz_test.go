package endpoint

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/iotest"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// FuzzInspect compares with a reader of the whole chunk.
func FuzzInspect(f *testing.F) {
	for _, data := range []string{
		`{}`, `{"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}],"usage":null}`, `{"choices":[],"usage":{"prompt_tokens":1}}`,
		`{"choices":[{"finish_reason":"stop"},[{}],1]}`, `{"choices":[["finish_reason","x"]]}`, `{"error":{"message":"x"}}`, `{"usage":1,"usage":2}`,
		`{"choices":[{"delta":{"tool_calls":[{"id":"a"},{ "index":1},{},{"function":{}}]}}]}`,
	} {
		f.Add([]byte(data))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := inspect(data)
		d, strict := schema.Parse(data)
		if err != nil {
			if strict == nil {
				t.Fatalf("got %v for a good chunk", err)
			}
			return
		}
		if got.usageTo > 0 && !json.Valid(bytes.ToValidUTF8(got.usage(data), nil)) {
			t.Errorf("got usage %q", got.usage(data))
		}
		if strict != nil {
			return // it is forgiven, but there is no second reader
		}
		if _, given := value(d, "choices").([]any); given && !json.Valid(data[got.listFrom:got.listTo]) {
			t.Errorf("got choices %q", data[got.listFrom:got.listTo])
		}
		want := chunk{usageFrom: got.usageFrom, usageTo: got.usageTo, listFrom: got.listFrom, listTo: got.listTo}
		want.isError = value(d, "error") != nil
		usage, given := d.Value("usage")
		want.usageNull = given && usage == nil
		choices, _ := value(d, "choices").([]any)
		for _, choice := range choices {
			if choice, ok := choice.(map[string]any); ok {
				_, finished := choice["finish_reason"].(string)
				want.choices, want.finished = want.choices+1, want.finished || finished
			}
		}
		if got != want || given != (got.usageTo > 0) {
			t.Errorf("got %+v, want %+v", got, want)
		}
		if n := len(document(t, string((&toolCalls{}).complete(data))).Names()); n != len(d.Names()) {
			t.Errorf("got %d members with completed calls, want %d", n, len(d.Names()))
		}
		if len(d.Names()) > 0 {
			replaced := document(t, string(got.withUsage(data, []byte(`{"x":1}`))))
			if again, _ := value(replaced, "usage").(map[string]any); again["x"] != json.Number("1") {
				t.Errorf("got %v, want another usage", replaced)
			}
		}
	})
}

// FuzzEvents relays any stream: what comes out is well-formed, ends in exactly one way, and holds the events
// that a plain reader finds.
func FuzzEvents(f *testing.F) {
	for _, body := range []string{
		event1 + done, "data: {\"n\":\r\ndata: 1}\r\n\r\n: ping\n\nevent: error\n\n" + event1 + "data:[DONE]", "\ufeffdata: {}\n\ndata:\n\n" + done,
		"event: error\ndata: {\"message\":\"x\"}\n\n", "data: {\"error\":{\"message\":\"[DONE]\"}}\n\n", "data: {\r}\n\n", event1 + "data: x\n\n",
		"data: {\"choices\":[{\"finish_reason\":\"stop\"}]}\n\ndata: {\"choices\":[],\"usage\":{\"prompt_tokens\":1}}\n\n" + done,
	} {
		f.Add([]byte(body), false)
		f.Add([]byte(body), true)
	}
	f.Fuzz(func(t *testing.T, body []byte, hold bool) {
		family := "ai-services"
		if hold {
			family = "openai-compatible"
		}
		var outputs []string
		for _, reader := range []io.Reader{bytes.NewReader(body), iotest.OneByteReader(bytes.NewReader(body))} {
			r := chat(t, streamedChat)
			response, err := relay(t, Config{Family: family}, r, reader)
			if err != nil {
				outputs = append(outputs, "failed: "+string(connector.AsError(err).Code))
				continue
			}
			got := text(t, response)
			checkStream(t, got, r.Record.Failure)
			if wanted := plainEvents(body); !hold {
				checkEvents(t, got, wanted)
			}
			outputs = append(outputs, got)
		}
		if outputs[0] != outputs[1] {
			t.Errorf("got %q at once and %q in bytes", outputs[0], outputs[1])
		}
	})
}

// checkStream checks the form of a stream: events of one line of JSON each, then one end.
func checkStream(t testing.TB, stream string, failure *connector.Error) {
	t.Helper()
	if strings.Contains(stream, "\r") || !strings.HasSuffix(stream, "\n\n") {
		t.Fatalf("got %q", stream)
	}
	parts := strings.Split(strings.TrimSuffix(stream, "\n\n"), "\n\n")
	for i, part := range parts {
		last := i == len(parts)-1
		if last && failure == nil {
			if part != "data: [DONE]" {
				t.Errorf("got %q at the end, want [DONE]", part)
			}
			return
		}
		name := ""
		if last {
			name = "event: error\n"
		}
		data, ok := strings.CutPrefix(part, name+"data: ")
		if !ok || strings.Contains(data, "\n") || !json.Valid(bytes.ToValidUTF8([]byte(data), nil)) {
			t.Errorf("got the event %q, error %t", part, last)
		}
	}
}

// plainEvents reads events in the plainest way: the data of each, up to the end.
func plainEvents(body []byte) (data []string) {
	body = bytes.TrimPrefix(body, []byte("\ufeff"))
	var lines []string
	for _, line := range strings.SplitAfter(string(body), "\n") {
		name, value, _ := strings.Cut(strings.TrimRight(line, "\r\n"), ":")
		switch {
		case name == "data":
			lines = append(lines, strings.ReplaceAll(strings.TrimPrefix(value, " "), "\r", " "))
		case name+value == "" && strings.HasSuffix(line, "\n") && !strings.Contains(line, ":"):
			if joined := strings.Join(lines, " "); strings.TrimSpace(joined) != "" {
				data = append(data, joined)
			}
			lines = nil
		}
	}
	return data
}

// checkEvents checks that a stream relayed events in their order, and all of them if it ended well.
func checkEvents(t testing.TB, stream string, events []string) {
	t.Helper()
	relayed := strings.Split(strings.TrimSuffix(stream, "\n\n"), "\n\n")
	for i, event := range relayed[:len(relayed)-1] {
		if i >= len(events) || event != "data: "+events[i] {
			t.Fatalf("got %q as event %d of %q", event, i, events)
		}
	}
	if count := len(relayed) - 1; relayed[count] == "data: [DONE]" && len(events) > count && events[count] != "[DONE]" {
		t.Errorf("got %d events of %q", count, events)
	}
}

// FuzzUnderstand reads any refusal: what the caller gets is one JSON object with a code, without the key.
func FuzzUnderstand(f *testing.F) {
	for _, text := range []string{
		``, `{}`, `{"error":{"code":"x","message":"m"}}`, `{"error":"x"}`, `{"detail":[{"loc":["body",1],"input":{}}]}`, `{"detail":{"loc":[]}}`,
		`{"error":{"message":"{\"detail\":[{\"loc\":[\"a\"]}]}","details":["x"]}}`, `{"code":"content_filter","status":400}`, secretText,
		`{"error":{"innererror":{"code":"ResponsibleAIPolicyViolation"},"code":"` + secretText + `"}}`,
		`{"error":{"innererror":{"code":"ResponsibleAIPolicyViolation"},"code":"x"}}`, "\xff", `{"status":"gone"}`,
	} {
		for _, status := range []int{400, 422, 429, 503} {
			f.Add([]byte(text), status)
		}
	}
	e, err := New(Config{URL: "https://team.example.com", Key: secret})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, raw []byte, status int) {
		if status < 400 || status > 599 || status == 401 || status == 403 {
			return
		}
		header := http.Header{"X-Ms-Error-Code": {string(raw)}}
		response, err := e.refusal(http.MethodPost, &http.Response{StatusCode: status, Header: header, Body: io.NopCloser(bytes.NewReader(raw))})
		if err != nil {
			t.Fatal(err)
		}
		got := text(t, response)
		if strings.Contains(got, secretText) || strings.Contains(string(response.ErrorCode), secretText) || !isWord(string(response.ErrorCode)) {
			t.Errorf("got %q with the code %q", got, response.ErrorCode)
		}
		var body struct{ Error map[string]any }
		if err := json.Unmarshal([]byte(got), &body); err != nil || body.Error == nil {
			t.Fatalf("got %q: %v", got, err)
		}
		if words, _ := body.Error["message"].(string); words == "" && got != e.mask.Replace(string(raw)) {
			t.Errorf("got %q without a message", got)
		}
		if (response.RetryAfter > 0) != (status == 429 || status == 503) {
			t.Errorf("got a wait of %v for %d", response.RetryAfter, status)
		}
	})
}
