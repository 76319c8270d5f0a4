package emulator

import "encoding/json"

// refusing is a deployment that refuses every call for one reason.
func refusing(why reason) func(*modality, []byte) error {
	return func(m *modality, _ []byte) error { return &problem{reason: why, asked: m} }
}

// unsupported refuses what it finds first: a parameter that could be left out, else what the call is about.
func unsupported(m *modality, body []byte) error {
	var subject json.RawMessage
	for name, value := range members(body) {
		switch {
		case name == m.subject:
			subject = value
		case name != "model" && string(value) != "null":
			return unsupportedParameter(name, value)
		}
	}
	if m != chats {
		return unsupportedParameter(m.subject, subject)
	}
	var messages []message
	if err := json.Unmarshal(subject, &messages); err != nil {
		return err // it was read before
	}
	role := messages[0].Role
	return &problem{reason: messageUnsupported, about: role, loc: []string{"body", "messages", "0", "role"}, value: quote(role)}
}

func unsupportedParameter(name string, value json.RawMessage) *problem {
	return &problem{reason: parameterUnsupported, loc: []string{"body", name}, value: value}
}
