package main_test

import (
	"strings"
	"testing"
)

// What a payload points to is data: it is sent on, and nobody looks there (S5).
func TestPayloadsAreNotFollowed(t *testing.T) {
	e := newFaultyEndpoint(t)
	r := program{buildHandler(t)}.start(t, []string{"AZUREAI_ENDPOINT_URL=http://" + e.address + "/models"})
	body := strings.ReplaceAll(`{"model":"good","messages":[{"role":"user","content":[
		{"type":"image_url","image_url":{"url":"ELSEWHERE/cat.png"}},{"type":"audio_url","audio_url":{"url":"ELSEWHERE/cat.wav"}}]}],
		"tools":[{"type":"function","function":{"name":"f","parameters":{"$schema":"ELSEWHERE/meta","$id":"ELSEWHERE/id","$ref":"ELSEWHERE/schema"}}}],
		"response_format":{"type":"json_schema","json_schema":{"name":"s","schema":{"type":"object","properties":{"a":{"$ref":"ELSEWHERE/schema"}}}}}}`,
		"ELSEWHERE", e.elsewhereURL)
	answer := r.post(t, programChat, body)
	same(t, "answer", readBody(t, answer), usualCompletion)
	same(t, "requests", e.requests["good JSON"].Load(), 1)
	same(t, "connections elsewhere", e.elsewhere.Load(), 0)
}
