package emulator

// refusing is a deployment that refuses every call for one reason.
func refusing(why reason) func(chat) (answer, error) {
	return func(chat) (answer, error) { return answer{}, &problem{reason: why} }
}

func unsupported(c chat) (answer, error) {
	for name, value := range members(c.body) {
		if name != "messages" && name != "model" && string(value) != "null" {
			return answer{}, &problem{reason: parameterUnsupported, loc: []string{"body", name}, value: value}
		}
	}
	role := c.Messages[0].Role
	return answer{}, &problem{reason: messageUnsupported, about: role, loc: []string{"body", "messages", "0", "role"}, value: quote(role)}
}
