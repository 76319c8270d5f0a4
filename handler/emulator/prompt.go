package emulator

import "iter"

const textCompletion = "text_completion"

// prompt is what the deployments read of a request to continue texts.
type prompt struct {
	Model         string   `json:"model"`
	Prompt        texts    `json:"prompt"`
	Stop          stops    `json:"stop"`
	MaxTokens     *float64 `json:"max_tokens"`
	Stream        bool     `json:"stream"`
	StreamOptions struct {
		IncludeUsage bool `json:"include_usage"`
	} `json:"stream_options"`
}

func (p *prompt) name() string { return p.Model }

func (p *prompt) missing() string { return p.Prompt.missing() }

// answers has the deployment answer each prompt as if it were the message of a chat.
func (p *prompt) answers(d deployment) ([]answer, error) {
	answers := make([]answer, len(p.Prompt))
	for i, text := range p.Prompt {
		var err error
		asked := chat{Messages: []message{{"user", content(text)}}, Stop: p.Stop, MaxTokens: p.MaxTokens}
		if answers[i], err = d.reply(asked); err != nil {
			return nil, err
		}
	}
	return answers, nil
}

func (p *prompt) measure(answers []answer) usage {
	spoken := 0
	for _, a := range answers {
		spoken += countWords(a.content)
	}
	return newUsage(p.Prompt.words(), spoken)
}

// wholeText is the completion with one choice for each prompt.
func (f *family) wholeText(d deployment, answers []answer, u usage) completion {
	c := f.newCompletion(d, textCompletion)
	for i, a := range answers {
		c.Choices = append(c.Choices, f.finishing(a, f.textChoice(i, a.content)))
		if f.filters {
			c.PromptFilterResults = append(c.PromptFilterResults, object{"prompt_index": i, "content_filter_results": promptVerdicts(safe)})
		}
	}
	c.Usage = &u
	return c
}

func (f *family) textChoice(index int, text string) object {
	choice := object{"index": index, "text": text, "finish_reason": nil}
	if f.openAI {
		choice["logprobs"] = nil
	}
	return choice
}

// textChunks yields the completion piece by piece, one prompt after the other, each piece in the form of the
// whole. Usage stands where chunks has it: with the last finish_reason, or by itself.
func (f *family) textChunks(d deployment, answers []answer, u usage, usageAsked bool) iter.Seq[any] {
	return func(yield func(any) bool) {
		if f.filters && !yield(promptVerdict) {
			return
		}
		chunk := f.newCompletion(d, textCompletion)
		if f.openAI && usageAsked {
			chunk.Usage = (*usage)(nil)
		}
		for i, a := range answers {
			for word := range words(a.content) {
				chunk.Choices = []object{f.textChoice(i, word)}
				if !yield(chunk) {
					return
				}
			}
			chunk.Choices = []object{f.finishing(a, f.textChoice(i, ""))}
			if !f.openAI && i == len(answers)-1 {
				chunk.Usage = &u
			}
			if !yield(chunk) {
				return
			}
		}
		if usageAsked {
			chunk.Choices, chunk.Usage = []object{}, &u
			yield(chunk)
		}
	}
}
