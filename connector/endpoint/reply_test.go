package endpoint

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"inferenceconnector/connector"
)

// A reply that is one JSON object travels as it is, to the byte.
func TestReply(t *testing.T) {
	nested := strings.Repeat(`{"a":[`, 4000) + strings.Repeat(`]}`, 4000)
	for name, body := range map[string]string{
		"empty":           `{}`,
		"with its spaces": " {\r\n\t\"a\" : 1.50 }\n",
		"big numbers":     `{"a":123456789012345678901234567890,"b":1e999,"c":-0.0}`,
		"names twice":     `{"a":1,"a":{"b":1,"b":2}}`,
		"not quite UTF-8": "{\"a\":\"\xff\\ud800\"}",
		"deep":            nested,
		"long name":       `{"` + strings.Repeat("x", 1<<20) + `":1}`,
		"many values":     `{"a":[` + strings.Repeat("0,", 500_000) + `0]}`,
		"an error in it":  `{"error":{"code":"x","message":"the status says otherwise"}}`,
	} {
		t.Run(name, func(t *testing.T) {
			response := serve(t, Config{}, answer(body)).must(t, chat(t, plainChat))
			if response.Status != 200 || response.Stream || response.Length != int64(len(body)) || response.ErrorCode != "" {
				t.Errorf("got %d, stream %t, length %d, code %q", response.Status, response.Stream, response.Length, response.ErrorCode)
			}
			if got := text(t, response); got != body {
				t.Errorf("got %.200q", got)
			}
		})
	}
}

// The token counts of a reply are for the log; odd ones are nobody's fault.
func TestTokensOfReply(t *testing.T) {
	for usage, want := range map[string][2]int64{
		`{"prompt_tokens":3,"completion_tokens":5,"total_tokens":8}`: {3, 5},
		`{"prompt_tokens":3}`:                   {3, 0},
		`{"prompt_tokens":9007199254740993}`:    {9007199254740993, 0},
		`null`:                                  {0, 0},
		`[]`:                                    {0, 0},
		`7`:                                     {0, 0},
		`{"prompt_tokens":"3"}`:                 {0, 0},
		`{"Prompt_Tokens":3}`:                   {0, 0},
		`{"nested":{"prompt_tokens":3}}`:        {0, 0},
		`{"completion_tokens":5,"details":{}}`:  {0, 5},
		`{"completion_tokens":5,"other":[1,2]}`: {0, 5},
	} {
		e, r := serve(t, Config{}, answer(`{"choices":[{"usage":{"prompt_tokens":99}}],"usage":`+usage+`}`)), chat(t, plainChat)
		text(t, e.must(t, r))
		if got := [2]int64{r.Record.PromptTokens, r.Record.CompletionTokens}; got != want || r.Record.Attempts != 1 || r.Record.Endpoint <= 0 {
			t.Errorf("%s: got %v, %+v, want %v", usage, got, r.Record, want)
		}
	}
}

// typed answers with that status, type and body.
func typed(status int, contentType, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header()["Content-Type"] = []string{contentType}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// A reply that is no JSON object for sure is not used, and none of it reaches the caller (R20).
func TestReplyRefused(t *testing.T) {
	const good = `{"hidden":1}`
	encoded := func(encoding string) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Encoding", encoding)
			answer(good)(w, r)
		}
	}
	for name, handler := range map[string]http.HandlerFunc{
		"no type":             typed(200, "", good),
		"another type":        typed(200, "text/html", good),
		"a type alike":        typed(200, "application/jsonl", good),
		"a suffix":            typed(200, "application/problem+json", good),
		"two types":           typed(200, "application/json, text/html", good),
		"a broken type":       typed(200, "application/json; charset", good),
		"a stream":            typed(200, "text/event-stream", "data: "+good+"\n\n"+done),
		"gzip":                encoded("gzip"),
		"br":                  encoded("br"),
		"nothing":             typed(200, "application/json", ""),
		"blanks":              typed(200, "application/json", " \n"),
		"null":                typed(200, "application/json", "null"),
		"a list":              typed(200, "application/json", "["+good+"]"),
		"a text":              typed(200, "application/json", `"hidden"`),
		"two objects":         typed(200, "application/json", good+good),
		"half an object":      typed(200, "application/json", good[:len(good)-1]),
		"no JSON":             typed(200, "application/json", "<html>hidden</html>"),
		"NaN":                 typed(200, "application/json", `{"hidden":NaN}`),
		"byte order mark":     typed(200, "application/json", "\ufeff"+good),
		"created":             typed(201, "application/json", good),
		"accepted":            typed(202, "application/json", good),
		"no content":          typed(204, "application/json", ""),
		"partial content":     typed(206, "application/json", good),
		"a status of no kind": typed(299, "application/json", good),
		"a status too high":   typed(600, "application/json", good),
		"far too high":        typed(999, "application/json", good),
	} {
		t.Run(name, func(t *testing.T) {
			failure := serve(t, Config{}, handler).fails(t, chat(t, plainChat), connector.UpstreamInvalid)
			if failure.Status() != 502 || strings.Contains(failure.Error()+string(failure.JSON()), "hidden") {
				t.Errorf("got %d %s", failure.Status(), failure.JSON())
			}
		})
	}
}

