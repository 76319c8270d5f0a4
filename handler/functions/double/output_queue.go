package double

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
)

// maxMessage is what a queue takes: 64 KiB, once the extension has encoded it.
const maxMessage = 48 << 10

// queueMessages returns what a queue output puts into its queue: an array is several messages, anything else
// is one.
func queueMessages(output json.RawMessage) (messages [][]byte, err error) {
	elements := []json.RawMessage{output}
	if strings.HasPrefix(string(output), "[") {
		if err := json.Unmarshal(output, &elements); err != nil {
			return nil, err
		}
		for _, element := range elements {
			messages = append(messages, text(element))
		}
	} else if len(output) > 0 && string(output) != "null" {
		messages = [][]byte{decoded(output)}
	}
	for _, message := range messages {
		if len(message) > maxMessage {
			return nil, fmt.Errorf("a message of %d bytes is more than a queue takes", len(message))
		}
	}
	return messages, nil
}

// text returns what a JSON string holds, and any other JSON as it is.
func text(value json.RawMessage) []byte {
	var s string
	if json.Unmarshal(value, &s) == nil && strings.HasPrefix(string(value), `"`) {
		return []byte(s)
	}
	return value
}

// decoded is text, except that the host takes a string for base64 wherever it can. Blanks do not hinder it.
func decoded(value json.RawMessage) []byte {
	plain := text(value)
	if !strings.HasPrefix(string(value), `"`) {
		return plain
	}
	packed := strings.NewReplacer(" ", "", "\t", "", "\r", "", "\n", "").Replace(string(plain))
	if data, err := base64.StdEncoding.DecodeString(packed); err == nil {
		return data
	}
	return plain
}
