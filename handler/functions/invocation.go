package functions

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"
	"time"

	"inferenceconnector/connector"
)

// Limits of what the host sends. The text of a caller's body grows when it is escaped.
const (
	maxInvocation = 100 << 20 // bytes, where there is memory for several of that size
	copies        = 3         // of an invocation, while it is taken apart
	bodyTimeout   = 30 * time.Second
	maxID         = 128 // bytes
)

// An invocation is what the host sends to a function (contract/azure-functions-custom-handler.md section 3).
type invocation struct {
	value    json.RawMessage            // what the trigger brings
	metadata map[string]json.RawMessage // senders can write in it: labels, never authority
}

// receive reads the body of a call of the host's.
func (c Config) receive(w http.ResponseWriter, r *http.Request, part *connector.Part) ([]byte, error) {
	limit := min(maxInvocation, c.Memory.Limit()/(copies+1))
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTimeout)) // net/http takes it back after the body
	if r.ContentLength > limit {
		return nil, tooLarge(limit, nil)
	}
	body, err := part.ReadAll(http.MaxBytesReader(w, r.Body, limit), r.ContentLength, limit)
	if err == nil {
		err = part.Keep((copies - 1) * int64(len(body)))
	}
	full, isFull := errors.AsType[*connector.Error](err)
	over := &http.MaxBytesError{}
	switch {
	case err == nil:
		return body, nil
	case isFull:
		return nil, full
	case errors.As(err, &over):
		return nil, tooLarge(limit, err)
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, &connector.Error{Code: connector.RequestTimeout, Err: err, Message: "The body did not arrive in time."}
	}
	return nil, &connector.Error{Code: connector.InvalidRequest, Err: err, Message: "The body ended early or its framing is broken."}
}

func tooLarge(limit int64, cause error) error {
	return &connector.Error{Code: connector.BodyTooLarge, Err: cause, Message: fmt.Sprintf("The body is larger than %d bytes as the host tells it.", limit)}
}

// read reads an invocation of a function. Members that it does not need may be anything.
func (f Function) read(text []byte) (invocation, error) {
	var sent map[string]json.RawMessage
	var data map[string]json.RawMessage
	err := json.Unmarshal(text, &sent)
	if err == nil {
		err = json.Unmarshal(sent["Data"], &data)
	}
	value, there := data[f.Input]
	if !there {
		return invocation{}, &connector.Error{Code: connector.InvalidRequest, Err: err, Message: fmt.Sprintf(
			"This is no invocation of %s: JSON with a value in Data.%s. Only the Functions host calls this address.", f.Name, f.Input)}
	}
	i := invocation{value: value}
	_ = json.Unmarshal(sent["Metadata"], &i.metadata) // without it, labels are missing
	return i, nil
}

// plain returns a value as its sender wrote it. The host encodes what is no object as JSON once more, into a
// string: a message arrives encoded twice, or once from older hosts. Nothing is decoded but such strings, so
// that numbers keep their text.
func plain(value json.RawMessage) json.RawMessage {
	for range 2 {
		var text string
		if !bytes.HasPrefix(value, []byte(`"`)) || json.Unmarshal(value, &text) != nil {
			break
		}
		value = json.RawMessage(text)
	}
	return value
}

// id labels a run, and is the idempotency id of what is delivered. The platform's id of a message is the same
// when the message comes again, which that of the invocation is not. Senders can put their own in its place
// (an "id" in the message overwrites it), so that it must never decide anything. One that they put nothing in
// (null, "") is lost; what was sent when is the same, too.
func (i invocation) id(r *http.Request) string {
	for _, name := range []string{"Id", "id", "MessageId"} {
		if id := clean(plain(i.metadata[name])); id != "" {
			return id
		}
	}
	if sent := i.metadata["InsertionTime"]; len(sent) > 0 {
		return fmt.Sprintf("%x", sha256.Sum256(append(sent[:len(sent):len(sent)], i.value...)))
	}
	return clean([]byte(r.Header.Get("X-Azure-Functions-InvocationId")))
}

// clean keeps what may stand in a header and in a log line.
func clean(id []byte) string {
	printable := strings.Map(func(c rune) rune {
		if c <= ' ' || c > '~' {
			return -1
		}
		return c
	}, string(id))
	return printable[:min(len(printable), maxID)]
}

// isPastDue reports whether the platform knows that a timer fires late.
func (i invocation) isPastDue() bool {
	var timer struct{ IsPastDue any }
	return json.Unmarshal(plain(i.value), &timer) == nil && strings.EqualFold(fmt.Sprint(timer.IsPastDue), "true")
}
