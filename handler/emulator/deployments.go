package emulator

import (
	"math"
	"slices"
	"time"
)

// A deployment is a name that decides how a call ends.
type deployment struct {
	name, description string
	kind              string      // model_type of its model; empty: chat-completion
	serves            []*modality // what its model can do
	refuse            func(*modality, []byte) error
	reply             func(chat) (answer, error) // to a chat, or to a prompt as the only message of one
	speaks            bool                       // it replies in audio, too
	silence           time.Duration              // before the first byte
	pause             time.Duration              // between two events; 0: as configured
	cutAfter          int                        // events, after which the connection breaks; 0: never
}

const forever = time.Duration(math.MaxInt64)

var deployments = []deployment{
	{name: "echo", serves: write, reply: echo,
		description: "Repeats the last user message, or the prompt."},
	{name: "tools", serves: talk, reply: callTool,
		description: "Calls the forced tool, or else the first one, with sample arguments, and quotes the tool's result afterwards."},
	{name: "json", serves: talk, reply: writeJSONText,
		description: "Answers in JSON: a sample of the given schema, or else the last user message in an object."},
	{name: "reasoning", serves: talk, reply: think,
		description: "Thinks first, in reasoning_content or a think element, then repeats the last user message."},
	{name: "audio", serves: talk, reply: speak, speaks: true,
		description: "Repeats the last user message, as the transcript of a silent sound where modalities ask for audio."},
	{name: "embeddings", serves: embed, kind: "embeddings",
		description: "Makes vectors of length 1 out of texts and images: equal ones of what is equal. They have 64 dimensions, or as many as asked for, up to 3072."},
	{name: "slow", serves: anything, reply: echo, silence: 2 * time.Second, pause: 500 * time.Millisecond,
		description: "Repeats the last user message, or makes vectors, after two seconds and half a second per event."},
	{name: "truncated", serves: write, reply: truncated,
		description: "Repeats half of the last user message and ends with finish_reason length."},
	{name: "censored", serves: write, reply: censored,
		description: "Repeats half of the last user message and ends with finish_reason content_filter."},
	{name: "filtered", serves: anything, refuse: refusing(promptFiltered),
		description: "Refuses the prompt with 400, as a content filter does."},
	{name: "unsupported", serves: anything, refuse: unsupported,
		description: "Refuses the first optional parameter, or else what is asked, with 422, or 400 where OpenAI is spoken."},
	{name: "throttled", serves: anything, refuse: refusing(overLimit),
		description: "Refuses with 429, for 7 seconds."},
	{name: "unavailable", serves: anything, refuse: refusing(outOfService),
		description: "Refuses with 503, for 3 seconds."},
	{name: "hangs", serves: anything, reply: echo, silence: forever,
		description: "Accepts the call and never answers."},
	{name: "breaks", serves: anything, reply: interrupted, cutAfter: 3,
		description: "Cuts the connection after half of the body, or after three events of a stream."},
}

// admit returns why the deployment does not answer, nil when it does.
func (d deployment) admit(m *modality, body []byte) error {
	switch {
	case !slices.Contains(d.serves, m):
		return &problem{reason: notOfModel, about: d.name, asked: m}
	case d.refuse != nil:
		return d.refuse(m, body)
	}
	return nil
}

// A Behaviour is a deployment for people: its name and what it does.
type Behaviour struct{ Name, Description string }

// Behaviours returns the deployments in the order of Deployments.
func Behaviours() []Behaviour {
	list := make([]Behaviour, len(deployments))
	for i, d := range deployments {
		list[i] = Behaviour{d.name, d.description}
	}
	return list
}

// Deployments returns the names of the deployments, in a fixed order, "echo" first.
func Deployments() []string {
	names := make([]string, len(deployments))
	for i, d := range deployments {
		names[i] = d.name
	}
	return names
}
