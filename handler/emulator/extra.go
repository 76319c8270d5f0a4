package emulator

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// settle refuses, drops or passes the parameters beyond those of the contract, as the
// header extra-parameters says. A body that is not JSON is for others to complain of.
func (m *modality) settle(body []byte, mode string) ([]byte, error) {
	switch mode {
	case "", "error", "drop", "pass-through":
	default:
		return nil, &problem{reason: extraParameters, text: fmt.Sprintf(
			"Unexpected EXTRA_PARAMETERS option %.64s, expected options are ['error', 'drop', 'pass-through']", mode)}
	}
	var extra, kept []string
	for name, value := range members(body) {
		if slices.Contains(m.parameters, name) {
			kept = append(kept, string(quote(name))+":"+string(value))
		} else {
			extra = append(extra, "'"+name+"'")
		}
	}
	switch {
	case extra == nil || mode == "pass-through" || !json.Valid(body):
		return body, nil
	case mode == "drop":
		return []byte("{" + strings.Join(kept, ",") + "}"), nil
	}
	return nil, &problem{reason: extraParameters, text: fmt.Sprintf("Extra parameters [%s] are not allowed when extra-parameters "+
		"is not set or set to be 'error'. Set extra-parameters to 'pass-through' to pass to the model.", strings.Join(extra, ", "))}
}

// members yields what a JSON object has, in the order of its text, as far as it is one.
func members(body []byte) iter.Seq2[string, json.RawMessage] {
	return func(yield func(string, json.RawMessage) bool) {
		fields := json.NewDecoder(bytes.NewReader(body))
		if start, err := fields.Token(); err != nil || start != json.Delim('{') {
			return
		}
		for fields.More() {
			name, err := fields.Token()
			if err != nil {
				return
			}
			var value json.RawMessage
			if fields.Decode(&value) != nil || !yield(name.(string), value) {
				return
			}
		}
	}
}

func quote[T string | []string | float64](value T) json.RawMessage {
	quoted, _ := json.Marshal(value) // what was read can be written
	return quoted
}
