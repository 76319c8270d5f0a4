//go:build soak && linux

package main_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
)

// understand reads an answer as a caller does: whole, and for this call. It returns the code of an error, and
// what is wrong with the answer.
func understand(reply *http.Response, text, id string) (code, wrong string) {
	said := ""
	if strings.HasPrefix(reply.Header.Get("Content-Type"), "text/event-stream") {
		said, code, wrong = understandStream(text)
	} else {
		said, code, wrong = understandWhole(text)
	}
	switch {
	case wrong != "":
		return code, wrong
	case reply.StatusCode != http.StatusOK && code == "":
		return code, fmt.Sprintf("%d without a code", reply.StatusCode)
	case reply.StatusCode == http.StatusOK && code == "" && said != id:
		return code, fmt.Sprintf("it says %q", said)
	}
	return code, ""
}

// An answer is a completion, a piece of one, a model's description or an error.
type answer struct {
	Choices []struct {
		Message, Delta struct{ Content string }
	}
	ModelName string `json:"model_name"`
	Error     struct{ Code string }
}

func understandWhole(text string) (said, code, wrong string) {
	var a answer
	if err := json.Unmarshal([]byte(text), &a); err != nil {
		return "", "", err.Error()
	}
	for _, choice := range a.Choices {
		said += choice.Message.Content + choice.Delta.Content
	}
	return said + a.ModelName, a.Error.Code, ""
}

// A stream ends with [DONE], or with an error: never with both, never with neither.
func understandStream(text string) (said, code, wrong string) {
	done := 0
	for event := range strings.SplitSeq(strings.TrimSuffix(text, "\n\n"), "\n\n") {
		failed, isError := strings.CutPrefix(event, "event: error\n")
		data, isData := strings.CutPrefix(failed, "data: ")
		if !isData || done > 0 || code != "" {
			return said, code, fmt.Sprintf("%q is out of place", event)
		}
		if data == "[DONE]" {
			done++
			continue
		}
		more, problem, broken := understandWhole(data)
		if said, code = said+more, problem; broken != "" || isError != (code != "") {
			return said, code, fmt.Sprintf("%q is not understood: %s", event, broken)
		}
	}
	if (done == 1) == (code != "") {
		return said, code, "it does not say how it ends"
	}
	return said, code, ""
}
