package double_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"inferenceconnector/handler/lambda/double"
)

func TestAnswersOfAnotherShapeAreRefused(t *testing.T) {
	f := start(t, "posts")
	const good = `{"errorType":"T","errorMessage":"M"}`
	for name, test := range map[string]struct {
		path, body, header string // the header as "Name: value"
		kind, status       string
	}{
		"good":                  {"response", `1`, "", "", "202"},
		"bytes":                 {"response", `{`, "Content-Type: application/octet-stream", "", "202"},
		"streamed":              {"response", `1`, "Lambda-Runtime-Function-Response-Mode: streaming", "", "202"},
		"no content type":       {"response", `1`, "Content-Type: ", "InvalidContentType", "400"},
		"another content type":  {"response", `1`, "Content-Type: text/plain", "InvalidContentType", "400"},
		"another mode":          {"response", `1`, "Lambda-Runtime-Function-Response-Mode: whole", "InvalidFunctionResponseMode", "400"},
		"no JSON":               {"response", `{`, "", "InvalidJSON", "202"},
		"error":                 {"error", good, "", "T", "202"},
		"error without a type":  {"error", `{"errorMessage":"M"}`, "", "InvalidErrorShape", "400"},
		"error with more":       {"error", `{"errorType":"T","code":1}`, "", "InvalidErrorShape", "400"},
		"error of another kind": {"error", good, "Content-Type: text/plain", "InvalidErrorShape", "400"},
		"cause that is no JSON": {"error", good, "Lambda-Runtime-Function-Xray-Error-Cause: {", "InvalidErrorShape", "400"},
		"answered twice":        {"twice", "", "", "", "400"},
		"another invocation's":  {"other", "", "", "", "400"},
	} {
		header, value, _ := strings.Cut(test.header, ": ")
		order, err := json.Marshal(map[string]any{"path": test.path, "body": test.body, "header": map[string]string{header: value}})
		if test.header == "" {
			order, err = json.Marshal(map[string]any{"path": test.path, "body": test.body})
		}
		if err != nil {
			t.Fatal(err)
		}
		_, err = f.Invoke(t.Context(), order)
		failed, _ := errors.AsType[*double.FunctionError](err)
		if (failed == nil) != (test.kind == "") || failed != nil && failed.Type != test.kind {
			t.Errorf("%s: got %v, want %q", name, err, test.kind)
		}
		if status, err := f.Invoke(t.Context(), []byte(`{"path":"status"}`)); err != nil || string(status) != test.status {
			t.Errorf("%s: the program was answered %s, %v, want %s", name, status, err, test.status)
		}
	}
}

func TestTheNextInvocationWaitsForAnAnswer(t *testing.T) {
	if got, err := start(t, "skips").Invoke(t.Context(), []byte("{}")); err != nil || string(got) != "403" {
		t.Errorf("got %s, %v, want 403", got, err)
	}
}

func TestExtensionsRegisterWhileTheProgramStarts(t *testing.T) {
	if got, err := start(t, "extends").Invoke(t.Context(), []byte("{}")); err != nil || string(got) != `"403 403 403 403 403"` {
		t.Errorf("got %s, %v", got, err)
	}
}

func TestEventsThatAreNotJSONAreRefused(t *testing.T) {
	if _, err := start(t, "echo").Invoke(t.Context(), []byte("{")); !errors.Is(err, double.ErrNotJSON) {
		t.Errorf("got %v, want %v", err, double.ErrNotJSON)
	}
}
