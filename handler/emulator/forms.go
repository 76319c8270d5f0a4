package emulator

import (
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// The functions of this file are the shapes of errors that were recorded from real endpoints.

// How long those wait who heed a refusal, in seconds.
const (
	limitWait  = "7"
	outageWait = "3"
)

// coded is the shape of the specification.
func coded(status int, code, message string) refusal {
	return refusal{status: status, body: object{"error": object{"code": code, "message": message}}}
}

// explained says the message again in details.
func explained(status int, code, message string) refusal {
	return refusal{status: status, body: object{"error": object{"code": code, "message": message, "details": message}}}
}

// numbered is what the server of managed compute adds: the status.
func numbered(status int, code, message string) refusal {
	return refusal{status: status, body: object{"error": object{"code": code, "message": message, "status": status}}}
}

// flat is the shape of the reference pages.
func flat(status int, title, message string) refusal {
	return refusal{status: status, body: object{"error": title, "message": message, "status": status}}
}

func detailed(status int, detail any) refusal {
	return refusal{status: status, body: object{"detail": detail}}
}

// notSupported is the 422 of the reference pages, around one detail or a list of them.
func notSupported(detail any) refusal {
	return refusal{status: http.StatusUnprocessableEntity, body: object{
		"status": http.StatusUnprocessableEntity, "code": "parameter_not_supported", "detail": detail,
		"message": "One of the parameters contain invalid values.",
	}}
}

// typed is the shape of OpenAI. An empty param or code is null.
func typed(status int, kind, param, code, message string) refusal {
	return refusal{status: status, body: object{"error": object{
		"message": message, "type": kind, "param": orNull(param), "code": orNull(code),
	}}}
}

func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}

// filtered is what several families say of a content filter, each with more of its own.
func filtered(more object) refusal {
	detail := object{
		"message": "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. " +
			"Please modify your prompt and retry.",
		"type": nil, "param": "prompt", "code": "content_filter", "status": http.StatusBadRequest,
	}
	maps.Copy(detail, more)
	return refusal{status: http.StatusBadRequest, body: object{"error": detail}}
}

// entry is how a model's own server says what it does not support.
func (p *problem) entry() object {
	loc := make([]any, len(p.loc))
	for i, step := range p.loc {
		loc[i] = step
		if n, err := strconv.Atoi(step); err == nil {
			loc[i] = n
		}
	}
	if p.reason == messageUnsupported {
		return object{"type": "value_error", "loc": loc, "msg": "This role is not supported by the model", "input": p.value}
	}
	return object{"type": "extra_forbidden", "loc": loc, "msg": "Extra inputs are not permitted", "input": p.value}
}

// inText is a body as the text of another one's message.
func (r refusal) inText() string {
	text, _ := json.Marshal(r.body) // of values that were parsed from JSON
	return string(text)
}

var (
	safe    = verdicts(object{"filtered": false, "severity": "safe"})
	violent = verdicts(object{"filtered": true, "severity": "medium"})
)

// verdicts are those of a content filter which found everything safe, or some violence.
func verdicts(violence object) object {
	all := object{"violence": violence}
	for _, kind := range []string{"hate", "self_harm", "sexual"} {
		all[kind] = object{"filtered": false, "severity": "safe"}
	}
	return all
}

// promptVerdicts are those on a prompt, which may be an attack as well.
func promptVerdicts(of object) object {
	all := object{"jailbreak": object{"filtered": false, "detected": false}}
	maps.Copy(all, of)
	return all
}
