package schema_test

import (
	"bytes"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v5"

	"inferenceconnector/schema"
)

// plainBody compiles the body of an action file as it is written, by the validator alone.
func plainBody(t testing.TB, id string) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	for url, file := range map[string]string{
		"plain:///actions/" + id + ".json": "actions/" + id + ".json",
		"plain:///actions/parameters.json": "parameters.json",
	} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := compiler.AddResource(url, bytes.NewReader(text)); err != nil {
			t.Fatal(err)
		}
	}
	compiled, err := compiler.Compile("plain:///actions/" + id + ".json#/body")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// What is done to a schema for speed does not change what it says.
func TestVerdictsArePlain(t *testing.T) {
	chat, plain := action(t, chatID), plainBody(t, chatID)
	verdicts := map[bool]int{}
	for _, body := range bodies(t) {
		d, err := schema.Parse([]byte(body))
		if err != nil {
			continue
		}
		violations := chat.CheckBody(d)
		err = plain.Validate(root(d))
		if (err == nil) != (violations == nil) {
			t.Errorf("%s\ngot %v, the plain schema says %v", body, violations, err)
		}
		checkViolations(t, violations)
		verdicts[err == nil]++
	}
	if verdicts[true] < len(goodBodies) || verdicts[false] < len(badMessages)+len(badParts) {
		t.Errorf("got %v verdicts, want more of each", verdicts)
	}
}
