package emulator

import (
	"iter"
	"strings"
)

// chunks yields the completion piece by piece. Usage stands on the chunk that
// has the finish_reason, where this API's clients look for it, and is said again
// in OpenAI's way to those who ask.
func (c completion) chunks(a answer, u usage, usageAgain bool) iter.Seq[completion] {
	return func(yield func(completion) bool) {
		chunk := c
		for delta := range a.deltas() {
			chunk.Choices = []object{{"index": 0, "delta": delta, "finish_reason": nil, "logprobs": nil}}
			if !yield(chunk) {
				return
			}
		}
		chunk.Choices = []object{a.finishing(object{"index": 0, "delta": object{}, "logprobs": nil})}
		chunk.Usage = &u
		if yield(chunk) && usageAgain {
			chunk.Choices = []object{}
			yield(chunk)
		}
	}
}

func (a answer) deltas() iter.Seq[object] {
	return func(yield func(object) bool) {
		if !yield(object{"role": "assistant", "content": ""}) {
			return
		}
		for _, part := range []struct{ field, text string }{
			{"reasoning_content", a.reasoning},
			{"content", a.content},
		} {
			for word := range words(part.text) {
				if !yield(object{part.field: word}) {
					return
				}
			}
		}
		if a.call == nil {
			return
		}
		for delta := range a.call.deltas() {
			if !yield(object{"tool_calls": []object{delta}}) {
				return
			}
		}
	}
}

// deltas names the call first and then spells its arguments, as OpenAI models do.
func (t toolCall) deltas() iter.Seq[object] {
	return func(yield func(object) bool) {
		head := t.head("")
		head["index"] = 0
		if !yield(head) {
			return
		}
		for fragment := range strings.SplitAfterSeq(t.arguments, ":") {
			if !yield(object{"index": 0, "function": object{"arguments": fragment}}) {
				return
			}
		}
	}
}
