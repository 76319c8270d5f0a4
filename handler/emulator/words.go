package emulator

import (
	"iter"
	"strings"
	"unicode"
)

// words yields the words of a text, each with the space before it, so that
// joined again they are the text. To the emulator a word is a token.
func words(text string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for text != "" {
			word := strings.TrimLeftFunc(text, unicode.IsSpace)
			end := strings.IndexFunc(word, unicode.IsSpace)
			if end < 0 {
				yield(text)
				return
			}
			end += len(text) - len(word)
			if !yield(text[:end]) {
				return
			}
			text = text[end:]
		}
	}
}

func countWords(text string) int {
	count := 0
	for range words(text) {
		count++
	}
	return count
}

func firstWords(text string, count int) string {
	end := 0
	for word := range words(text) {
		if count <= 0 {
			break
		}
		count--
		end += len(word)
	}
	return text[:end]
}

func firstHalf(text string) string {
	return firstWords(text, (countWords(text)+1)/2)
}
