package trigger_test

import (
	"errors"
	"strings"
	"testing"

	"inferenceconnector/connector"
	"inferenceconnector/handler/trigger"
)

func TestReadEnvelope(t *testing.T) {
	for name, test := range map[string]struct {
		text                          string
		id, action, connection, input string
	}{
		"all":             {`{"id":"1","action":"A","connection":"c","input":{"a":1}}`, "1", "A", "c", `{"a":1}`},
		"action alone":    {`{"action":"A"}`, "", "A", "", `{}`},
		"another order":   {`{"input":{},"action":"A"}`, "", "A", "", `{}`},
		"blanks":          {" \r\n{ \"action\" : \"A\" }\t", "", "A", "", `{}`},
		"null is absent":  {`{"id":null,"action":"A","connection":null,"input":null}`, "", "A", "", `{}`},
		"numbers stay":    {`{"action":"A","input":{"a":1.50e+2}}`, "", "A", "", `{"a":1.50e+2}`},
		"longest id":      {`{"action":"A","id":"` + strings.Repeat("é", 64) + `"}`, strings.Repeat("é", 64), "A", "", `{}`},
		"escapes":         {`{"\u0061ction":"\u0041","id":"a\nb"}`, "a\nb", "A", "", `{}`},
		"input to refuse": {`{"action":"A","input":[1]}`, "", "A", "", `[1]`}, // where its parameters are known
	} {
		t.Run(name, func(t *testing.T) {
			got, err := trigger.ReadEnvelope([]byte(test.text))
			if err != nil || got.ID != test.id || got.Action != test.action || got.Connection != test.connection || string(got.Input) != test.input {
				t.Errorf("got %+v with %s, %v", got, got.Input, err)
			}
		})
	}
}

func TestReadEnvelopeMistakes(t *testing.T) {
	for name, test := range map[string]struct {
		text string
		code connector.Code
		none bool // no envelope at all
	}{
		"nothing":              {``, connector.InvalidRequest, true},
		"text":                 {`Summarize this.`, connector.InvalidRequest, true},
		"quoted text":          {`"hello"`, connector.InvalidRequest, true},
		"number":               {`1`, connector.InvalidRequest, true},
		"list":                 {`[{"action":"A"}]`, connector.InvalidRequest, true},
		"quoted envelope":      {`"{\"action\":\"A\"}"`, connector.InvalidRequest, true},
		"empty object":         {`{}`, connector.InvalidRequest, true},
		"no action":            {`{"input":{}}`, connector.InvalidRequest, true},
		"empty action":         {`{"action":""}`, connector.InvalidRequest, true},
		"action null":          {`{"action":null}`, connector.InvalidRequest, true},
		"action no text":       {`{"action":1}`, connector.InvalidRequest, true},
		"action in capitals":   {`{"Action":"A"}`, connector.InvalidRequest, true},
		"connection no text":   {`{"action":"A","connection":1}`, connector.InvalidRequest, true},
		"id no text":           {`{"action":"A","id":1}`, connector.InvalidRequest, true},
		"more than that":       {`{"action":"A","source":"aws.events"}`, connector.InvalidRequest, true},
		"input beside":         {`{"action":"A","messages":[]}`, connector.InvalidRequest, true},
		"too long an id":       {`{"action":"A","id":"` + strings.Repeat("x", 129) + `"}`, connector.InvalidRequest, false},
		"broken off":           {`{"action":"A"`, connector.InvalidJSON, false},
		"action twice":         {`{"action":"A","action":"B"}`, connector.InvalidJSON, false},
		"twice by an escape":   {`{"action":"A","\u0061ction":"B"}`, connector.InvalidJSON, false},
		"more behind":          {`{"action":"A"}{}`, connector.InvalidJSON, false},
		"lone surrogate":       {`{"action":"A","id":"\ud800"}`, connector.InvalidJSON, false},
		"no UTF-8":             {"{\"action\":\"A\",\"id\":\"\xff\"}", connector.InvalidJSON, false},
		"twice within":         {`{"action":"A","input":{"a":1,"a":2}}`, connector.InvalidJSON, false},
		"too deep":             {`{"action":"A","input":` + strings.Repeat("[", 100) + strings.Repeat("]", 100) + `}`, connector.InvalidJSON, false},
		"number of an integer": {`{"action":"A","input":{"a":1e999}}`, connector.InvalidJSON, false},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := trigger.ReadEnvelope([]byte(test.text))
			if err == nil || connector.AsError(err).Code != test.code || errors.Is(err, trigger.ErrNoEnvelope) != test.none {
				t.Errorf("got %v, want %s", err, test.code)
			}
		})
	}
}
