package main_test

import (
	"regexp"
	"strconv"
	"strings"
)

// value evaluates the expressions in a value.
func (r run) value(value any) any {
	switch value := value.(type) {
	case map[string]any:
		object := map[string]any{}
		for name, member := range value {
			object[name] = r.value(member)
		}
		return object
	case []any:
		var list []any
		for _, member := range value {
			list = append(list, r.value(member))
		}
		return list
	case string:
		if text, ok := strings.CutPrefix(value, "@"); ok && !strings.HasPrefix(text, "{") {
			return r.evaluate(text)
		}
		return interpolated.ReplaceAllStringFunc(value, func(part string) string {
			return r.text("@" + part[len("@{"):len(part)-1])
		})
	}
	return value
}

func (r run) text(value string) string {
	r.t.Helper()
	text, ok := r.value(value).(string)
	if !ok {
		r.t.Fatalf("%s is no text", value)
	}
	return text
}

var (
	interpolated = regexp.MustCompile(`@\{[^}]*\}`)
	expression   = regexp.MustCompile(`^(\w+)\((?:'([^']*)')?\)((?:\?\[(?:'\w+'|\d+)\])*)$`)
	member       = regexp.MustCompile(`'(\w+)'|\d+`)
)

// evaluate is the value of an expression: a function, and members that need not be there.
func (r run) evaluate(text string) (value any) {
	r.t.Helper()
	parts := expression.FindStringSubmatch(text)
	if parts == nil {
		r.t.Fatalf("the expression %q is not understood", text)
	}
	there := true
	switch function, argument := parts[1], parts[2]; function {
	case "parameters":
		parameter, known := r.parameters[argument]
		there = known && parameter.Type == "String"
		value = r.value(parameter.Value)
	case "appsetting":
		value, there = r.settings[argument]
	case "triggerBody":
		value = r.trigger
	case "body":
		value, there = r.replies[argument]
	default:
		there = false
	}
	if !there {
		r.t.Fatalf("nothing is known of %q", text)
	}
	for _, step := range member.FindAllStringSubmatch(parts[3], -1) {
		switch in := value.(type) {
		case map[string]any:
			value = in[step[1]]
		case []any:
			if i, err := strconv.Atoi(step[0]); err == nil && i < len(in) {
				value = in[i]
			}
		default:
			value = nil
		}
	}
	return value
}
