package endpoint

import (
	"strings"
	"testing"
)

func TestInspect(t *testing.T) {
	for data, want := range map[string]struct {
		choices                    int
		finished, isError, counted bool
		usage                      string
	}{
		`{}`:                                        {},
		` { "choices" : [ ] } `:                     {},
		`{"choices":null}`:                          {},
		`{"choices":{"finish_reason":"stop"}}`:      {},
		`{"choices":[{}]}`:                          {choices: 1},
		`{"choices":[{},{},1,"x",null,[{}]]}`:       {choices: 2},
		`{"choices":[{"finish_reason":null}]}`:      {choices: 1},
		`{"choices":[{"finish_reason":"stop"}]}`:    {choices: 1, finished: true},
		`{"choices":[{},{"finish_reason":"stop"}]}`: {choices: 2, finished: true},
		`{"choices":[{"finish_reason":"stop"},{"finish_reason":null}]}`:       {choices: 2, finished: true},
		`{"choices":[{"delta":{"finish_reason":"stop"}}]}`:                    {choices: 1},
		`{"choices":[{"x":"finish_reason","y":"z"}]}`:                         {choices: 1},
		`{"choices":[["finish_reason","stop"],["x","finish_reason","stop"]]}`: {},
		`{"choices":[{"finish_reason":7}]}`:                                   {choices: 1},
		`{"choices":[{"f\u0069nish_reason":"stop"}]}`:                         {choices: 1, finished: true},
		`{"finish_reason":"stop"}`:                                            {},
		`{"usage":null}`:                                                      {usage: "null"},
		`{"usage": {"prompt_tokens":1} ,"a":1}`:                               {usage: `{"prompt_tokens":1}`, counted: true},
		`{"a":{"usage":1}}`:                                                   {},
		`{"usage":1}`:                                                         {usage: "1", counted: true},
		`{"error":null}`:                                                      {},
		`{"error":{}}`:                                                        {isError: true},
		`{"error":""}`:                                                        {isError: true},
		`{"a":{"error":1}}`:                                                   {},
		`{"id":"1","choices":[{"delta":{"a":[[{}]]}}],"usage":null,"error":null,"z":[{}]}`: {choices: 1, usage: "null"},
	} {
		got, err := inspect([]byte(data))
		if err != nil || got.choices != want.choices || got.finished != want.finished || got.isError != want.isError || got.hasUsage() != want.counted {
			t.Errorf("%s: got %+v, %v, want %+v", data, got, err, want)
		}
		if usage := string(got.usage([]byte(data))); usage != want.usage {
			t.Errorf("%s: got usage %q, want %q", data, usage, want.usage)
		}
	}
}

func TestInspectRefuses(t *testing.T) {
	for _, data := range []string{
		``, ` `, `null`, `[]`, `"x"`, `1`, `{`, `}`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{"a":1}}`, `{}{}`, `{} x`, `{"choices":[}`, `{"choices":[{]}`,
		`{"choices":[{"finish_reason"}]}`, `{"usage":}`, `{"usage"`, `{'a':1}`, "{\"a\":\"\n\"}", `{"a":01}`, `{"error":nul}`, `{"choices":[`,
		strings.Repeat(`{"a":`, 20_000) + `1` + strings.Repeat(`}`, 20_000),
	} {
		if got, err := inspect([]byte(data)); err == nil {
			t.Errorf("%.100s: got %+v", data, got)
		}
	}
}

// Another value of usage stands in its place, or at the end, and all else stays.
func TestWithUsage(t *testing.T) {
	for data, want := range map[string]string{
		`{"a":1}`:                       `{"a":1,"usage":{"x":1}}`,
		`{"a":1} `:                      `{"a":1,"usage":{"x":1}} `,
		`{"a":{"b":"}"}}`:               `{"a":{"b":"}"},"usage":{"x":1}}`,
		`{"usage":null,"a":1}`:          `{"usage":{"x":1},"a":1}`,
		`{"a":1, "usage" : null }`:      `{"a":1, "usage" : {"x":1} }`,
		`{"usage":{"prompt_tokens":1}}`: `{"usage":{"x":1}}`,
	} {
		c, err := inspect([]byte(data))
		if err != nil {
			t.Fatal(err)
		}
		if got := string(c.withUsage([]byte(data), []byte(`{"x":1}`))); got != want {
			t.Errorf("%s: got %s, want %s", data, got, want)
		}
	}
}
