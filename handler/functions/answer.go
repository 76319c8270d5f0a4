package functions

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"inferenceconnector/connector"
)

// writeTimeout is for the host, on the same machine, to take a whole answer.
const writeTimeout = 30 * time.Second

// An answer is what the host reads. None of the first three may be left out: an answer that is empty or null
// is waited for until the function times out. Outputs hold objects and texts of objects only: any other
// string may happen to be base64, and the host would decode it.
type answer struct {
	Outputs     map[string]any
	Logs        []string
	ReturnValue any      // stays null
	Error       *failure `json:"error,omitempty"` // for people; the host looks at the status alone
}

type failure struct {
	Code    connector.Code `json:"code"`
	Message string         `json:"message"`
}

// write is the one writer of answers.
func (a answer) write(w http.ResponseWriter, status int) {
	if a.Outputs == nil {
		a.Outputs = map[string]any{}
	}
	text := encode(a)
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(writeTimeout))
	w.Header().Set("Content-Type", "application/json") // which net/http would guess to be text
	w.Header().Set("Content-Length", strconv.Itoa(len(text)))
	w.WriteHeader(status)
	_, _ = w.Write(text) // when the host has gone, it knows that the run failed
}

// because adds to an answer why there is nothing else in it.
func (a answer) because(err error) answer {
	e := connector.AsError(err)
	a.Error = &failure{e.Code, e.Message}
	return a
}

func encode(value any) []byte {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil { // texts, and JSON that was checked on its way
		panic(err)
	}
	return bytes.TrimSuffix(text.Bytes(), []byte("\n"))
}

// ran is the sentence for the host's log about a run: nothing of what was said.
func ran(action, connection string, output []byte, err error, took time.Duration) string {
	what := fmt.Sprintf("%q", connector.Shorten(action, maxID))
	if connection != "" {
		what += fmt.Sprintf(" on %q", connector.Shorten(connection, maxID))
	}
	if err != nil {
		return fmt.Sprintf("%s failed with %s after %d ms.", what, connector.AsError(err).Code, took.Milliseconds())
	}
	return fmt.Sprintf("%s gave %d bytes in %d ms.", what, len(output), took.Milliseconds())
}
