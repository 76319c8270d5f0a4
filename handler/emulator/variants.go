package emulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// The types of this file are parts of a request that come in more than one form.

// content is a message's text. Of images and audio it keeps only how many there are.
type content string

func (c *content) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, (*string)(c)) == nil {
		return nil
	}
	var parts []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	}
	if json.Unmarshal(data, &parts) != nil {
		return errors.New("'content' must be a string or an array of content parts")
	}
	var texts []string
	images, clips := 0, 0
	for _, part := range parts {
		switch part.Type {
		case "text":
			texts = append(texts, part.Text)
		case "image_url":
			images++
		case "audio_url", "input_audio":
			clips++
		}
	}
	texts = append(texts, mention(images, "image")...)
	texts = append(texts, mention(clips, "audio clip")...)
	*c = content(strings.Join(texts, " "))
	return nil
}

func mention(count int, thing string) []string {
	switch count {
	case 0:
		return nil
	case 1:
		return []string{"[1 " + thing + "]"}
	}
	return []string{fmt.Sprintf("[%d %ss]", count, thing)}
}

// stops is one string or several.
type stops []string

func (s *stops) UnmarshalJSON(data []byte) error {
	var one string
	if json.Unmarshal(data, &one) == nil {
		*s = stops{one}
		return nil
	}
	if json.Unmarshal(data, (*[]string)(s)) != nil {
		return errors.New("'stop' must be a string or an array of strings")
	}
	return nil
}

// toolChoice is a mode, or the name of the one function to call.
type toolChoice struct {
	mode, function string
}

func (t *toolChoice) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &t.mode) == nil {
		return nil
	}
	var named struct {
		Function struct {
			Name string `json:"name"`
		} `json:"function"`
	}
	if json.Unmarshal(data, &named) != nil || named.Function.Name == "" {
		return errors.New("'tool_choice' must be a mode or name a function")
	}
	t.function = named.Function.Name
	return nil
}
