package emulator

import (
	"bytes"
	"encoding/json"
	"net/http"
)

func filtered(chat) (answer, error) {
	verdicts := violence()
	verdicts["jailbreak"] = object{"filtered": false, "detected": false}
	f := refuse(http.StatusBadRequest, "content_filter", "The emulator's deployment 'filtered' lets no prompt pass its content filter.")
	f.detail["type"] = nil
	f.detail["param"] = "prompt"
	f.detail["status"] = f.status
	f.detail["innererror"] = object{"code": "ResponsibleAIPolicyViolation", "content_filter_result": verdicts}
	return answer{}, f
}

// violence is the verdict of a content filter that found some.
func violence() object {
	safe := object{"filtered": false, "severity": "safe"}
	return object{"hate": safe, "self_harm": safe, "sexual": safe, "violence": object{"filtered": true, "severity": "medium"}}
}

func unsupported(c chat) (answer, error) {
	complaint := object{"type": "value_error", "loc": []any{"body", "messages", 0, "role"},
		"msg": "This role is not supported by the model", "input": c.Messages[0].Role}
	if name, value := firstOptional(c.body); name != "" {
		complaint = object{"type": "extra_forbidden", "loc": []any{"body", name},
			"msg": "This parameter is not supported by the model", "input": value}
	}
	f := refuse(http.StatusUnprocessableEntity, "Invalid input", "The emulator's deployment 'unsupported' does not support this input.")
	f.detail["status"] = f.status
	f.detail["details"] = []object{complaint}
	return answer{}, f
}

// firstOptional returns the first field of a JSON object that a chat could do
// without; an empty name if there is none.
func firstOptional(body []byte) (name string, value json.RawMessage) {
	fields := json.NewDecoder(bytes.NewReader(body))
	_, err := fields.Token()
	for err == nil && fields.More() {
		var key json.Token
		if key, err = fields.Token(); err == nil {
			err = fields.Decode(&value)
		}
		if err == nil && key != "messages" && key != "model" && string(value) != "null" {
			return key.(string), value
		}
	}
	return "", nil
}

func throttled(chat) (answer, error) {
	f := refuse(http.StatusTooManyRequests, "RateLimitReached",
		"The emulator's deployment 'throttled' is always over its limit. Please wait 7 seconds before retrying.")
	f.detail["details"] = f.detail["message"]
	f.header = map[string]string{"Retry-After": "7"}
	return answer{}, f
}

func unavailable(chat) (answer, error) {
	f := refuse(http.StatusServiceUnavailable, "Service Unavailable", "The emulator's deployment 'unavailable' is never there.")
	f.detail["status"] = f.status
	f.header = map[string]string{"Retry-After": "3"}
	return answer{}, f
}
