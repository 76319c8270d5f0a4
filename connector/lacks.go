package connector

import (
	"slices"
	"strconv"
	"strings"

	"inferenceconnector/schema"
)

// Capabilities are what a deployment can be declared to lack: parameters, single values of them, and kinds
// of content part.
var Capabilities = []string{
	"tools", "tool_choice", "response_format.json_object", "response_format.json_schema",
	"image_url", "audio_url", "input_audio", "modalities", "seed", "stop", "stream",
	"temperature", "top_p", "frequency_penalty", "presence_penalty", "max_tokens",
	"dimensions", "encoding_format", "input_type",
}

// sampling are the capabilities that a reasoning model lacks.
var sampling = []string{"temperature", "top_p", "frequency_penalty", "presence_penalty"}

var partTypes = []string{"image_url", "audio_url", "input_audio"}

// lacking returns the capabilities that the deployment does not have.
func (d *Deployment) lacking() []string {
	if d.Reasoning {
		return slices.Concat(sampling, d.Lacks)
	}
	return d.Lacks
}

// otherNames are those under which OpenAI's clients ask for the same.
var otherNames = map[string]string{"max_tokens": maxCompletionTokens, "tools": "functions", "tool_choice": "function_call"}

// checkCapabilities refuses what the deployment lacks, and takes out what says no more than the default:
// designers send all of those.
func checkCapabilities(lacking []string, action *schema.Action, body *schema.Document) error {
	var found []schema.Violation
	for i, name := range lacking {
		if slices.Contains(lacking[:i], name) { // reasoning says it already
			continue
		}
		parameter, value, _ := strings.Cut(name, ".")
		given, _ := body.Value(parameter)
		if other := otherNames[name]; other != "" && given == nil {
			parameter = other
			given, _ = body.Value(parameter)
		}
		switch {
		case slices.Contains(partTypes, name):
			found = append(found, partsOf(name, body)...)
		case given == nil:
		case value == "" && isDefault(action, parameter, given):
			body.Remove(parameter)
		case value == "":
			found = append(found, lack(given, parameter))
		default:
			object, _ := given.(map[string]any)
			if object["type"] == value {
				found = append(found, lack(value, parameter, "type"))
			}
		}
	}
	if found == nil {
		return nil
	}
	return invalid(ParameterNotSupported, found[:min(len(found), maxDetails)])
}

func lack(input any, path ...string) schema.Violation {
	return schema.Violation{
		Path: path, Keyword: string(ParameterNotSupported), Input: input,
		Rule: "is not supported by this model; leave it out, or choose another model",
	}
}

// partsOf finds the content parts of a kind.
func partsOf(kind string, body *schema.Document) (found []schema.Violation) {
	given, _ := body.Value(messages)
	list, _ := given.([]any)
	for i, entry := range list {
		message, _ := entry.(map[string]any)
		parts, _ := message["content"].([]any)
		for j, entry := range parts {
			if part, _ := entry.(map[string]any); part["type"] == kind {
				found = append(found, lack(kind, messages, strconv.Itoa(i), "content", strconv.Itoa(j), "type"))
				if len(found) == maxDetails {
					return found
				}
			}
		}
	}
	return found
}

// isDefault reports whether a value is what its absence means.
func isDefault(action *schema.Action, name string, value any) bool {
	p := action.Parameter(schema.Body, name)
	return p != nil && p.Default != "" && (sameNumber(value, p.Default) || value == false && p.Default == "false" || value == schema.Unquote(p.Default))
}
