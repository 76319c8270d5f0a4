package emulator

import (
	"iter"
	"strings"
)

// promptVerdict is what OpenAI models on Azure say first.
var promptVerdict = object{"choices": []object{}, "created": 0, "id": "", "model": "", "object": "",
	"prompt_filter_results": []object{{"prompt_index": 0, "content_filter_results": object{}}}}

// chunks yields the completion piece by piece. Usage stands on the chunk that has
// the finish_reason, where the Model Inference API's clients look for it; OpenAI
// has it in a chunk of its own, for those who ask.
func (f *family) chunks(d deployment, a answer, u usage, usageAsked bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		if f.filters && !yield(promptVerdict) {
			return
		}
		chunk := f.newCompletion(d, "chat.completion.chunk")
		if f.openAI && usageAsked {
			chunk.Usage = (*usage)(nil)
		}
		for delta := range f.deltas(a) {
			chunk.Choices = []object{{"index": 0, "delta": delta, "finish_reason": nil, "logprobs": nil}}
			if !yield(chunk) {
				return
			}
		}
		chunk.Choices = []object{f.finishing(a, object{"index": 0, "delta": f.lastDelta(a), "logprobs": nil})}
		if !f.openAI {
			chunk.Usage = &u
		}
		if yield(chunk) && usageAsked {
			chunk.Choices, chunk.Usage = []object{}, &u
			yield(chunk)
		}
	}
}

func (f *family) deltas(a answer) iter.Seq[object] {
	return func(yield func(object) bool) {
		if !yield(object{"role": "assistant", "content": ""}) {
			return
		}
		for word := range words(a.reasoning) {
			if !yield(object{"reasoning_content": word}) {
				return
			}
		}
		for delta := range a.saying() {
			if !yield(delta) {
				return
			}
		}
		if a.call == nil || f.wholeCalls {
			return
		}
		for delta := range a.call.deltas() {
			if !yield(object{"tool_calls": []object{delta}}) {
				return
			}
		}
	}
}

// saying yields the words, and their sound behind them.
func (a answer) saying() iter.Seq[object] {
	return func(yield func(object) bool) {
		sound := newSound()
		for word := range words(a.content) {
			delta := object{"content": word}
			if a.spoken {
				delta = sound.piece("transcript", word)
			}
			if !yield(delta) {
				return
			}
		}
		if a.spoken && yield(sound.piece("data", sound.Data)) {
			yield(sound.piece("expires_at", sound.ExpiresAt))
		}
	}
}

// lastDelta has the whole call where it is not told in fragments, as Mistral's models do it.
func (f *family) lastDelta(a answer) object {
	if a.call == nil || !f.wholeCalls {
		return object{}
	}
	call := a.call.head(a.call.arguments)
	delete(call, "type")
	return object{"content": nil, "tool_calls": []object{call}}
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
