package endpoint

import "testing"

// Calls that come whole get an index and a type; those that come in OpenAI's pieces stay as they are.
func TestToolCallsAreCompleted(t *testing.T) {
	const before, after = `{"choices":[{"index":0,"delta":{"content":null,"tool_calls":[`, `]},"finish_reason":"tool_calls"}],"usage":{}}`
	for name, test := range map[string]struct{ calls, want []string }{
		"whole": {
			[]string{`{"id":"a","function":{"name":"f","arguments":"{}"}}`},
			[]string{`{"index":0,"type":"function","id":"a","function":{"name":"f","arguments":"{}"}}`},
		},
		"two in one chunk, with blanks": {
			[]string{`{ "id":"a","function":{"id":1}}, {"id":"b","type":"function"}`},
			[]string{`{"index":0,"type":"function","id":"a","function":{"id":1}}, {"index":1,"id":"b","type":"function"}`},
		},
		"one after another": {
			[]string{`{"id":"a"}`, `{"id":"b"}`},
			[]string{`{"index":0,"type":"function","id":"a"}`, `{"index":1,"type":"function","id":"b"}`},
		},
		"more of the same": {
			[]string{`{"id":"a"}`, `{"function":{"arguments":"1"}}`, `{"id":"b"}`, `{"function":{"arguments":"2"}}`},
			[]string{`{"index":0,"type":"function","id":"a"}`, `{"index":0,"function":{"arguments":"1"}}`,
				`{"index":1,"type":"function","id":"b"}`, `{"index":1,"function":{"arguments":"2"}}`},
		},
		"pieces": {
			[]string{`{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}`, `{"index":0,"function":{"arguments":"{}"}}`},
			nil,
		},
		"pieces that repeat their id": {
			[]string{`{"id":"a","function":{"name":"f","arguments":"{"}}`, `{"id":"a","function":{"arguments":"}"}}`},
			[]string{`{"index":0,"type":"function","id":"a","function":{"name":"f","arguments":"{"}}`,
				`{"index":0,"type":"function","id":"a","function":{"arguments":"}"}}`},
		},
		"null is absent": {
			[]string{`{"index":null,"id":"a","type":null}`, `{"id":null,"type":null,"function":{}}`},
			[]string{`{"index":0,"type":"function","id":"a"}`, `{"index":0,"id":null,"function":{}}`},
		},
		"an id with an escape": {[]string{`{"id":"a\u0062"}, {"id":"ab"}`}, []string{`{"index":0,"type":"function","id":"a\u0062"}, {"index":0,"type":"function","id":"ab"}`}},
		"nothing":              {[]string{``, `{}`, `null`, `[{"id":"x"}]`, `"id"`}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			var calls toolCalls
			for i, text := range test.calls {
				want := text
				if test.want != nil {
					want = test.want[i]
				}
				if got := string(calls.complete([]byte(before + text + after))); got != before+want+after {
					t.Errorf("got  %s\nwant %s", got, before+want+after)
				}
			}
		})
	}
}

// Calls elsewhere in a chunk, and what only looks like one, are not touched.
func TestOtherToolCallsStay(t *testing.T) {
	for _, data := range []string{
		`{"choices":[{"message":{"tool_calls":[{"id":"a"}]}}]}`, `{"tool_calls":[{"id":"a"}]}`,
		`{"choices":[{"delta":{"content":"\"tool_calls\":[{\"id\":1}]"}}]}`, `{"choices":[{"delta":{"tool_calls":{"id":{"id":1}}}}]}`,
	} {
		if got := string((&toolCalls{}).complete([]byte(data))); got != data {
			t.Errorf("got %s, want %s", got, data)
		}
	}
}

// Each choice counts its own calls, wherever it stands in a chunk.
func TestToolCallsOfSeveralChoices(t *testing.T) {
	var calls toolCalls
	for _, step := range [][2]string{
		{`{"choices":[{"delta":{"tool_calls":[{"id":"a"}]},"index":0}]}`, `{"choices":[{"delta":{"tool_calls":[{"index":0,"type":"function","id":"a"}]},"index":0}]}`},
		{`{"choices":[{"delta":{"tool_calls":[{"id":"b"}]},"index":1}]}`, `{"choices":[{"delta":{"tool_calls":[{"index":0,"type":"function","id":"b"}]},"index":1}]}`},
		{`{"choices":[{"delta":{"tool_calls":[{"id":"c"}]},"index":1},{"delta":{"tool_calls":[{"id":"d"}]},"index":0}]}`,
			`{"choices":[{"delta":{"tool_calls":[{"index":1,"type":"function","id":"c"}]},"index":1},{"delta":{"tool_calls":[{"index":1,"type":"function","id":"d"}]},"index":0}]}`},
	} {
		if got := string(calls.complete([]byte(step[0]))); got != step[1] {
			t.Errorf("got  %s\nwant %s", got, step[1])
		}
	}
}
