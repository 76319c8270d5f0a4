package emulator

import (
	"encoding/json"
	"errors"
	"strings"
)

// texts are one text or several. Lists of tokens are texts, too: to the emulator a token is a word.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	var one string
	var tokens []json.Number
	var lists [][]json.Number
	switch {
	case string(data) == "null":
	case json.Unmarshal(data, &one) == nil:
		*t = texts{one}
	case json.Unmarshal(data, (*[]string)(t)) == nil:
	case json.Unmarshal(data, &tokens) == nil:
		*t = texts{spell(tokens)}
	case json.Unmarshal(data, &lists) == nil:
		*t = nil
		for _, list := range lists {
			*t = append(*t, spell(list))
		}
	default:
		return errors.New("'input' and 'prompt' must be a string, an array of strings, an array of tokens, or an array of such arrays")
	}
	return nil
}

func spell(tokens []json.Number) string {
	words := make([]string, len(tokens))
	for i, token := range tokens {
		words[i] = token.String()
	}
	return strings.Join(words, " ")
}

func (t texts) missing() string {
	if len(t) == 0 {
		return "text"
	}
	return ""
}

func (t texts) words() int {
	count := 0
	for _, text := range t {
		count += countWords(text)
	}
	return count
}

// pictures are images, each with its text as one word more or several.
type pictures []string

func (p *pictures) UnmarshalJSON(data []byte) error {
	var inputs []struct {
		Image string `json:"image"`
		Text  string `json:"text"`
	}
	if json.Unmarshal(data, &inputs) != nil {
		return errors.New("'input' must be an array of objects, each with an image")
	}
	for _, input := range inputs {
		if input.Image == "" {
			return errors.New("'input' must be an array of objects, each with an image")
		}
		*p = append(*p, strings.TrimSpace(input.Image+" "+input.Text))
	}
	return nil
}
