package trigger

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"

	"inferenceconnector/connector"
	"inferenceconnector/schema"
)

// A Call is what an event asks for.
type Call struct {
	ID         string // of the event, or its sender's own; the same when the event comes again
	Action     string
	Connection string // "" for the only one
	Input      []byte // a JSON object of the action's parameters
}

// ErrNoEnvelope says that a text is not an envelope at all, rather than one with a mistake in it.
var ErrNoEnvelope = errors.New("no envelope")

// maxID bounds the id that a sender gives its message, in bytes.
const maxID = 128

// ReadEnvelope reads {"action","connection","input"}; queue messages may have an "id" of their sender's. All but
// the action can be null, which is as good as absent.
func ReadEnvelope(text []byte) (Call, error) {
	d, err := schema.Parse(text)
	if err != nil && bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return Call{}, &connector.Error{Code: connector.InvalidJSON, Message: "The envelope must be strict JSON: " + err.Error() + "."}
	}
	if err != nil || d.Text("action") == "" {
		return Call{}, noEnvelope()
	}
	for _, name := range d.Names() {
		value, _ := d.Value(name)
		_, isText := value.(string)
		if name != "input" && !((isText || value == nil) && slices.Contains([]string{"action", "connection", "id"}, name)) {
			return Call{}, noEnvelope()
		}
	}
	if len(d.Text("id")) > maxID {
		return Call{}, &connector.Error{Code: connector.InvalidRequest, Target: "id", Message: fmt.Sprintf("id is longer than %d bytes.", maxID)}
	}
	call := Call{ID: d.Text("id"), Action: d.Text("action"), Connection: d.Text("connection"), Input: d.Source("input")}
	if call.Input == nil || string(call.Input) == "null" {
		call.Input = []byte("{}")
	}
	return call, nil
}

func noEnvelope() error {
	return &connector.Error{Code: connector.InvalidRequest, Err: ErrNoEnvelope,
		Message: `This is no envelope. One is {"action":"GetChatCompletions","connection":"default","input":{...}}, and nothing else.`}
}

// A Trigger is what one source of events may run.
type Trigger struct {
	Connection string
	Actions    []string
	Receiver   Receiver // gets every output; nil for none
}

// narrow refuses a call that is not the source's to make, and completes one that is.
func (t Trigger) narrow(source string, call *Call) error {
	if call.Connection != "" && call.Connection != t.Connection {
		return &connector.Error{Code: connector.NotFound, Target: "connection", Message: fmt.Sprintf(
			"%s may use one connection, and that is not the one named. Leave connection out.", source)}
	}
	if !slices.Contains(t.Actions, call.Action) {
		return &connector.Error{Code: connector.InvalidRequest, Target: "action", Message: fmt.Sprintf(
			"%s may not run '%s', but: %s. Change the action, or triggers.%[1]s.actions.", source,
			connector.Shorten(call.Action, 64), strings.Join(t.Actions, ", "))}
	}
	call.Connection = t.Connection
	return nil
}
