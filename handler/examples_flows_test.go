package main_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// flowActions are two actions of a flow: one of the connector, and one that uses its output.
type flowActions map[string]struct {
	Type     string
	Inputs   json.RawMessage
	RunAfter map[string][]string
}

// A connectorCall is what a flow keeps of an action of a connector.
type connectorCall struct {
	Host           struct{ APIID, ConnectionName, OperationID string }
	Parameters     map[string]any
	Authentication string
}

const dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

// The flows of the README: their requests are made from the imported definition, and the emulator answers them.
func TestExampleFlows(t *testing.T) {
	p := program{buildHandler(t)}
	for name, c := range map[string]struct {
		behaviour string // of the emulator
		before    map[string]any
		call      string
		next      string
		want      string // a regular expression
	}{
		"email": {"echo", map[string]any{
			"triggerOutputs()":        map[string]any{"body/subject": "Offer"},
			"outputs('Html_to_text')": map[string]any{"body": "Please answer until Friday."},
		}, "Summarise", "Message", `^Subject: Offer\n\nPlease answer until Friday\.$`},
		"ticket": {"json", map[string]any{
			"triggerOutputs()": map[string]any{"body/description": "The bill is wrong."},
		}, "Classify", "Queue", `^tickets-(billing|fault|question)$`},
		"picture": {"echo", map[string]any{
			"outputs('Get_file_content')": map[string]any{"body/$content": dot},
		}, "Describe", "Alternative_text", `^Describe this picture in one sentence, for somebody who cannot see it\.`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var actions flowActions
			example(t, "flow-"+name, &actions)
			same(t, "actions", len(actions), 2)
			i := importDefinition(t, startBehaving(t, p, c.behaviour))
			var call connectorCall
			decodeStrictly(t, actions[c.call].Inputs, &call)
			same(t, "type", actions[c.call].Type, "OpenApiConnection")
			same(t, "authentication", call.Authentication, "@parameters('$authentication')")
			outputs := c.before
			outputs["outputs('"+c.call+"')"] = i.call(t, call.Host.OperationID, evaluated(t, call.Parameters, outputs).(map[string]any))
			var template string
			decodeStrictly(t, actions[c.next].Inputs, &template)
			same(t, "what comes next", actions[c.next].Type, "Compose")
			if got := fmt.Sprint(evaluated(t, template, outputs)); !regexp.MustCompile(c.want).MatchString(got) {
				t.Errorf("got %q, want %s", got, c.want)
			}
		})
	}
}

var formula = regexp.MustCompile(`(?s)^Set\(Reply, Inference\.(\w+)\("([^"]*)",\s*\{model: "([^"]*)", image: Substitute\(JSON\(Camera1\.Photo, JSONFormat\.IncludeBinaryData\), """", ""\)\}\)\);\s*Set\(Description, Reply\.(\w+)\)\n$`)

// The formula of the README, with what Power Apps make of its camera.
func TestExampleFormula(t *testing.T) {
	parts := formula.FindStringSubmatch(exampleText(t, "formula", ""))
	if parts == nil {
		t.Fatal("the formula is not understood")
	}
	i := importDefinition(t, startBehaving(t, program{buildHandler(t)}, "echo"))
	inputs := i.inputs(t, parts[1])
	var required []string
	for name, input := range inputs {
		if input.required && input.visibility != "internal" {
			required = append(required, name)
		}
	}
	same(t, "required inputs", fmt.Sprint(required), "[body/user_prompt]")
	outputs := i.call(t, parts[1], map[string]any{required[0]: parts[2], "body/model": parts[3], "body/image": "data:image/png;base64," + dot})
	text, _ := outputs["body/"+parts[4]].(string)
	contains(t, "description", text, parts[2])
}

// startBehaving starts the program with a deployment gpt-4o that the emulator plays.
func startBehaving(t *testing.T, p program, behaviour string) *running {
	t.Helper()
	emulator := p.start(t, nil, "emulator", "--listen", "127.0.0.1:0")
	file := writeInto(t, "connections.json", `{"connections":{"default":{"endpoint":"`+emulator.url+`/models",
		"callers":[{"name":"flow","key":"`+programKey+`"}],"deployments":{"gpt-4o":{"model":"`+behaviour+`"}}}}}`)
	return p.start(t, []string{"CONNECTOR_CONNECTIONS_FILE=" + file})
}

var flowExpression = regexp.MustCompile(`@\{(.*?)\?\['([\w/$]+)'\]\}|^@([\w()']+)\?\['([\w/$]+)'\]$`)

// evaluated replaces the expressions in a value. Outputs are known by what an expression calls them.
func evaluated(t *testing.T, value any, outputs map[string]any) any {
	t.Helper()
	look := func(parts []string) any {
		from, known := outputs[parts[1]+parts[3]].(map[string]any)
		found, there := from[parts[2]+parts[4]]
		if !known || !there {
			t.Fatalf("nothing is known of %s", parts[0])
		}
		return found
	}
	switch value := value.(type) {
	case map[string]any:
		object := map[string]any{}
		for name, member := range value {
			object[name] = evaluated(t, member, outputs)
		}
		return object
	case string:
		if whole := flowExpression.FindStringSubmatch(value); whole != nil && whole[3] != "" {
			return look(whole)
		}
		return flowExpression.ReplaceAllStringFunc(value, func(part string) string {
			return fmt.Sprint(look(flowExpression.FindStringSubmatch(part)))
		})
	}
	return value
}

func decodeStrictly(t *testing.T, text []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Fatal(err)
	}
}
