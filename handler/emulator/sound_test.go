package emulator_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"inferenceconnector/handler/emulator"
)

const aloud = `,"modalities":["text","audio"]`

// heard checks a sound, as a whole or put together.
func heard(t testing.TB, sound map[string]any, transcript string) {
	t.Helper()
	equal(t, "transcript", sound["transcript"], any(transcript))
	wav, err := base64.StdEncoding.DecodeString(sound["data"].(string))
	if err != nil || !strings.HasPrefix(string(wav), "RIFF") || string(wav[8:12]) != "WAVE" {
		t.Errorf("got %q, %v, want a WAV file", wav, err)
	}
	if id, _ := sound["id"].(string); !strings.HasPrefix(id, "audio_") {
		t.Errorf("got id %q", id)
	}
	if expires, _ := sound["expires_at"].(float64); expires < float64(time.Now().Unix()) {
		t.Errorf("it expired at %v", expires)
	}
}

func TestAudio(t *testing.T) {
	e := serve(t, emulator.Config{EventDelay: -1})
	for _, family := range dialects() {
		reply := parse(t, readAll(t, e.ask(t, family, "audio", aloud)))
		message := at(t, reply, "choices", 0, "message")
		equal(t, family, at(t, message, "content"), nil)
		heard(t, at(t, message, "audio").(map[string]any), "one two  three\nfour")

		joined := map[string]any{"transcript": ""}
		for _, event := range events(t, readAll(t, e.ask(t, family, "audio", aloud+`,"stream":true`))) {
			if !strings.Contains(event, `"audio":{`) {
				continue
			}
			for name, value := range at(t, parse(t, event), "choices", 0, "delta", "audio").(map[string]any) {
				if name == "transcript" {
					value = joined[name].(string) + value.(string)
				}
				if was := joined[name]; name == "id" && was != nil {
					equal(t, "id", value, was)
				}
				joined[name] = value
			}
		}
		heard(t, joined, "one two  three\nfour")

		reply = parse(t, readAll(t, e.ask(t, family, "audio", `,"modalities":["text"]`)))
		equal(t, family+", unasked", at(t, reply, "choices", 0, "message", "audio"), nil)
		equal(t, family+", unasked", at(t, reply, "choices", 0, "message", "content"), any("one two  three\nfour"))
	}
}

func TestAudioIsNotForAll(t *testing.T) {
	e := serve(t, emulator.Config{})
	response := e.ask(t, "ai-services", "echo", aloud)
	equal(t, "status", response.StatusCode, 422)
	equal(t, "detail", at(t, parse(t, readAll(t, response)), "detail"), parse(t, `[{"loc":["body","modalities"],"input":["text","audio"]}]`))
	equal(t, "text only", e.ask(t, "ai-services", "echo", `,"modalities":["text"]`).StatusCode, 200)
	equal(t, "OpenAI", e.ask(t, "openai-compatible", "echo", aloud).StatusCode, 400)
}