// Types that mean JSON in other words.
func TestReplyTypes(t *testing.T) {
	for _, contentType := range []string{
		"application/json; charset=utf-8", "Application/JSON;odata=x", "application/json;", `application/json; charset="UTF-8"`,
	} {
		if got := text(t, serve(t, Config{}, typed(200, contentType, `{}`)).must(t, chat(t, plainChat))); got != `{}` {
			t.Errorf("%s: got %s", contentType, got)
		}
	}
	e := serve(t, Config{}, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "Identity")
		answer(`{}`)(w, r)
	})
	if got := text(t, e.must(t, chat(t, plainChat))); got != `{}` {
		t.Errorf("got %s", got)
	}
}

// A reply may be as large as the budget says and not a byte larger, whether it tells its size or not (R20).
func TestReplySize(t *testing.T) {
	const limit = 1 << 20
	for _, chunked := range []bool{false, true} {
		for size, good := range map[int]bool{limit - 1: true, limit: true, limit + 1: false, 4 * limit: false} {
			t.Run(fmt.Sprintf("%d bytes, chunked %t", size, chunked), func(t *testing.T) {
				body := `{"a":"` + strings.Repeat("x", size-len(`{"a":""}`)) + `"}`
				e := serve(t, Config{Budgets: Budgets{MaxReplySize: limit}}, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("Content-Type", "application/json")
					if !chunked {
						w.Header().Set("Content-Length", fmt.Sprint(size))
					}
					_, _ = io.WriteString(w, body)
				})
				if !good {
					failure := e.fails(t, chat(t, plainChat), connector.ResponseTooLarge)
					if failure.Status() != 502 || !strings.Contains(failure.Message, "1048576") {
						t.Errorf("got %d %s", failure.Status(), failure.Message)
					}
				} else if got := text(t, e.must(t, chat(t, plainChat))); got != body {
					t.Errorf("got %d bytes, want %d", len(got), size)
				}
			})
		}
	}
}

// The usual limit is 16 MiB; an endless reply is cut there, and a size that is only said costs nothing.
func TestMemoryOfReply(t *testing.T) {
	part := strings.Repeat(" ", 64<<10)
	endless := func(w http.ResponseWriter, r *http.Request) {
		startJSON(w)
		for r.Context().Err() == nil {
			write(w, part)
		}
	}
	said := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "17000000000")
		startJSON(w)
	}
	long := `{"a":"` + strings.Repeat("x", 8<<20) + `"}`
	for name, test := range map[string]struct {
		handler http.HandlerFunc
		limit   uint64 // half of it is the race detector's
	}{
		"endless":         {endless, 10 * 16 << 20},
		"said":            {said, 1 << 20},
		"8 MiB":           {answer(long), 10 * 8 << 20},
		"8 MiB, and said": {chain(func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", fmt.Sprint(len(long))) }, answer(long)), 3 * 8 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			e, before := serve(t, Config{}, test.handler), allocated()
			response, err := e.invoke(t.Context(), t, chat(t, plainChat))
			if err == nil {
				response.Body.Close()
			} else {
				wantCode(t, err, connector.ResponseTooLarge)
			}
			if used := allocated() - before; used > test.limit+1<<20 {
				t.Errorf("got %d bytes allocated, want at most %d", used, test.limit)
			}
		})
	}
}
