package emulator

import "time"

// silence is a WAV file of eight samples without a sound.
const silence = "UklGRiwAAABXQVZFZm10IBAAAAABAAEAQB8AAEAfAAABAAgAZGF0YQgAAACAgICAgICAgA=="

// A sound is an answer in audio.
type sound struct {
	ID         string `json:"id"`
	ExpiresAt  int64  `json:"expires_at"`
	Data       string `json:"data"`
	Transcript string `json:"transcript"`
}

func newSound() sound {
	return sound{ID: "audio_" + newID(), ExpiresAt: time.Now().Add(time.Hour).Unix(), Data: silence}
}

func (s sound) saying(text string) sound {
	s.Transcript = text
	return s
}

// piece is one member of the sound in a delta, where all pieces have its id.
func (s sound) piece(name string, value any) object {
	return object{"audio": object{"id": s.ID, name: value}}
}
