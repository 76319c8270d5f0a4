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
	expression   = regexp.MustCompile(`^(\w+)\((?:'([^']*)')?\)((?:\?\[(?:'[\w-]+'|\d+)\])*)$`)
	member       = regexp.MustCompile(`'([\w-]+)'|\d+`)
	literal      = regexp.MustCompile(`^'([^']*)'$`)
	coalesce     = regexp.MustCompile(`^coalesce\((.*)\)$`)
)

// evaluate is the value of an expression: a function, and members that need not be there.
func (r run) evaluate(text string) (value any) {
	r.t.Helper()
	if quoted := literal.FindStringSubmatch(text); quoted != nil {
		return quoted[1]
	}
	if arguments := coalesce.FindStringSubmatch(text); arguments != nil {
		for argument := range strings.SplitSeq(arguments[1], ",") {
			if value = r.evaluate(argument); value != nil {
				return value
			}
		}
		return nil
	}
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
	case "outputs", "body":
		_, there = r.file.Definition.Actions[argument]
		if outputs := r.outputs[argument]; outputs != nil && function == "body" {
			value = outputs["body"]
		} else if outputs != nil {
			value = outputs
		}
	default:
		there = false
	}
	if !there {
		r.t.Fatalf("nothing is known of %q", text)
	}
	for _, step := range member.FindAllStringSubmatch(parts[3], -1) {
		switch in := value.(type) {
		case nil:
		case map[string]any:
			value = in[step[1]]
		case []any:
			if i, err := strconv.Atoi(step[0]); err == nil && i < len(in) {
				value = in[i]
			}
		default: // a question mark helps where nothing is, not where something else is
			*r.fault = "no member can be selected of what is no object: " + text
			return nil
		}
	}
	return value
}
