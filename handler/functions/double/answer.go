package double

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
)

// answer is what a handler answers to an invocation.
type answer struct {
	Outputs map[string]json.RawMessage // nil when there are none at all
	Logs    []string
}

// errNothing says that an answer is empty, on which the host waits for more.
var errNothing = errors.New("the answer is empty")

func readAnswer(reply *http.Response) (a answer, err error) {
	if reply.StatusCode < 200 || reply.StatusCode > 299 {
		return a, fmt.Errorf("the handler answered %s", reply.Status)
	}
	if kind, _, err := mime.ParseMediaType(reply.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return a, fmt.Errorf("the answer is %q and not application/json", reply.Header.Get("Content-Type"))
	}
	text, err := io.ReadAll(reply.Body)
	if err != nil {
		return a, err
	}
	if text = bytes.TrimSpace(text); len(text) == 0 || string(text) == "null" {
		return a, errNothing
	}
	var said struct {
		Outputs map[string]json.RawMessage
		Logs    []any
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return a, fmt.Errorf("the answer is no invocation result: %w", err)
	}
	a.Outputs = said.Outputs
	for _, line := range said.Logs {
		text, err := scalarText(line)
		if err != nil {
			return answer{}, fmt.Errorf("the answer's Logs: %w", err)
		}
		a.Logs = append(a.Logs, text)
	}
	return a, nil
}

// scalarText writes a value that is neither an object nor an array as text.
func scalarText(value any) (string, error) {
	switch value := value.(type) {
	case nil:
		return "", nil
	case string:
		return value, nil
	case map[string]any, []any:
		return "", fmt.Errorf("%v is no text", value)
	case bool:
		return map[bool]string{true: "True", false: "False"}[value], nil
	}
	text, err := encode(value)
	return string(text), err
}
